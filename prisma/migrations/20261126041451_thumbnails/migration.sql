-- AlterTable
ALTER TABLE "Blob" ADD COLUMN     "thumbnail" BYTEA;

-- AlterTable
ALTER TABLE "ServiceRequest" ADD COLUMN     "citizenLanguage" TEXT NOT NULL DEFAULT '';

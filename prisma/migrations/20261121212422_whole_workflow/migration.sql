-- AlterTable
ALTER TABLE "ServiceRequest" ADD COLUMN     "citizenOrganisation" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "citizenPhone" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "citizenPostalAddress" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "details" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "draft" JSONB,
ADD COLUMN     "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "pendingAddress" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "pieces" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "relatedReference" TEXT,
ADD COLUMN     "reopenedCount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "sharedWith" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "waitReason" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "waitUntil" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Blob" ADD COLUMN     "scan" TEXT NOT NULL DEFAULT 'off',
ADD COLUMN     "scannedAt" TIMESTAMPTZ(3),
ADD COLUMN     "threat" TEXT;

-- AlterTable
ALTER TABLE "Message" ADD COLUMN     "eventId" UUID;

-- CreateTable
CREATE TABLE "StepUpCode" (
    "id" UUID NOT NULL,
    "linkId" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "lockedUntil" TIMESTAMPTZ(3),
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "StepUpCode_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "StepUpCode_linkId_action_createdAt_idx" ON "StepUpCode"("linkId", "action", "createdAt");

-- CreateIndex
CREATE INDEX "ServiceRequest_waitUntil_idx" ON "ServiceRequest"("waitUntil");

-- CreateIndex
CREATE INDEX "Blob_scan_idx" ON "Blob"("scan");

-- AddForeignKey
ALTER TABLE "StepUpCode" ADD CONSTRAINT "StepUpCode_linkId_fkey" FOREIGN KEY ("linkId") REFERENCES "ActionLink"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

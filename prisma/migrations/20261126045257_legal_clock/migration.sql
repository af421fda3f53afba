-- AlterTable
ALTER TABLE "ServiceRequest" ADD COLUMN     "alarmAt" TIMESTAMPTZ(3),
ADD COLUMN     "alarmedAt" TIMESTAMPTZ(3),
ADD COLUMN     "clockSince" TIMESTAMPTZ(3),
ADD COLUMN     "silenceOn" TEXT,
ADD COLUMN     "suspensions" JSONB NOT NULL DEFAULT '[]';

-- CreateIndex
CREATE INDEX "ServiceRequest_alarmAt_idx" ON "ServiceRequest"("alarmAt");

-- CreateIndex
CREATE INDEX "ServiceRequest_silenceOn_idx" ON "ServiceRequest"("silenceOn");

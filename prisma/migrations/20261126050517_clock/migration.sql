-- AlterTable
ALTER TABLE "ServiceRequest" ADD COLUMN     "lapsesAt" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "ServiceRequest_dueAt_idx" ON "ServiceRequest"("dueAt");

-- CreateIndex
CREATE INDEX "ServiceRequest_receivedAt_idx" ON "ServiceRequest"("receivedAt");

-- CreateIndex
CREATE INDEX "ServiceRequest_closedAt_idx" ON "ServiceRequest"("closedAt");

-- By hand: Prisma knows no partial index. What was opened again in a month.
CREATE INDEX "Event_reopened_idx" ON "Event" ("at") WHERE "action" = 'reopen';

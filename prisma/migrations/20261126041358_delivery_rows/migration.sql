-- AlterTable
ALTER TABLE "OutboundEmail" ADD COLUMN     "bouncedAt" TIMESTAMPTZ(3),
ADD COLUMN     "cause" TEXT,
ADD COLUMN     "deferrals" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "deferredAt" TIMESTAMPTZ(3),
ADD COLUMN     "delayedAt" TIMESTAMPTZ(3),
ADD COLUMN     "jobId" UUID,
ADD COLUMN     "triedAt" TIMESTAMPTZ(3),
ADD COLUMN     "tryAfter" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "OutgoingPause" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "endedAt" TIMESTAMPTZ(3),
    "endedBy" TEXT,

    CONSTRAINT "OutgoingPause_pkey" PRIMARY KEY ("id")
);

-- By hand: Prisma knows no partial index. What waits for the releaser, oldest first; what was tried lately, for the rate.
CREATE INDEX "OutboundEmail_waiting_idx" ON "OutboundEmail" ("id") WHERE "state" = 'queued' AND "jobId" IS NULL;
CREATE INDEX "OutboundEmail_triedAt_idx" ON "OutboundEmail" ("triedAt") WHERE "triedAt" IS NOT NULL;

-- One pause at a time.
CREATE UNIQUE INDEX "OutgoingPause_open_idx" ON "OutgoingPause" ((true)) WHERE "endedAt" IS NULL;

-- Mails of before: whatever jobs they have are named by no row and do nothing; the releaser gives each a new one.
UPDATE "OutboundEmail" SET "state" = 'queued', "tryAfter" = "sendAfter" WHERE "state" IN ('queued', 'sending');

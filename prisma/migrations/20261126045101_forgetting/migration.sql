-- AlterTable
ALTER TABLE "ServiceRequest" ADD COLUMN     "anonymisedAt" TIMESTAMPTZ(3),
ADD COLUMN     "deletionNoticeAt" TIMESTAMPTZ(3),
ADD COLUMN     "eliminationId" INTEGER,
ADD COLUMN     "forgetOn" DATE,
ADD COLUMN     "frozenAt" TIMESTAMPTZ(3),
ADD COLUMN     "frozenReason" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "Elimination" (
    "id" SERIAL NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "sealedAt" TIMESTAMPTZ(3),
    "visa" TEXT,
    "visedAt" TIMESTAMPTZ(3),
    "visedBy" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "Elimination_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MailboxErasure" (
    "id" UUID NOT NULL,
    "mailbox" TEXT NOT NULL,
    "messageId" TEXT,
    "rawSha256" TEXT,
    "size" INTEGER,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "doneAt" TIMESTAMPTZ(3),
    "deleted" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "MailboxErasure_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "MailboxErasure_doneAt_createdAt_idx" ON "MailboxErasure"("doneAt", "createdAt");

-- CreateIndex
CREATE INDEX "MailboxErasure_rawSha256_idx" ON "MailboxErasure"("rawSha256");

-- CreateIndex
CREATE INDEX "ServiceRequest_forgetOn_idx" ON "ServiceRequest"("forgetOn");

-- CreateIndex
CREATE INDEX "ServiceRequest_eliminationId_idx" ON "ServiceRequest"("eliminationId");

-- AddForeignKey
ALTER TABLE "ServiceRequest" ADD CONSTRAINT "ServiceRequest_eliminationId_fkey" FOREIGN KEY ("eliminationId") REFERENCES "Elimination"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- The history stays append-only, but for one thing: the transaction that forgets a request names it in this setting, and may
-- then empty its events of what was said and of who asked. What was done, when, by which agent and with what result stays.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_staff BOOLEAN;
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('guichet.forgetting', true) = OLD."requestId"::text THEN
    is_staff := OLD."actorRole" IN ('desk', 'department', 'supervisor', 'system');
    IF NEW."comment" = ''
      AND NEW."details" - 'milestone' = '{}'::jsonb AND NEW."details" <@ OLD."details"
      AND NEW."actorName" = (CASE WHEN is_staff THEN OLD."actorName" ELSE '' END)
      AND NEW."actorAddress" = (CASE WHEN is_staff THEN OLD."actorAddress" ELSE '' END)
      AND (to_jsonb(NEW) - '{comment,details,actorName,actorAddress}'::text[])
        = (to_jsonb(OLD) - '{comment,details,actorName,actorAddress}'::text[])
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the history is append-only: % on "%" refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- What is forgotten stays so, whatever a later version writes.
ALTER TABLE "ServiceRequest" ADD CONSTRAINT "forgotten_holds_nobody" CHECK ("anonymisedAt" IS NULL OR (
  "status" = 'closed' AND "citizenName" = '' AND "citizenAddress" = '' AND "citizenPhone" = '' AND "citizenPostalAddress" = ''
  AND "citizenOrganisation" = '' AND "pendingAddress" = '' AND "subject" = '' AND "details" = '{}'::jsonb
  AND "pieces" = '[]'::jsonb AND "draft" IS NULL AND "waitReason" = '' AND "frozenReason" = ''));

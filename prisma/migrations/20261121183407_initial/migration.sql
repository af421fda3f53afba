-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Status" AS ENUM ('new', 'in_progress', 'awaiting_citizen', 'on_hold', 'closed');

-- CreateTable
CREATE TABLE "ServiceRequest" (
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "status" "Status" NOT NULL,
    "outcome" TEXT,
    "holder" TEXT NOT NULL,
    "holdingNo" INTEGER NOT NULL DEFAULT 1,
    "assignee" TEXT,
    "citizenName" TEXT NOT NULL,
    "citizenAddress" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "category" TEXT,
    "origin" TEXT NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,
    "statusSince" TIMESTAMPTZ(3) NOT NULL,
    "dueAt" TIMESTAMPTZ(3),
    "remindAt" TIMESTAMPTZ(3),
    "remindedCount" INTEGER NOT NULL DEFAULT 0,
    "remindedAt" TIMESTAMPTZ(3),
    "reroutedCount" INTEGER NOT NULL DEFAULT 0,
    "undeliverable" BOOLEAN NOT NULL DEFAULT false,
    "closedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ServiceRequest_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ReferenceCounter" (
    "year" INTEGER NOT NULL,
    "last" INTEGER NOT NULL,

    CONSTRAINT "ReferenceCounter_pkey" PRIMARY KEY ("year")
);

-- CreateTable
CREATE TABLE "Message" (
    "id" UUID NOT NULL,
    "requestId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "authorRole" TEXT NOT NULL,
    "authorName" TEXT NOT NULL,
    "authorAddress" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "elided" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(3) NOT NULL,
    "inboundEmailId" UUID,

    CONSTRAINT "Message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Attachment" (
    "id" UUID NOT NULL,
    "messageId" UUID NOT NULL,
    "blobSha256" TEXT NOT NULL,
    "fileName" TEXT NOT NULL,
    "contentType" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "inline" BOOLEAN NOT NULL DEFAULT false,
    "position" INTEGER NOT NULL,

    CONSTRAINT "Attachment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Blob" (
    "sha256" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "Blob_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "Event" (
    "id" UUID NOT NULL,
    "requestId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "action" TEXT NOT NULL,
    "actorRole" TEXT NOT NULL,
    "actorDepartment" TEXT,
    "actorName" TEXT NOT NULL,
    "actorAddress" TEXT NOT NULL,
    "statusBefore" "Status",
    "statusAfter" "Status" NOT NULL,
    "holderBefore" TEXT,
    "holderAfter" TEXT NOT NULL,
    "outcome" TEXT,
    "comment" TEXT NOT NULL DEFAULT '',
    "details" JSONB NOT NULL DEFAULT '{}',
    "cause" TEXT NOT NULL,

    CONSTRAINT "Event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "InboundEmail" (
    "id" UUID NOT NULL,
    "arrivalNo" BIGSERIAL NOT NULL,
    "mailbox" TEXT NOT NULL,
    "rawSha256" TEXT NOT NULL,
    "raw" BYTEA NOT NULL,
    "size" INTEGER NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'stored',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "retryAt" TIMESTAMPTZ(3),
    "verdict" TEXT,
    "reasons" JSONB NOT NULL DEFAULT '[]',
    "error" TEXT,
    "held" JSONB,
    "ruling" JSONB,
    "fromAddress" TEXT NOT NULL DEFAULT '',
    "subject" TEXT NOT NULL DEFAULT '',
    "messageId" TEXT,
    "messageIdSha" TEXT,
    "contentSha" TEXT,
    "requestId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settledAt" TIMESTAMPTZ(3),

    CONSTRAINT "InboundEmail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OutboundEmail" (
    "id" UUID NOT NULL,
    "requestId" UUID,
    "kind" TEXT NOT NULL,
    "toRole" TEXT NOT NULL,
    "toName" TEXT NOT NULL,
    "toAddress" TEXT NOT NULL,
    "facts" JSONB NOT NULL DEFAULT '{}',
    "messageRef" UUID,
    "messageId" TEXT NOT NULL,
    "eventId" UUID,
    "sendAfter" TIMESTAMPTZ(3),
    "dedupeKey" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastError" TEXT,
    "response" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "sentAt" TIMESTAMPTZ(3),

    CONSTRAINT "OutboundEmail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ActionLink" (
    "id" UUID NOT NULL,
    "requestId" UUID NOT NULL,
    "outboundEmailId" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "department" TEXT,
    "name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "holdingNo" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ActionLink_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "JobRun" (
    "id" UUID NOT NULL,
    "job" TEXT NOT NULL,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "finishedAt" TIMESTAMPTZ(3),
    "outcome" JSONB,

    CONSTRAINT "JobRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Lease" (
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Lease_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE UNIQUE INDEX "ServiceRequest_reference_key" ON "ServiceRequest"("reference");

-- CreateIndex
CREATE INDEX "ServiceRequest_status_holder_receivedAt_idx" ON "ServiceRequest"("status", "holder", "receivedAt");

-- CreateIndex
CREATE INDEX "ServiceRequest_remindAt_idx" ON "ServiceRequest"("remindAt");

-- CreateIndex
CREATE INDEX "ServiceRequest_citizenAddress_idx" ON "ServiceRequest"("citizenAddress");

-- CreateIndex
CREATE INDEX "Message_requestId_at_idx" ON "Message"("requestId", "at");

-- CreateIndex
CREATE INDEX "Message_inboundEmailId_idx" ON "Message"("inboundEmailId");

-- CreateIndex
CREATE INDEX "Attachment_messageId_idx" ON "Attachment"("messageId");

-- CreateIndex
CREATE INDEX "Attachment_blobSha256_idx" ON "Attachment"("blobSha256");

-- CreateIndex
CREATE UNIQUE INDEX "Event_cause_key" ON "Event"("cause");

-- CreateIndex
CREATE INDEX "Event_requestId_at_idx" ON "Event"("requestId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "InboundEmail_arrivalNo_key" ON "InboundEmail"("arrivalNo");

-- CreateIndex
CREATE UNIQUE INDEX "InboundEmail_rawSha256_key" ON "InboundEmail"("rawSha256");

-- CreateIndex
CREATE INDEX "InboundEmail_state_arrivalNo_idx" ON "InboundEmail"("state", "arrivalNo");

-- CreateIndex
CREATE INDEX "InboundEmail_messageIdSha_idx" ON "InboundEmail"("messageIdSha");

-- CreateIndex
CREATE INDEX "InboundEmail_contentSha_idx" ON "InboundEmail"("contentSha");

-- CreateIndex
CREATE INDEX "InboundEmail_requestId_idx" ON "InboundEmail"("requestId");

-- CreateIndex
CREATE UNIQUE INDEX "OutboundEmail_messageId_key" ON "OutboundEmail"("messageId");

-- CreateIndex
CREATE UNIQUE INDEX "OutboundEmail_dedupeKey_key" ON "OutboundEmail"("dedupeKey");

-- CreateIndex
CREATE INDEX "OutboundEmail_requestId_createdAt_idx" ON "OutboundEmail"("requestId", "createdAt");

-- CreateIndex
CREATE INDEX "OutboundEmail_eventId_idx" ON "OutboundEmail"("eventId");

-- CreateIndex
CREATE INDEX "OutboundEmail_state_createdAt_idx" ON "OutboundEmail"("state", "createdAt");

-- CreateIndex
CREATE INDEX "ActionLink_outboundEmailId_idx" ON "ActionLink"("outboundEmailId");

-- CreateIndex
CREATE INDEX "ActionLink_requestId_idx" ON "ActionLink"("requestId");

-- CreateIndex
CREATE UNIQUE INDEX "JobRun_job_dueAt_key" ON "JobRun"("job", "dueAt");

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_inboundEmailId_fkey" FOREIGN KEY ("inboundEmailId") REFERENCES "InboundEmail"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attachment" ADD CONSTRAINT "Attachment_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "Message"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attachment" ADD CONSTRAINT "Attachment_blobSha256_fkey" FOREIGN KEY ("blobSha256") REFERENCES "Blob"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Event" ADD CONSTRAINT "Event_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "InboundEmail" ADD CONSTRAINT "InboundEmail_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OutboundEmail" ADD CONSTRAINT "OutboundEmail_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ActionLink" ADD CONSTRAINT "ActionLink_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ServiceRequest"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ActionLink" ADD CONSTRAINT "ActionLink_outboundEmailId_fkey" FOREIGN KEY ("outboundEmailId") REFERENCES "OutboundEmail"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The history is append-only, whoever asks.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the history is append-only: % on "%" refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON "Event" FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A reference never changes.
CREATE FUNCTION refuse_new_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a reference never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER reference_never_changes BEFORE UPDATE ON "ServiceRequest" FOR EACH ROW
  WHEN (OLD."reference" IS DISTINCT FROM NEW."reference") EXECUTE FUNCTION refuse_new_reference();

-- What the rules promise, the table holds too.
ALTER TABLE "ServiceRequest" ADD CONSTRAINT "outcome_only_when_closed" CHECK (("status" = 'closed') = ("outcome" IS NOT NULL));

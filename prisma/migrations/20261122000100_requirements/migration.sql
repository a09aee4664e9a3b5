-- AlterTable
ALTER TABLE "promotion" ADD COLUMN     "deploy_at" TIMESTAMPTZ(3),
ADD COLUMN     "judge_at" TIMESTAMPTZ(3),
ADD COLUMN     "judged_at" TIMESTAMPTZ(3),
ADD COLUMN     "judged_as" TEXT,
ADD COLUMN     "missed_at" TIMESTAMPTZ(3),
ADD COLUMN     "held_since" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "check_result" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "workflow_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "environment_id" UUID NOT NULL,
    "live_version_id" UUID,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "passed" INTEGER,
    "failed" INTEGER,
    "not_judged" INTEGER,
    "score" DOUBLE PRECISION,
    "of" DOUBLE PRECISION,
    "cost_per_run" DOUBLE PRECISION,
    "p95" DOUBLE PRECISION,
    "url" TEXT,
    "detail" TEXT,
    "cases" JSONB,
    "by" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "check_result_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "promotion_rejection" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "promotion_id" UUID NOT NULL,
    "user_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "promotion_rejection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "checklist_tick" (
    "workspace_id" TEXT NOT NULL,
    "promotion_id" UUID NOT NULL,
    "item" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "checklist_tick_pkey" PRIMARY KEY ("promotion_id","item")
);

-- CreateTable
CREATE TABLE "freeze" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "environment_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,

    CONSTRAINT "freeze_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "resource_lock" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "workflow_id" UUID,
    "environment_id" UUID,
    "reason" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "promotion_id" UUID,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,

    CONSTRAINT "resource_lock_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "gate_request" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "promotion_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'asked',
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "detail" TEXT,

    CONSTRAINT "gate_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "parity_report" (
    "workspace_id" TEXT NOT NULL,
    "promotion_id" UUID NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "findings" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "parity_report_pkey" PRIMARY KEY ("promotion_id")
);

-- CreateIndex
CREATE INDEX "check_result_version_id_environment_id_kind_name_live_versi_idx" ON "check_result"("version_id", "environment_id", "kind", "name", "live_version_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "check_result_received_at_idx" ON "check_result"("received_at");

-- CreateIndex
CREATE INDEX "promotion_rejection_promotion_id_at_idx" ON "promotion_rejection"("promotion_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "freeze_workspace_id_id_key" ON "freeze"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "resource_lock_workspace_id_id_key" ON "resource_lock"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "gate_request_token_hash_key" ON "gate_request"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "gate_request_promotion_id_url_fingerprint_key" ON "gate_request"("promotion_id", "url", "fingerprint");

-- AddForeignKey
ALTER TABLE "check_result" ADD CONSTRAINT "check_result_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "check_result" ADD CONSTRAINT "check_result_workspace_id_workflow_id_version_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id", "version_id") REFERENCES "version"("workspace_id", "workflow_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "promotion_rejection" ADD CONSTRAINT "promotion_rejection_workspace_id_promotion_id_fkey" FOREIGN KEY ("workspace_id", "promotion_id") REFERENCES "promotion"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "checklist_tick" ADD CONSTRAINT "checklist_tick_workspace_id_promotion_id_fkey" FOREIGN KEY ("workspace_id", "promotion_id") REFERENCES "promotion"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "freeze" ADD CONSTRAINT "freeze_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "resource_lock" ADD CONSTRAINT "resource_lock_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "resource_lock" ADD CONSTRAINT "resource_lock_workspace_id_workflow_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id") REFERENCES "workflow"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "resource_lock" ADD CONSTRAINT "resource_lock_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "resource_lock" ADD CONSTRAINT "resource_lock_workspace_id_promotion_id_fkey" FOREIGN KEY ("workspace_id", "promotion_id") REFERENCES "promotion"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "gate_request" ADD CONSTRAINT "gate_request_workspace_id_promotion_id_fkey" FOREIGN KEY ("workspace_id", "promotion_id") REFERENCES "promotion"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "parity_report" ADD CONSTRAINT "parity_report_workspace_id_promotion_id_fkey" FOREIGN KEY ("workspace_id", "promotion_id") REFERENCES "promotion"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ── What Prisma can't say ───────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE "check_result"
    ADD CONSTRAINT "check_result_kind_check" CHECK ("kind" IN ('tests', 'quality', 'cost', 'latency', 'check', 'shadow')),
    ADD CONSTRAINT "check_result_state_check" CHECK ("state" IN ('passed', 'failed', 'running', 'errored')),
    ADD CONSTRAINT "check_result_source_check" CHECK ("source" IN ('api', 'promptfoo', 'junit', 'suite', 'runs')),
    ADD CONSTRAINT "check_result_counts_check" CHECK ("passed" >= 0 AND "failed" >= 0 AND "not_judged" >= 0);

ALTER TABLE "freeze"
    ADD CONSTRAINT "freeze_ended_check" CHECK (("ended_at" IS NULL) = ("ended_by" IS NULL)),
    ADD CONSTRAINT "freeze_until_check" CHECK ("until" > "at");

ALTER TABLE "resource_lock"
    ADD CONSTRAINT "resource_lock_ended_check" CHECK (("ended_at" IS NULL) = ("ended_by" IS NULL)),
    ADD CONSTRAINT "resource_lock_until_check" CHECK ("until" > "at");

ALTER TABLE "gate_request"
    ADD CONSTRAINT "gate_request_state_check" CHECK ("state" IN ('asked', 'approved', 'rejected', 'unreachable')),
    ADD CONSTRAINT "gate_request_answered_check" CHECK (("state" = 'asked') = ("answered_at" IS NULL));

-- A gate answers once: whoever holds its token can't take the answer back.
CREATE FUNCTION "gate_request_answers_once"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'gate request % is % already: it answers only once', OLD."id", OLD."state" USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER "gate_request_answers_once" BEFORE UPDATE ON "gate_request"
    FOR EACH ROW WHEN (OLD."state" IN ('approved', 'rejected')) EXECUTE FUNCTION "gate_request_answers_once"();

-- What the clock is to judge, the longest due first.
CREATE INDEX "promotion_judge_at_idx" ON "promotion"("workspace_id", "judge_at") WHERE "status" = 'open' AND "judge_at" IS NOT NULL;

-- The open promotions of a version, which its evidence marks.
CREATE INDEX "promotion_open_version_idx" ON "promotion"("version_id") WHERE "status" = 'open';

-- Every act asks what is in its way: few, whatever history there is.
CREATE INDEX "freeze_held_idx" ON "freeze"("workspace_id", "environment_id") WHERE "ended_at" IS NULL;
CREATE INDEX "resource_lock_held_idx" ON "resource_lock"("workspace_id", "at") WHERE "ended_at" IS NULL;
CREATE INDEX "resource_lock_promotion_idx" ON "resource_lock"("promotion_id") WHERE "ended_at" IS NULL AND "promotion_id" IS NOT NULL;

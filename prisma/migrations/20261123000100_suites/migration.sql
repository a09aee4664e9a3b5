-- CreateTable
CREATE TABLE "suite_revision" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "workflow_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "file_name" TEXT,
    "name" TEXT NOT NULL,
    "cases" INTEGER NOT NULL,
    "content_hash" TEXT NOT NULL,
    "saved_by" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "suite_revision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suite_run" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "workflow_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "live_version_id" UUID,
    "environment_id" UUID NOT NULL,
    "suite" INTEGER,
    "promotion_id" UUID,
    "asked_by" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "total" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "passed" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "not_judged" INTEGER NOT NULL DEFAULT 0,
    "errored" INTEGER NOT NULL DEFAULT 0,
    "cost" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "budget" DOUBLE PRECISION,
    "check_ids" UUID[],
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "seen_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "detail" TEXT,

    CONSTRAINT "suite_run_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "suite_revision_workflow_id_number_key" ON "suite_revision"("workflow_id", "number");

-- CreateIndex
CREATE INDEX "suite_run_workflow_id_asked_at_id_idx" ON "suite_run"("workflow_id", "asked_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "suite_run_version_id_environment_id_kind_asked_at_idx" ON "suite_run"("version_id", "environment_id", "kind", "asked_at" DESC);

-- AddForeignKey
ALTER TABLE "suite_revision" ADD CONSTRAINT "suite_revision_workspace_id_workflow_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id") REFERENCES "workflow"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "suite_run" ADD CONSTRAINT "suite_run_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "suite_run" ADD CONSTRAINT "suite_run_workspace_id_workflow_id_version_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id", "version_id") REFERENCES "version"("workspace_id", "workflow_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "suite_run" ADD CONSTRAINT "suite_run_workspace_id_promotion_id_fkey" FOREIGN KEY ("workspace_id", "promotion_id") REFERENCES "promotion"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ── What Prisma can't say ───────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE "suite_revision"
    ADD CONSTRAINT "suite_revision_number_check" CHECK ("number" > 0),
    ADD CONSTRAINT "suite_revision_source_check" CHECK (char_length("source") <= 4194304);

ALTER TABLE "suite_run"
    ADD CONSTRAINT "suite_run_kind_check" CHECK ("kind" IN ('suite', 'shadow')),
    ADD CONSTRAINT "suite_run_state_check" CHECK ("state" IN ('queued', 'running', 'completed', 'failed', 'stopped')),
    ADD CONSTRAINT "suite_run_ended_check" CHECK (("ended_at" IS NULL) = ("state" IN ('queued', 'running'))),
    ADD CONSTRAINT "suite_run_started_check" CHECK ("state" <> 'running' OR ("started_at" IS NOT NULL AND "seen_at" IS NOT NULL)),
    ADD CONSTRAINT "suite_run_suite_check" CHECK ("kind" = 'shadow' OR "suite" IS NOT NULL);

-- Nothing runs twice at a time: whoever asks again is shown the run that there is.
CREATE UNIQUE INDEX "suite_run_under_way_key" ON "suite_run"("version_id", "environment_id", "kind", COALESCE("suite", 0),
        COALESCE("live_version_id", '00000000-0000-0000-0000-000000000000'::uuid))
    WHERE "state" IN ('queued', 'running');

-- Runs whose process may have ended.
CREATE INDEX "suite_run_seen_at_idx" ON "suite_run"("workspace_id", "seen_at") WHERE "state" = 'running';

-- Runs whose job may be gone.
CREATE INDEX "suite_run_queued_idx" ON "suite_run"("workspace_id", "asked_at") WHERE "state" = 'queued';

-- What ends with a promotion.
CREATE INDEX "suite_run_promotion_idx" ON "suite_run"("promotion_id") WHERE "state" IN ('queued', 'running') AND "promotion_id" IS NOT NULL;

-- CreateTable
CREATE TABLE "run_record" (
    "workspace_id" TEXT NOT NULL,
    "environment_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "run_id" TEXT NOT NULL,
    "workflow_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "outcome" TEXT NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "error" TEXT,
    "cost" DECIMAL(14,6),
    "input_tokens" INTEGER,
    "output_tokens" INTEGER,
    "key" TEXT,
    "trace_url" TEXT,
    "input" JSONB,
    "output" JSONB,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "run_record_pkey" PRIMARY KEY ("environment_id","started_at","run_id")
) PARTITION BY RANGE ("started_at");

-- CreateIndex
CREATE INDEX "run_record_workflow_id_environment_id_started_at_run_id_idx" ON "run_record"("workflow_id", "environment_id", "started_at" DESC, "run_id");

-- CreateIndex
CREATE INDEX "run_record_workspace_id_started_at_run_id_idx" ON "run_record"("workspace_id", "started_at" DESC, "run_id");

-- AddForeignKey
ALTER TABLE "run_record" ADD CONSTRAINT "run_record_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "run_record" ADD CONSTRAINT "run_record_workspace_id_workflow_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id") REFERENCES "workflow"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "run_record" ADD CONSTRAINT "run_record_workspace_id_workflow_id_version_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id", "version_id") REFERENCES "version"("workspace_id", "workflow_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ── What Prisma can't say ───────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE "run_record"
    ADD CONSTRAINT "run_record_outcome_check" CHECK ("outcome" IN ('succeeded', 'failed', 'cancelled')),
    ADD CONSTRAINT "run_record_duration_check" CHECK ("duration_ms" >= 0),
    ADD CONSTRAINT "run_record_cost_check" CHECK ("cost" >= 0);

-- One partition a day (UTC). Called by every process's tick: makes what is missing from eight days ago to two days ahead.
CREATE FUNCTION "ensure_run_partitions"() RETURNS void LANGUAGE plpgsql AS $$
DECLARE "day" DATE;
BEGIN
    FOR "day" IN SELECT generate_series((now() AT TIME ZONE 'UTC')::date - 8, (now() AT TIME ZONE 'UTC')::date + 2, '1 day') LOOP
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS %I PARTITION OF "run_record" FOR VALUES FROM (%L) TO (%L)',
            'run_record_' || to_char("day", 'YYYYMMDD'), "day"::text || ' 00:00:00+00', ("day" + 1)::text || ' 00:00:00+00');
    END LOOP;
END;
$$;
SELECT "ensure_run_partitions"();

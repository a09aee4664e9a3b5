-- AlterTable
ALTER TABLE "environment" ADD COLUMN     "run_payloads" BOOLEAN NOT NULL DEFAULT false;

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
    "input" TEXT,
    "output" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "run_record_pkey" PRIMARY KEY ("environment_id","started_at","run_id")
) PARTITION BY RANGE ("started_at");

-- CreateIndex
CREATE INDEX "run_record_workflow_id_environment_id_started_at_run_id_idx" ON "run_record"("workflow_id", "environment_id", "started_at", "run_id");

-- No foreign keys: they took two thirds of the time of a write, and would have every new partition lock the tables that they
-- name. The one statement that writes here takes workflow and version from a deployment of the same workspace and environment,
-- which has them, and none of these is ever deleted.

-- ── What Prisma can't say ───────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE "run_record"
    ADD CONSTRAINT "run_record_outcome_check" CHECK ("outcome" IN ('succeeded', 'failed', 'cancelled')),
    ADD CONSTRAINT "run_record_duration_check" CHECK ("duration_ms" >= 0),
    ADD CONSTRAINT "run_record_cost_check" CHECK ("cost" >= 0);

-- What is to be forgotten first, by the time it is to be forgotten at.
CREATE INDEX "run_record_payload_idx" ON "run_record"("workspace_id", "started_at") WHERE "input" IS NOT NULL OR "output" IS NOT NULL;

-- One partition a day (UTC). Called by every process's tick: makes what is missing from eight days ago to two days ahead.
-- Making and dropping one waits for whoever writes run records, and makes others wait: for at most a second, then the next
-- tick tries again. Where there is nothing to make, nobody is waited for.
CREATE FUNCTION "ensure_run_partitions"() RETURNS void LANGUAGE plpgsql AS $$
DECLARE "day" DATE; "part" TEXT;
BEGIN
    PERFORM set_config('lock_timeout', '1s', true);
    FOR "day" IN SELECT generate_series((now() AT TIME ZONE 'UTC')::date - 8, (now() AT TIME ZONE 'UTC')::date + 2, '1 day') LOOP
        "part" := 'run_record_' || to_char("day", 'YYYYMMDD');
        CONTINUE WHEN to_regclass(quote_ident("part")) IS NOT NULL;
        PERFORM pg_advisory_xact_lock(hashtext('run_record partitions'));
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS %I PARTITION OF "run_record" FOR VALUES FROM (%L) TO (%L)',
            "part", "day"::text || ' 00:00:00+00', ("day" + 1)::text || ' 00:00:00+00');
    END LOOP;
END;
$$;
SELECT "ensure_run_partitions"();

-- Drops the oldest partition of a day before the moment's that holds nothing of another workspace. Whether there was one.
CREATE FUNCTION "drop_run_partition"("mine" TEXT, "before" TIMESTAMPTZ) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE "part" TEXT; "is_shared" BOOLEAN;
BEGIN
    PERFORM set_config('lock_timeout', '1s', true);
    PERFORM pg_advisory_xact_lock(hashtext('run_record partitions'));
    FOR "part" IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = '"run_record"'::regclass
            AND c.relname < 'run_record_' || to_char("before" AT TIME ZONE 'UTC', 'YYYYMMDD')
        ORDER BY c.relname
    LOOP
        EXECUTE format(
            'SELECT EXISTS (SELECT 1 FROM "environment" e CROSS JOIN LATERAL ('
            'SELECT 1 FROM %I r WHERE r."environment_id" = e."id" LIMIT 1) found WHERE e."workspace_id" <> $1)', "part")
            INTO "is_shared" USING "mine";
        IF NOT "is_shared" THEN
            EXECUTE format('DROP TABLE %I', "part");
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END;
$$;

-- CreateTable
CREATE TABLE "settings_revision" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "environment_id" UUID NOT NULL,
    "workflow_id" UUID,
    "number" INTEGER NOT NULL,
    "settings" JSONB NOT NULL,
    "changed_by" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "reason" TEXT,
    "proposal_id" UUID,
    "restores" INTEGER,
    "managed" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "settings_revision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settings_proposal" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "environment_id" UUID NOT NULL,
    "workflow_id" UUID,
    "settings" JSONB NOT NULL,
    "base_number" INTEGER NOT NULL,
    "restores" INTEGER,
    "status" TEXT NOT NULL DEFAULT 'open',
    "requested_by" TEXT NOT NULL,
    "reason" TEXT,
    "origin_channel" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by" TEXT,
    "close_reason" TEXT,

    CONSTRAINT "settings_proposal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settings_approval" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "proposal_id" UUID NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "settings_approval_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "settings_revision_proposal_id_key" ON "settings_revision"("proposal_id");

-- CreateIndex
CREATE INDEX "settings_revision_environment_id_workflow_id_number_idx" ON "settings_revision"("environment_id", "workflow_id", "number" DESC);

-- CreateIndex
CREATE INDEX "settings_revision_workflow_id_idx" ON "settings_revision"("workflow_id");

-- CreateIndex
CREATE UNIQUE INDEX "settings_revision_environment_id_number_key" ON "settings_revision"("environment_id", "number");

-- CreateIndex
CREATE INDEX "settings_proposal_workspace_id_status_requested_at_id_idx" ON "settings_proposal"("workspace_id", "status", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "settings_proposal_environment_id_requested_at_idx" ON "settings_proposal"("environment_id", "requested_at" DESC);

-- CreateIndex
CREATE INDEX "settings_proposal_workflow_id_idx" ON "settings_proposal"("workflow_id");

-- CreateIndex
CREATE UNIQUE INDEX "settings_proposal_workspace_id_id_key" ON "settings_proposal"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "settings_approval_proposal_id_user_id_fingerprint_key" ON "settings_approval"("proposal_id", "user_id", "fingerprint");

-- AddForeignKey
ALTER TABLE "settings_revision" ADD CONSTRAINT "settings_revision_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "settings_revision" ADD CONSTRAINT "settings_revision_workspace_id_workflow_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id") REFERENCES "workflow"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "settings_revision" ADD CONSTRAINT "settings_revision_workspace_id_proposal_id_fkey" FOREIGN KEY ("workspace_id", "proposal_id") REFERENCES "settings_proposal"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "settings_proposal" ADD CONSTRAINT "settings_proposal_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "settings_proposal" ADD CONSTRAINT "settings_proposal_workspace_id_workflow_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id") REFERENCES "workflow"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "settings_approval" ADD CONSTRAINT "settings_approval_workspace_id_proposal_id_fkey" FOREIGN KEY ("workspace_id", "proposal_id") REFERENCES "settings_proposal"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- CreateTable
CREATE TABLE "resolved_change" (
    "seq" BIGSERIAL NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "environment_id" UUID NOT NULL,
    "workflow_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "resolved_change_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE INDEX "resolved_change_environment_id_seq_idx" ON "resolved_change"("environment_id", "seq");

-- CreateIndex
CREATE INDEX "resolved_change_at_idx" ON "resolved_change"("at");

-- ── What Prisma can't say ───────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE "settings_revision"
    ADD CONSTRAINT "settings_revision_number_check" CHECK ("number" > 0),
    ADD CONSTRAINT "settings_revision_via_check" CHECK ("via" IN ('slack', 'api', 'clock', 'file'));

ALTER TABLE "settings_proposal"
    ADD CONSTRAINT "settings_proposal_status_check" CHECK ("status" IN ('open', 'applied', 'rejected', 'cancelled', 'expired', 'stale')),
    ADD CONSTRAINT "settings_proposal_closed_check" CHECK (("status" = 'open') = ("closed_at" IS NULL));

-- One open proposal a layer.
CREATE UNIQUE INDEX "settings_proposal_one_open" ON "settings_proposal"("environment_id", "workflow_id") NULLS NOT DISTINCT
    WHERE "status" = 'open';
CREATE INDEX "settings_proposal_due" ON "settings_proposal"("expires_at") WHERE "status" = 'open';

-- What a version ran with is read again later, and what was approved stays what it was.
CREATE FUNCTION "settings_revision_is_immutable"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'settings_revision is immutable: % is refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER "settings_revision_immutable" BEFORE UPDATE OR DELETE OR TRUNCATE ON "settings_revision"
    FOR EACH STATEMENT EXECUTE FUNCTION "settings_revision_is_immutable"();

CREATE FUNCTION "settings_proposal_ends_once"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'settings proposal % is % already: it ends only once', OLD."id", OLD."status" USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER "settings_proposal_ends_once" BEFORE UPDATE ON "settings_proposal"
    FOR EACH ROW WHEN (OLD."status" <> 'open') EXECUTE FUNCTION "settings_proposal_ends_once"();

-- Whatever changes what a running workflow reads is told of by the change itself, so that no way of writing can forget it.
-- The payload is `SEQ WORKSPACE ENVIRONMENT WORKFLOW`, the last one `-` for all.
CREATE FUNCTION "tell_resolved_change"("workspace" TEXT, "environment" UUID, "workflow" UUID) RETURNS void LANGUAGE plpgsql AS $$
DECLARE "number" BIGINT;
BEGIN
    INSERT INTO "resolved_change" ("workspace_id", "environment_id", "workflow_id") VALUES ("workspace", "environment", "workflow")
        RETURNING "seq" INTO "number";
    PERFORM pg_notify('towpath_resolved', concat_ws(' ', "number", "workspace", "environment", coalesce("workflow"::text, '-')));
END;
$$;
CREATE FUNCTION "what_resolves_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM "tell_resolved_change"(NEW."workspace_id", NEW."environment_id", NEW."workflow_id");
    RETURN NULL;
END;
$$;
-- Only what goes live is told of: what ends is followed in the same transaction by what takes its place.
CREATE TRIGGER "deployment_tells_new" AFTER INSERT ON "deployment"
    FOR EACH ROW WHEN (NEW."status" = 'active') EXECUTE FUNCTION "what_resolves_changed"();
CREATE TRIGGER "deployment_tells_again" AFTER UPDATE OF "status" ON "deployment"
    FOR EACH ROW WHEN (NEW."status" = 'active' AND OLD."status" <> 'active') EXECUTE FUNCTION "what_resolves_changed"();
CREATE TRIGGER "settings_revision_tells" AFTER INSERT ON "settings_revision"
    FOR EACH ROW EXECUTE FUNCTION "what_resolves_changed"();

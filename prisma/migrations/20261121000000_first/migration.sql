-- Tables, indexes and references: as Prisma writes them from schema.prisma, but for one collation. What Prisma can't say
-- follows below them.

-- CreateTable
CREATE TABLE "workspace" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "bot_user_id" TEXT NOT NULL,
    "default_role" TEXT NOT NULL DEFAULT 'member',
    "departments" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person" (
    "workspace_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "slack_standing" TEXT NOT NULL DEFAULT 'member',
    "slack_admin" BOOLEAN NOT NULL DEFAULT false,
    "file_role" TEXT,
    "file_departments" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "assigned_role" TEXT,
    "assigned_departments" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "refreshed_at" TIMESTAMPTZ(3),

    CONSTRAINT "person_pkey" PRIMARY KEY ("workspace_id","user_id")
);

-- CreateTable
CREATE TABLE "environment" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "aliases" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "badge" TEXT NOT NULL DEFAULT '',
    "channel" TEXT,
    "policy" JSONB NOT NULL,
    "webhooks" JSONB NOT NULL DEFAULT '[]',
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "environment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workflow" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    -- Compared byte by byte, so that slugs that begin alike are found through the index.
    "slug" TEXT COLLATE "C" NOT NULL,
    "department" TEXT,
    "owner_id" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workflow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "version" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "workflow_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "label" TEXT,
    "note" TEXT,
    "format" TEXT NOT NULL,
    "file_name" TEXT,
    "source" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "logic_hash" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "source_commit" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "workflow_id" UUID NOT NULL,
    "environment_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "promotion_id" UUID,
    "replaces_id" UUID,
    "deployed_by" TEXT NOT NULL,
    "deployed_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    "reason" TEXT,
    "changes" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "deployment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment_stretch" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "deployment_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "deployment_stretch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "promotion" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "workflow_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "source_environment_id" UUID NOT NULL,
    "target_environment_id" UUID NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "requested_by" TEXT NOT NULL,
    "reason" TEXT,
    "origin_channel" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by" TEXT,
    "close_reason" TEXT,

    CONSTRAINT "promotion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "approval" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "promotion_id" UUID NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "reviewed" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rollback" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "workflow_id" UUID NOT NULL,
    "environment_id" UUID NOT NULL,
    "removed_deployment_id" UUID NOT NULL,
    "restored_deployment_id" UUID NOT NULL,
    "restored_before" JSONB NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT,
    "origin_channel" TEXT,
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "rollback_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quarantine" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "workflow_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "rollback_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "lifted_at" TIMESTAMPTZ(3),
    "lifted_by" TEXT,
    "lift_reason" TEXT,

    CONSTRAINT "quarantine_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "seq" BIGSERIAL NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "workflow_id" UUID,
    "environment_id" UUID,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "announcement" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "target" TEXT NOT NULL,
    "thread_of" UUID,
    "payload" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempted_at" TIMESTAMPTZ(3),
    "channel" TEXT,
    "ts" TEXT,
    "shown" TEXT,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seq" BIGSERIAL NOT NULL,

    CONSTRAINT "announcement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "id" TEXT NOT NULL DEFAULT 'msg_' || replace(gen_random_uuid()::text, '-', ''),
    "workspace_id" TEXT NOT NULL,
    "environment_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_attempt" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "delivery_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "status" INTEGER,
    "error" TEXT,
    "duration_ms" INTEGER NOT NULL,

    CONSTRAINT "webhook_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "handled_request" (
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "handled_request_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "environment_workspace_id_id_key" ON "environment"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "environment_workspace_id_name_key" ON "environment"("workspace_id", "name");

-- CreateIndex
CREATE INDEX "workflow_workspace_id_created_at_id_idx" ON "workflow"("workspace_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "workflow_workspace_id_owner_id_created_at_id_idx" ON "workflow"("workspace_id", "owner_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "workflow_workspace_id_id_key" ON "workflow"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "workflow_workspace_id_slug_key" ON "workflow"("workspace_id", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "version_workspace_id_workflow_id_id_key" ON "version"("workspace_id", "workflow_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "version_workflow_id_number_key" ON "version"("workflow_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "version_workflow_id_label_key" ON "version"("workflow_id", "label");

-- CreateIndex
CREATE UNIQUE INDEX "version_workflow_id_content_hash_key" ON "version"("workflow_id", "content_hash");

-- CreateIndex
CREATE UNIQUE INDEX "deployment_promotion_id_key" ON "deployment"("promotion_id");

-- CreateIndex
CREATE INDEX "deployment_workflow_id_deployed_at_id_idx" ON "deployment"("workflow_id", "deployed_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "deployment_workflow_id_environment_id_deployed_at_id_idx" ON "deployment"("workflow_id", "environment_id", "deployed_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "deployment_version_id_idx" ON "deployment"("version_id");

-- CreateIndex
CREATE UNIQUE INDEX "deployment_workspace_id_id_key" ON "deployment"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "deployment_workspace_id_workflow_id_environment_id_id_key" ON "deployment"("workspace_id", "workflow_id", "environment_id", "id");

-- CreateIndex
CREATE INDEX "deployment_stretch_deployment_id_started_at_idx" ON "deployment_stretch"("deployment_id", "started_at");

-- CreateIndex
CREATE INDEX "promotion_workspace_id_status_requested_at_id_idx" ON "promotion"("workspace_id", "status", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "promotion_workspace_id_requested_at_id_idx" ON "promotion"("workspace_id", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "promotion_workflow_id_requested_at_id_idx" ON "promotion"("workflow_id", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "promotion_workspace_id_id_key" ON "promotion"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "promotion_workspace_id_workflow_id_id_key" ON "promotion"("workspace_id", "workflow_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "approval_promotion_id_user_id_fingerprint_key" ON "approval"("promotion_id", "user_id", "fingerprint");

-- CreateIndex
CREATE INDEX "rollback_workflow_id_environment_id_at_idx" ON "rollback"("workflow_id", "environment_id", "at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "rollback_workspace_id_workflow_id_id_key" ON "rollback"("workspace_id", "workflow_id", "id");

-- CreateIndex
CREATE INDEX "quarantine_workflow_id_idx" ON "quarantine"("workflow_id");

-- CreateIndex
CREATE INDEX "quarantine_version_id_idx" ON "quarantine"("version_id");

-- CreateIndex
CREATE INDEX "quarantine_rollback_id_idx" ON "quarantine"("rollback_id");

-- CreateIndex
CREATE INDEX "audit_event_workspace_id_seq_idx" ON "audit_event"("workspace_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_event_workspace_id_workflow_id_seq_idx" ON "audit_event"("workspace_id", "workflow_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_event_workspace_id_environment_id_seq_idx" ON "audit_event"("workspace_id", "environment_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_event_workspace_id_action_seq_idx" ON "audit_event"("workspace_id", "action", "seq" DESC);

-- CreateIndex
CREATE INDEX "announcement_subject_id_kind_seq_idx" ON "announcement"("subject_id", "kind", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "announcement_workspace_id_id_key" ON "announcement"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "webhook_delivery_finished_at_idx" ON "webhook_delivery"("finished_at");

-- CreateIndex
CREATE INDEX "webhook_delivery_workspace_id_created_at_id_idx" ON "webhook_delivery"("workspace_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "webhook_delivery_workspace_id_status_created_at_id_idx" ON "webhook_delivery"("workspace_id", "status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "webhook_attempt_delivery_id_at_idx" ON "webhook_attempt"("delivery_id", "at");

-- CreateIndex
CREATE INDEX "handled_request_at_idx" ON "handled_request"("at");

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "environment" ADD CONSTRAINT "environment_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "workflow" ADD CONSTRAINT "workflow_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "version" ADD CONSTRAINT "version_workspace_id_workflow_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id") REFERENCES "workflow"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_workspace_id_workflow_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id") REFERENCES "workflow"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_workspace_id_workflow_id_version_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id", "version_id") REFERENCES "version"("workspace_id", "workflow_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_workspace_id_workflow_id_promotion_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id", "promotion_id") REFERENCES "promotion"("workspace_id", "workflow_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_workspace_id_workflow_id_environment_id_replace_fkey" FOREIGN KEY ("workspace_id", "workflow_id", "environment_id", "replaces_id") REFERENCES "deployment"("workspace_id", "workflow_id", "environment_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "deployment_stretch" ADD CONSTRAINT "deployment_stretch_workspace_id_deployment_id_fkey" FOREIGN KEY ("workspace_id", "deployment_id") REFERENCES "deployment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "promotion" ADD CONSTRAINT "promotion_workspace_id_workflow_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id") REFERENCES "workflow"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "promotion" ADD CONSTRAINT "promotion_workspace_id_workflow_id_version_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id", "version_id") REFERENCES "version"("workspace_id", "workflow_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "promotion" ADD CONSTRAINT "promotion_workspace_id_source_environment_id_fkey" FOREIGN KEY ("workspace_id", "source_environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "promotion" ADD CONSTRAINT "promotion_workspace_id_target_environment_id_fkey" FOREIGN KEY ("workspace_id", "target_environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_workspace_id_promotion_id_fkey" FOREIGN KEY ("workspace_id", "promotion_id") REFERENCES "promotion"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "rollback" ADD CONSTRAINT "rollback_workspace_id_workflow_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id") REFERENCES "workflow"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "rollback" ADD CONSTRAINT "rollback_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "rollback" ADD CONSTRAINT "rollback_workspace_id_workflow_id_environment_id_removed_d_fkey" FOREIGN KEY ("workspace_id", "workflow_id", "environment_id", "removed_deployment_id") REFERENCES "deployment"("workspace_id", "workflow_id", "environment_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "rollback" ADD CONSTRAINT "rollback_workspace_id_workflow_id_environment_id_restored__fkey" FOREIGN KEY ("workspace_id", "workflow_id", "environment_id", "restored_deployment_id") REFERENCES "deployment"("workspace_id", "workflow_id", "environment_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "quarantine" ADD CONSTRAINT "quarantine_workspace_id_workflow_id_version_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id", "version_id") REFERENCES "version"("workspace_id", "workflow_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "quarantine" ADD CONSTRAINT "quarantine_workspace_id_workflow_id_rollback_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id", "rollback_id") REFERENCES "rollback"("workspace_id", "workflow_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_workspace_id_workflow_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id") REFERENCES "workflow"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "announcement" ADD CONSTRAINT "announcement_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "announcement" ADD CONSTRAINT "announcement_workspace_id_thread_of_fkey" FOREIGN KEY ("workspace_id", "thread_of") REFERENCES "announcement"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "webhook_attempt" ADD CONSTRAINT "webhook_attempt_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "webhook_delivery"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- ── What Prisma can't say ───────────────────────────────────────────────────────────────────────────────────────────────

-- Rule 8: at most one active deployment, and one open promotion, for a workflow and environment. Both are also how the
-- active and the open ones of a workflow are found.
CREATE UNIQUE INDEX "deployment_one_active" ON "deployment"("workflow_id", "environment_id") WHERE "status" = 'active';
CREATE UNIQUE INDEX "promotion_one_open" ON "promotion"("workflow_id", "target_environment_id") WHERE "status" = 'open';
CREATE UNIQUE INDEX "deployment_stretch_one_open" ON "deployment_stretch"("deployment_id") WHERE "ended_at" IS NULL;
CREATE INDEX "promotion_due" ON "promotion"("workspace_id", "expires_at") WHERE "status" = 'open';
-- Nobody tells Staging from staging.
CREATE UNIQUE INDEX "environment_workspace_id_lower_name_key" ON "environment"("workspace_id", lower("name"));
-- "Is an admin named anywhere?" is asked with every look at a person.
CREATE INDEX "person_named_admin" ON "person"("workspace_id") WHERE COALESCE("file_role", "assigned_role") = 'admin';

ALTER TABLE "workspace" ADD CONSTRAINT "workspace_default_role_check" CHECK ("default_role" IN ('viewer', 'member', 'lead', 'admin'));

ALTER TABLE "person"
    ADD CONSTRAINT "person_slack_standing_check" CHECK ("slack_standing" IN ('member', 'guest', 'bot', 'foreign', 'deactivated')),
    ADD CONSTRAINT "person_file_role_check" CHECK ("file_role" IN ('viewer', 'member', 'lead', 'admin')),
    ADD CONSTRAINT "person_assigned_role_check" CHECK ("assigned_role" IN ('viewer', 'member', 'lead', 'admin'));

ALTER TABLE "environment"
    ADD CONSTRAINT "environment_rank_check" CHECK ("rank" >= 0),
    ADD CONSTRAINT "environment_name_check" CHECK ("name" <> '');

ALTER TABLE "workflow" ADD CONSTRAINT "workflow_slug_check" CHECK ("slug" <> '' AND "slug" = lower("slug"));

ALTER TABLE "version"
    ADD CONSTRAINT "version_number_check" CHECK ("number" >= 1),
    ADD CONSTRAINT "version_label_check" CHECK ("label" <> '' AND "label" = lower("label"));

ALTER TABLE "deployment"
    ADD CONSTRAINT "deployment_status_check" CHECK ("status" IN ('active', 'superseded', 'rolled_back')),
    ADD CONSTRAINT "deployment_ended_check" CHECK (("status" = 'active') = ("ended_at" IS NULL));

ALTER TABLE "deployment_stretch" ADD CONSTRAINT "deployment_stretch_order_check" CHECK ("ended_at" >= "started_at");

ALTER TABLE "promotion"
    ADD CONSTRAINT "promotion_status_check" CHECK ("status" IN ('open', 'deployed', 'rejected', 'cancelled', 'expired', 'stale')),
    ADD CONSTRAINT "promotion_closed_check" CHECK (("status" = 'open') = ("closed_at" IS NULL)),
    ADD CONSTRAINT "promotion_environments_check" CHECK ("source_environment_id" <> "target_environment_id");

ALTER TABLE "approval" ADD CONSTRAINT "approval_role_check" CHECK ("role" IN ('viewer', 'member', 'lead', 'admin'));

ALTER TABLE "rollback" ADD CONSTRAINT "rollback_deployments_check" CHECK ("removed_deployment_id" <> "restored_deployment_id");

ALTER TABLE "quarantine" ADD CONSTRAINT "quarantine_lifted_check" CHECK (("lifted_at" IS NULL) = ("lifted_by" IS NULL));

ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_via_check" CHECK ("via" IN ('slack', 'api', 'clock', 'file'));

ALTER TABLE "announcement"
    ADD CONSTRAINT "announcement_kind_check" CHECK ("kind" IN ('promotion-card', 'promotion-story', 'deployment-receipt', 'rollback-receipt', 'notice')),
    ADD CONSTRAINT "announcement_state_check" CHECK ("state" IN ('waiting', 'attempted', 'posted', 'failed')),
    ADD CONSTRAINT "announcement_posted_check" CHECK ("state" <> 'posted' OR ("channel" IS NOT NULL AND "ts" IS NOT NULL));

ALTER TABLE "webhook_delivery"
    ADD CONSTRAINT "webhook_delivery_status_check" CHECK ("status" IN ('pending', 'delivered', 'given_up')),
    ADD CONSTRAINT "webhook_delivery_finished_check" CHECK (("status" = 'pending') = ("finished_at" IS NULL)),
    ADD CONSTRAINT "webhook_delivery_attempts_check" CHECK ("attempts" >= 0);

-- The audit is only ever added to.
CREATE FUNCTION "audit_event_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_event is append-only: % is refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER "audit_event_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_event"
    FOR EACH STATEMENT EXECUTE FUNCTION "audit_event_is_append_only"();

-- What was reviewed and deployed never changes afterwards: of a version only its label and note.
CREATE FUNCTION "version_is_immutable"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - '{label,note,source}'::text[] = to_jsonb(OLD) - '{label,note,source}'::text[] AND NEW."source" = OLD."source" THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'version is immutable but for its label and note: % is refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER "version_immutable" BEFORE UPDATE OR DELETE ON "version"
    FOR EACH ROW EXECUTE FUNCTION "version_is_immutable"();
CREATE TRIGGER "version_not_truncated" BEFORE TRUNCATE ON "version"
    FOR EACH STATEMENT EXECUTE FUNCTION "version_is_immutable"();

-- An open promotion ends exactly once.
CREATE FUNCTION "promotion_ends_once"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'promotion % is % already: it ends only once', OLD."id", OLD."status" USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER "promotion_ends_once" BEFORE UPDATE ON "promotion"
    FOR EACH ROW WHEN (OLD."status" <> 'open') EXECUTE FUNCTION "promotion_ends_once"();

-- AlterTable
ALTER TABLE "deployment" ADD COLUMN "share" INTEGER;

-- AlterTable
ALTER TABLE "promotion" ADD COLUMN "canary" INTEGER;

-- ── What Prisma can't say ───────────────────────────────────────────────────────────────────────────────────────────────

-- What one had that was aborted is kept, so that undoing it gives it back.
ALTER TABLE "deployment"
    DROP CONSTRAINT "deployment_status_check",
    DROP CONSTRAINT "deployment_ended_check",
    ADD CONSTRAINT "deployment_status_check" CHECK ("status" IN ('active', 'candidate', 'superseded', 'rolled_back', 'aborted')),
    ADD CONSTRAINT "deployment_ended_check" CHECK (("status" IN ('active', 'candidate')) = ("ended_at" IS NULL)),
    ADD CONSTRAINT "deployment_share_check" CHECK (
        ("status" IN ('candidate', 'aborted')) = ("share" IS NOT NULL) AND "share" BETWEEN 0 AND 10000);

ALTER TABLE "promotion" ADD CONSTRAINT "promotion_canary_check" CHECK ("canary" BETWEEN 0 AND 10000);

-- At most one candidate beside the active deployment of a workflow and environment. It is also how candidates are found.
CREATE UNIQUE INDEX "deployment_one_candidate" ON "deployment"("workflow_id", "environment_id") WHERE "status" = 'candidate';

-- A candidate is told of as what is live is: when it comes, when its share is changed, and when it goes.
DROP TRIGGER "deployment_tells_new" ON "deployment";
DROP TRIGGER "deployment_tells_again" ON "deployment";
CREATE TRIGGER "deployment_tells_new" AFTER INSERT ON "deployment"
    FOR EACH ROW WHEN (NEW."status" IN ('active', 'candidate')) EXECUTE FUNCTION "what_resolves_changed"();
CREATE TRIGGER "deployment_tells_again" AFTER UPDATE OF "status", "share" ON "deployment"
    FOR EACH ROW WHEN (
        OLD."status" <> NEW."status" AND (NEW."status" IN ('active', 'candidate') OR OLD."status" = 'candidate')
        OR OLD."share" IS DISTINCT FROM NEW."share"
    ) EXECUTE FUNCTION "what_resolves_changed"();

CREATE OR REPLACE FUNCTION "label_tells"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM "tell_resolved_change"(d."workspace_id", d."environment_id", d."workflow_id")
        FROM "deployment" d WHERE d."version_id" = NEW."id" AND d."status" IN ('active', 'candidate');
    RETURN NULL;
END;
$$;

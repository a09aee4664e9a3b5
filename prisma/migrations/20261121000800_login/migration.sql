-- AlterTable
ALTER TABLE "api_token" ADD COLUMN     "person_id" TEXT;

-- AlterTable
ALTER TABLE "audit_event" ADD COLUMN     "actor_token" TEXT;

-- CreateTable
CREATE TABLE "login_request" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "device" TEXT NOT NULL,
    "device_hash" TEXT NOT NULL,
    "code_hash" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "token_name" TEXT,

    CONSTRAINT "login_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "login_miss" (
    "id" BIGSERIAL NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "login_miss_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "login_request_device_hash_key" ON "login_request"("device_hash");

-- CreateIndex
CREATE INDEX "login_request_workspace_id_expires_at_idx" ON "login_request"("workspace_id", "expires_at");

-- CreateIndex
CREATE INDEX "login_miss_workspace_id_user_id_at_idx" ON "login_miss"("workspace_id", "user_id", "at");

-- AddForeignKey
ALTER TABLE "login_request" ADD CONSTRAINT "login_request_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "login_miss" ADD CONSTRAINT "login_miss_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ── What Prisma can't say ───────────────────────────────────────────────────────────────────────────────────────────────

-- A person's own token acts as them and nobody else, everywhere, and not for ever.
ALTER TABLE "api_token"
    ADD CONSTRAINT "api_token_person_check" CHECK ("person_id" IS NULL OR (
        "person_id" = "created_by" AND "environment_id" IS NULL AND "scopes" = '{}' AND "expires_at" IS NOT NULL));
CREATE INDEX "api_token_of_person" ON "api_token"("workspace_id", "person_id") WHERE "person_id" IS NOT NULL AND "revoked_at" IS NULL;

ALTER TABLE "login_request"
    ADD CONSTRAINT "login_request_device_hash_check" CHECK ("device_hash" ~ '^[0-9a-f]{64}$'),
    ADD CONSTRAINT "login_request_code_hash_check" CHECK ("code_hash" ~ '^[0-9a-f]{64}$'),
    ADD CONSTRAINT "login_request_device_check" CHECK ("device" ~ '^[A-Za-z0-9._-]{1,40}$'),
    ADD CONSTRAINT "login_request_state_check" CHECK ("state" IN ('waiting', 'confirmed', 'refused', 'collected')),
    ADD CONSTRAINT "login_request_decided_check" CHECK (("state" = 'waiting') = ("decided_by" IS NULL)),
    ADD CONSTRAINT "login_request_token_check" CHECK (("state" = 'collected') = ("token_name" IS NOT NULL));

-- A code means one login while it can be confirmed.
CREATE UNIQUE INDEX "login_request_one_code" ON "login_request"("workspace_id", "code_hash") WHERE "state" = 'waiting';

-- Processes remember tokens for a while: who may not act any more takes theirs along.
CREATE FUNCTION "person_tells_of_tokens"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('towpath_tokens', "hash") FROM "api_token"
    WHERE "workspace_id" = NEW."workspace_id" AND "created_by" = NEW."user_id" AND "revoked_at" IS NULL;
    RETURN NULL;
END;
$$;
CREATE TRIGGER "person_tells_of_tokens" AFTER UPDATE OF "slack_standing" ON "person"
    FOR EACH ROW WHEN (OLD."slack_standing" IS DISTINCT FROM NEW."slack_standing") EXECUTE FUNCTION "person_tells_of_tokens"();
-- Somebody who was never seen stands as a member.
CREATE TRIGGER "person_tells_of_tokens_at_first" AFTER INSERT ON "person"
    FOR EACH ROW WHEN (NEW."slack_standing" <> 'member') EXECUTE FUNCTION "person_tells_of_tokens"();

-- CreateTable
CREATE TABLE "execution" (
    "id" UUID NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "environment_id" UUID NOT NULL,
    "workflow" TEXT NOT NULL,
    "version" INTEGER,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "concurrency" INTEGER NOT NULL,
    "time_limit_ms" INTEGER NOT NULL,
    "message" TEXT,
    "agent" TEXT,
    "result" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_until" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "execution_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "execution_workspace_id_asked_at_idx" ON "execution"("workspace_id", "asked_at");

-- AddForeignKey
ALTER TABLE "execution" ADD CONSTRAINT "execution_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- What follows is not in schema.prisma.
ALTER TABLE "execution"
    ADD CONSTRAINT "execution_state_check" CHECK ("state" IN ('waiting', 'leased', 'done', 'failed', 'gone')),
    ADD CONSTRAINT "execution_leased_check" CHECK (("state" <> 'leased') OR "lease_until" IS NOT NULL),
    ADD CONSTRAINT "execution_ended_check" CHECK (("state" IN ('waiting', 'leased')) = ("ended_at" IS NULL));
-- What goes on is little among what ended within a day, and looked at with each run.
CREATE INDEX "execution_going_on" ON "execution"("environment_id", "workflow", "asked_at") WHERE "state" IN ('waiting', 'leased');

ALTER TABLE "api_token"
    DROP CONSTRAINT "api_token_scopes_check",
    DROP CONSTRAINT "api_token_environment_check",
    ADD CONSTRAINT "api_token_scopes_check" CHECK ("scopes" <@ ARRAY['resolve', 'runs', 'secrets:read', 'agents', 'execute', 'read', 'push', 'deploy', 'promote', 'checks']),
    ADD CONSTRAINT "api_token_environment_check" CHECK (
        CASE WHEN "environment_id" IS NULL THEN "scopes" <@ ARRAY['read', 'push', 'deploy', 'promote', 'checks']
        ELSE "scopes" <@ ARRAY['resolve', 'runs', 'secrets:read', 'agents', 'execute'] END);

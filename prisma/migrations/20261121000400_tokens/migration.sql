-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "environment_id" UUID,
    "scopes" TEXT[],
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,
    "rotated_at" TIMESTAMPTZ(3),
    "rotates_id" UUID,

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "environment_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "token_id" UUID NOT NULL,
    "release" TEXT,
    "registered_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agent_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

-- CreateIndex
CREATE INDEX "api_token_workspace_id_created_at_id_idx" ON "api_token"("workspace_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "api_token_rotates_id_idx" ON "api_token"("rotates_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_workspace_id_id_key" ON "api_token"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "agent_workspace_id_last_seen_at_id_idx" ON "agent"("workspace_id", "last_seen_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "agent_environment_id_name_key" ON "agent"("environment_id", "name");

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_workspace_id_rotates_id_fkey" FOREIGN KEY ("workspace_id", "rotates_id") REFERENCES "api_token"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_workspace_id_token_id_fkey" FOREIGN KEY ("workspace_id", "token_id") REFERENCES "api_token"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ── What Prisma can't say ───────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE "api_token"
    ADD CONSTRAINT "api_token_hash_check" CHECK ("hash" ~ '^[0-9a-f]{64}$'),
    ADD CONSTRAINT "api_token_scopes_check" CHECK ("scopes" <@ ARRAY['resolve', 'runs', 'secrets:read', 'agents', 'read', 'push', 'deploy', 'promote']),
    -- What runs workflows is let into one environment, and what acts on workflows belongs to none.
    ADD CONSTRAINT "api_token_environment_check" CHECK (
        CASE WHEN "environment_id" IS NULL THEN "scopes" <@ ARRAY['read', 'push', 'deploy', 'promote']
        ELSE "scopes" <@ ARRAY['resolve', 'runs', 'secrets:read', 'agents'] END),
    ADD CONSTRAINT "api_token_revoked_check" CHECK (("revoked_at" IS NULL) = ("revoked_by" IS NULL));

-- A name is one token's; those whose place it took keep it until they end.
CREATE UNIQUE INDEX "api_token_one_name" ON "api_token"("workspace_id", "name") WHERE "revoked_at" IS NULL AND "rotated_at" IS NULL;

-- Processes remember tokens for a while: what ends one is told of.
CREATE FUNCTION "api_token_tells"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('towpath_tokens', NEW."hash");
    RETURN NULL;
END;
$$;
CREATE TRIGGER "api_token_tells" AFTER INSERT OR UPDATE OF "revoked_at", "expires_at", "scopes" ON "api_token"
    FOR EACH ROW EXECUTE FUNCTION "api_token_tells"();

-- CreateTable
CREATE TABLE "configuration_file" (
    "workspace_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "content" JSONB,
    "forced" BOOLEAN NOT NULL,
    "applied_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "configuration_file_pkey" PRIMARY KEY ("workspace_id","number")
);

-- CreateIndex
CREATE INDEX "configuration_file_workspace_id_hash_number_idx" ON "configuration_file"("workspace_id", "hash", "number" DESC);

-- AddForeignKey
ALTER TABLE "configuration_file" ADD CONSTRAINT "configuration_file_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- What the schema file cannot say.
ALTER TABLE "configuration_file"
    ADD CONSTRAINT "configuration_file_number" CHECK ("number" >= 1),
    ADD CONSTRAINT "configuration_file_hash" CHECK ("hash" ~ '^[0-9a-f]{64}$');

-- One row alone holds a content: every process reads that of the newest.
CREATE UNIQUE INDEX "configuration_file_content" ON "configuration_file"("workspace_id") WHERE "content" IS NOT NULL;

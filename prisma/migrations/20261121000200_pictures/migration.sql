-- CreateTable
CREATE TABLE "diff_picture" (
    "workspace_id" TEXT NOT NULL,
    "pair" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "file_id" TEXT,
    "alt" TEXT,
    "error" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "diff_picture_pkey" PRIMARY KEY ("workspace_id","pair")
);

-- AddForeignKey
ALTER TABLE "diff_picture" ADD CONSTRAINT "diff_picture_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ── What Prisma can't say ───────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE "diff_picture"
    ADD CONSTRAINT "diff_picture_state_check" CHECK ("state" IN ('drawing', 'uploading', 'ready', 'none', 'failed')),
    ADD CONSTRAINT "diff_picture_file_check" CHECK ("state" NOT IN ('uploading', 'ready') OR ("file_id" IS NOT NULL AND "alt" IS NOT NULL)),
    ADD CONSTRAINT "diff_picture_attempts_check" CHECK ("attempts" >= 0);

-- AlterTable
ALTER TABLE "execution" ADD COLUMN     "cost_per_day" DOUBLE PRECISION,
ADD COLUMN     "most_cost" DOUBLE PRECISION;

-- CreateTable
CREATE TABLE "spending" (
    "workspace_id" TEXT NOT NULL,
    "environment_id" UUID NOT NULL,
    "workflow" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "dollars" DOUBLE PRECISION NOT NULL,
    "dearest" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "spending_pkey" PRIMARY KEY ("environment_id","workflow","day")
);

-- AddForeignKey
ALTER TABLE "spending" ADD CONSTRAINT "spending_workspace_id_environment_id_fkey" FOREIGN KEY ("workspace_id", "environment_id") REFERENCES "environment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- What follows is not in schema.prisma.
ALTER TABLE "spending"
    ADD CONSTRAINT "spending_dollars_check" CHECK ("dollars" >= 0 AND "dearest" >= 0);
-- What was spent before is not forgotten with the change: the rest of the day goes on from it.
INSERT INTO "spending" ("workspace_id", "environment_id", "workflow", "day", "dollars", "dearest")
SELECT r."workspace_id", r."environment_id", w."slug", (now() AT TIME ZONE 'UTC')::date, sum(r."cost"), max(r."cost")
FROM "run_record" r JOIN "workflow" w ON w."id" = r."workflow_id"
WHERE r."started_at" >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AND r."cost" > 0
GROUP BY r."workspace_id", r."environment_id", w."slug";

-- A workflow may have endpoints of its own in an environment: what is delivered says whose endpoints it is looked up among. Null for
-- what was published before that, which went to the environment's.
ALTER TABLE "webhook_delivery" ADD COLUMN "workflow_id" UUID;

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_workspace_id_workflow_id_fkey" FOREIGN KEY ("workspace_id", "workflow_id") REFERENCES "workflow"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { pino } from 'pino';
import { connectPersistence } from '../../../src/adapters/persistence/connect.ts';
import { makeToken } from '../../support/data-plane/start-data-plane-server.ts';
import { seedWorkspace } from '../../support/database/seed.ts';

export interface Filled {
  workspaceId: string;
  /** For staging, with the scope to resolve. */
  token: string;
  /** Activates another version of a workflow there; the number is that of the workflow. */
  flip(workflow: number): Promise<void>;
  end(): Promise<void>;
}

/** So many workflows with two versions each, live in all three environments, whose settings fill them. */
export async function fillDatabase(connectionString: string, workflows: number): Promise<Filled> {
  const persistence = await connectPersistence({ connectionString, log: pino({ level: 'silent' }) });
  const { workspaceId, staging } = await seedWorkspace(persistence.ports);
  const client = new Client({ connectionString });
  await client.connect();
  await client.query(
    `INSERT INTO workflow (workspace_id, slug, owner_id, format, created_by, created_at)
     SELECT $1, 'flow-' || n, 'U0DEV', 'towpath', 'U0DEV', now() FROM generate_series(1, $2::int) n`,
    [workspaceId, workflows],
  );
  await client.query(
    `INSERT INTO version (workspace_id, workflow_id, number, format, content_hash, logic_hash, author, source, file_name, created_at)
     SELECT w.workspace_id, w.id, n, 'towpath', md5(w.slug || n), md5(w.slug || n), 'U0DEV', replace($2, 'VERSION', n::text), 'flow.yaml', now()
     FROM workflow w, generate_series(1, 2) n WHERE w.workspace_id = $1`,
    [workspaceId, source()],
  );
  await client.query(
    `WITH live AS (
       INSERT INTO deployment (workspace_id, workflow_id, environment_id, version_id, status, deployed_by, deployed_at)
       SELECT v.workspace_id, v.workflow_id, e.id, v.id, 'active', 'U0DEV', now()
       FROM version v JOIN environment e ON e.workspace_id = v.workspace_id WHERE v.workspace_id = $1 AND v.number = 1
       RETURNING id, workspace_id)
     INSERT INTO deployment_stretch (workspace_id, deployment_id, started_at) SELECT workspace_id, id, now() FROM live`,
    [workspaceId],
  );
  await client.query(
    `INSERT INTO settings_revision (workspace_id, environment_id, number, settings, changed_by, via, at)
     SELECT workspace_id, id, 1, $2::jsonb, 'U0DEV', 'file', now() FROM environment WHERE workspace_id = $1`,
    [
      workspaceId,
      JSON.stringify({ variables: { SUMMARY_MODEL: 'claude-sonnet', QUEUE: 'support', TEMPERATURE: 0.2 } }),
    ],
  );
  // Or the database would do both while it is measured.
  await client.query('VACUUM ANALYZE');
  await client.query('CHECKPOINT');
  const token = await makeToken(persistence.ports, workspaceId, staging.id);
  return {
    ...{ workspaceId, token },
    async flip(workflow) {
      await persistence.ports.inTransaction(workspaceId, async (tx) => {
        const found = await tx.workflows.findLocked(`flow-${workflow}`);
        const live = await tx.deployments.findActive(found?.id ?? '', staging.id);
        const { items } = await tx.versions.list(found?.id ?? '', { limit: 2 });
        const next = items.find((version) => version.id !== live?.versionId);
        await tx.deployments.activate({
          ...{ workflowId: found?.id ?? '', environmentId: staging.id, versionId: next?.id ?? '' },
          ...{ promotionId: null, deployedBy: 'U0DEV', reason: null, changes: [] },
        });
      });
    },
    async end() {
      await client.end();
      await persistence.close();
    },
  };
}

/** About 2 KB, as a small workflow has. */
function source(): string {
  const prompt = `You are a support lead who reads tickets of the queue \${QUEUE}. ${randomBytes(300).toString('hex')}`;
  const step = (id: string) => `
  - id: ${id}
    type: llm
    label: Step ${id} of version VERSION
    model: \${SUMMARY_MODEL}
    modelParameters: { temperature: 0.2, maxTokens: 800 }
    systemPrompt: ${prompt}
    task: "Summarise: {{ inputs.ticket }} at \${TEMPERATURE}"`;
  return `apiVersion: towpath/v1\nname: flow\nexecutionMode: sequential\nsteps:${step('read')}${step('answer')}\n`;
}

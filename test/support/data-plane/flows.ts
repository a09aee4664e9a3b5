import type { Deployment } from '../../../src/domain/deployment.ts';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import type { Version, Workflow } from '../../../src/domain/version.ts';
import type { Ports } from '../../../src/use-cases/ports.ts';
import { activate, createVersion, createWorkflow } from '../database/seed.ts';

/** A small workflow that says which version it is, and shows a variable. */
export function flowSource(name: string, mark: string, model = '${MARK}'): string {
  return `apiVersion: towpath/v1
name: ${name}
steps:
  - { id: answer, type: llm, label: Answer, model: "${model}", systemPrompt: ${mark} }
`;
}

/** A workflow with this many versions, whose prompts are `version 1`, `version 2` … */
export async function aFlow(
  ports: Ports,
  workspaceId: string,
  { slug, versions = 1, model }: { slug: string; versions?: number; model?: string },
): Promise<{ workflow: Workflow; versions: Version[] }> {
  return ports.inTransaction(workspaceId, async (tx) => {
    const workflow = await createWorkflow(tx, slug);
    const made: Version[] = [];
    for (let number = 1; number <= versions; number++)
      made.push(await createVersion(tx, workflow.id, { source: flowSource(slug, `version ${number}`, model) }));
    return { workflow, versions: made };
  });
}

export function goLive(
  ports: Ports,
  workspaceId: string,
  version: Pick<Version, 'id' | 'workflowId'>,
  environment: Pick<Environment, 'id'>,
): Promise<Deployment> {
  return ports.inTransaction(workspaceId, (tx) => activate(tx, version, environment));
}

/** Gives a layer of settings; `workflow` left out: the environment's own. Returns its number. */
export async function give(
  ports: Ports,
  workspaceId: string,
  environment: Pick<Environment, 'id'>,
  settings: Settings,
  workflow?: Pick<Workflow, 'id'>,
): Promise<number> {
  const { number } = await ports.inTransaction(workspaceId, (tx) =>
    tx.settings.save({
      environmentId: environment.id,
      workflowId: workflow?.id ?? null,
      settings,
      changedBy: 'U0ADA',
      via: 'api',
      reason: null,
    }),
  );
  return number;
}

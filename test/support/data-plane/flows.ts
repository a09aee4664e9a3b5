import type { Deployment } from '../../../src/domain/deployment.ts';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import type { Version, Workflow } from '../../../src/domain/version.ts';
import type { Candidate, Ports } from '../../../src/use-cases/ports.ts';
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

/** Rolls a version out beside what is live there. `share`: hundredths of a percent. */
export function rollOut(
  ports: Ports,
  workspaceId: string,
  version: Pick<Version, 'id' | 'workflowId'>,
  environment: Pick<Environment, 'id'>,
  share: number,
): Promise<Candidate> {
  return ports.inTransaction(workspaceId, (tx) =>
    tx.deployments.startCandidate({
      ...{ workflowId: version.workflowId, environmentId: environment.id, versionId: version.id, share },
      ...{ promotionId: null, deployedBy: 'U0DEV', reason: null, changes: [] },
    }),
  );
}

/** Gives a candidate another share, finishes or aborts it. */
export async function steer(
  ports: Ports,
  workspaceId: string,
  candidate: Candidate,
  act: number | 'finish' | 'abort',
): Promise<void> {
  await ports.inTransaction(workspaceId, async ({ deployments }) => {
    if (act === 'finish') await deployments.finishCandidate(candidate, 'U0DEV');
    else if (act === 'abort') await deployments.abortCandidate(candidate, 'U0DEV', null);
    else await deployments.changeShare(candidate, act);
  });
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

import type { Actor } from '../../domain/actor.ts';
import { environmentFor } from '../../domain/policy/policy-for.ts';
import { Refusal } from '../../domain/refusal.ts';
import { DoesNotFillError } from '../../domain/settings/does-not-fill-error.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { whyNotRunnable } from '../../domain/suite/why-not-runnable.ts';
import { versionName, type Workflow } from '../../domain/version.ts';
import { runSecrets } from '../execution/run-secrets.ts';
import { getEnvironmentById } from '../find-things.ts';
import type { RunRequest } from '../ports/runners.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { AllPorts, StoredDocument, SuiteRunRecord } from '../ports.ts';
import { inForce } from '../settings/settings-in-force.ts';
import { runLimitsOf } from './run-limits.ts';
import { SUITE_LIMIT_DEFAULTS, type SuiteLimits } from './run-suite.ts';

/** A version as a runner is given it, but for what goes in. */
export type RunSide = Omit<RunRequest, 'input' | 'limits' | 'signal' | 'shadow'>;

/** All that a run is made with. */
export interface RunScene {
  readonly workflow: Workflow;
  readonly environment: ReturnType<typeof environmentFor>;
  readonly limits: SuiteLimits;
  /** @throws DoesNotFillError */
  side(versionId: string): Promise<RunSide>;
}

/**
 * What an environment gives a workflow now, for a run of it.
 * @throws Refusal no_runner where nothing can run it there
 */
export async function openScene(
  ports: AllPorts,
  secrets: Secrets,
  workspaceId: string,
  run: SuiteRunRecord,
): Promise<RunScene> {
  const { workflow, environment, settings, agents } = await ports.reading(workspaceId, async (tx) => {
    const workflow = await tx.workflows.getById(run.workflowId);
    const found = await getEnvironmentById(tx, await tx.environments.pipeline(), run.environmentId);
    const layers = await tx.settings.current(found.id, workflow.id);
    const settings = { effective: inForce(layers).effective, own: layers.workflow };
    const { registered } = await tx.executions.agents(found.id);
    return { workflow, environment: environmentFor(found, workflow), settings, agents: registered };
  });
  const { effective } = settings;
  const why = whyNotRunnable(effective, environment.name, agents > 0, run.kind);
  if (why !== null) throw new Refusal('no_runner', why);
  const actor: Actor = { workspaceId, userId: run.askedBy, via: run.via };
  const place = { workspaceId, environmentId: environment.id, actor, workflowId: workflow.id };
  const shared = {
    ...{ workflow: workflow.slug, environment: environment.name, settings: effective, place },
    runner: typeof effective.runner === 'object' ? effective.runner : null,
    secrets: runSecrets(settings, environment.name, secrets),
  };
  return {
    ...{ workflow, environment, limits: limitsOf(effective, run.budget) },
    async side(versionId) {
      const { version, stored } = await readVersion(ports, workspaceId, versionId);
      const filled = await ports.documents.fill(stored, effective);
      if (!filled.ok)
        throw new DoesNotFillError(`${workflow.slug} ${versionName(version)} in ${environment.name}`, filled.problems);
      return { ...shared, version: version.number, definition: filled.definition, overrides: filled.overrides };
    },
  };
}

/** No more at a time than the settings have of the workflow there: the others would wait for these. */
function limitsOf({ limits }: Settings, budget: number | null): SuiteLimits {
  const { concurrency: usual, timeMs } = SUITE_LIMIT_DEFAULTS;
  const concurrency = Math.max(1, Math.min(usual, limits?.concurrency ?? usual));
  return { concurrency, timeMs, budget, run: runLimitsOf(limits) };
}

async function readVersion(ports: AllPorts, workspaceId: string, versionId: string) {
  return ports.reading(workspaceId, async (tx) => {
    const version = await tx.versions.getById(versionId);
    const stored: StoredDocument = await tx.versions.content(versionId);
    return { version, stored };
  });
}

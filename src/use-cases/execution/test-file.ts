import type { Environment } from '../../domain/environment.ts';
import { assertCanPush } from '../../domain/permissions.ts';
import { environmentFor } from '../../domain/policy/policy-for.ts';
import { Refusal } from '../../domain/refusal.ts';
import { DoesNotFillError } from '../../domain/settings/does-not-fill-error.ts';
import type { OwnLayer } from '../../domain/settings/given-by-leads.ts';
import { effectiveSettings } from '../../domain/settings/merge-settings.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { parseSuite } from '../../domain/suite/parse-suite.ts';
import { budgetOf } from '../../domain/suite/runs-by-itself.ts';
import type { Suite } from '../../domain/suite/suite.ts';
import { whyNotRunnable } from '../../domain/suite/why-not-runnable.ts';
import type { Workflow } from '../../domain/version.ts';
import { isSlug, slugify } from '../../domain/workflow/slug.ts';
import { getActing } from '../find-things.ts';
import type { Runners } from '../ports/runners.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { AllPorts, TakenDocument } from '../ports.ts';
import { runLimitsOf } from '../suite/run-limits.ts';
import { runSuite, SUITE_LIMIT_DEFAULTS, type SuiteLimits } from '../suite/run-suite.ts';
import type { ExecutionUseCases } from './execution-use-cases.ts';
import { runSecrets } from './run-secrets.ts';

type Asked = Parameters<ExecutionUseCases['testFile']>[0];

/** Files that are tested at a time in one process, and of one person: half an hour each may take the place of everybody else's. */
const MOST_AT_ONCE = 8;
const MOST_OF_ONE = 2;

interface Scene {
  readonly slug: string;
  /** Null: there is no such workflow. */
  readonly workflowId: string | null;
  readonly environment: Environment;
  readonly effective: Settings;
  readonly own: OwnLayer;
  readonly hasAgents: boolean;
  /** The one that the workflow keeps; null: none, or there is no such workflow. */
  readonly kept: { readonly source: string; readonly fileName: string | null } | null;
}

/**
 * Runs a suite on a file that is no version, with what the first environment gives its workflow. Nothing is kept of it. Its secrets
 * are masked as a push's would be, so that it runs as it would once it is pushed.
 */
export function makeTestFile(ports: AllPorts, secrets: Secrets, runners: Runners): ExecutionUseCases['testFile'] {
  const going = new Set<Asked>();
  return async (asked) => {
    refuseMany([...going], asked);
    going.add(asked);
    try {
      return await testFile(ports, secrets, runners, asked);
    } finally {
      going.delete(asked);
    }
  };
}

/** @throws Refusal too_many, unavailable */
function refuseMany(going: readonly Asked[], { actor: { workspaceId, userId } }: Asked): void {
  const own = going.filter(({ actor }) => actor.workspaceId === workspaceId && actor.userId === userId);
  if (own.length >= MOST_OF_ONE)
    throw new Refusal('too_many', `${MOST_OF_ONE} of your files are tested already. Try again when one is through.`);
  if (going.length >= MOST_AT_ONCE)
    throw new Refusal('unavailable', `${MOST_AT_ONCE} files are tested here already. Try again when one is through.`);
}

async function testFile(ports: AllPorts, secrets: Secrets, runners: Runners, asked: Asked) {
  const { actor, signal, onProgress } = asked;
  const taken = await ports.documents.take(asked.file);
  const scene = await openScene(ports, asked, taken);
  const { slug, workflowId, environment, effective, hasAgents } = scene;
  const suite = await suiteOf(ports, asked, scene);
  const why = whyNotRunnable(effective, environment.name, hasAgents);
  if (why !== null) throw new Refusal('no_runner', why);
  const stored = { source: taken.source, fileName: asked.file.fileName ?? null, format: taken.format };
  const filled = await ports.documents.fill(stored, effective);
  if (!filled.ok) throw new DoesNotFillError(`${slug} in ${environment.name}`, filled.problems);
  const request = {
    ...{ workflow: slug, version: null, environment: environment.name, settings: effective },
    runner: typeof effective.runner === 'object' ? effective.runner : null,
    ...{ definition: filled.definition, overrides: filled.overrides },
    secrets: runSecrets(scene, environment.name, secrets),
    place: {
      workspaceId: actor.workspaceId,
      environmentId: environment.id,
      actor,
      ...(workflowId !== null && { workflowId }),
    },
  };
  onProgress({ total: suite.cases.length, done: 0, passed: 0, failed: 0, notJudged: 0, errored: 0, cost: 0 });
  const limits = limitsOf(effective, budgetOf(environment.policy));
  const outcome = await runSuite({ suite, ...runners, request, limits, signal, onProgress });
  signal.throwIfAborted();
  return { workflow: slug, environment: environment.name, outcome };
}

/** Whoever may push it may have it run. @throws Refusal not_permitted */
async function openScene(ports: AllPorts, asked: Asked, taken: TakenDocument): Promise<Scene> {
  const slug = slugOf(asked, taken);
  return ports.reading(asked.actor.workspaceId, async (tx) => {
    const workflow: Workflow | null = isSlug(slug) ? await tx.workflows.find(slug) : null;
    assertCanPush(await getActing(tx, asked.actor), workflow);
    const [first] = await tx.environments.pipeline();
    if (first === undefined) throw new Error('The pipeline has no environment.');
    // The policy may be stricter with this very workflow, whether or not there is one yet.
    const environment = environmentFor(first, workflow ?? { slug, department: null });
    const shared = await tx.settings.layer(environment.id, null);
    const own = workflow === null ? null : await tx.settings.layer(environment.id, workflow.id);
    const { registered } = await tx.executions.agents(environment.id);
    return {
      ...{ slug, workflowId: workflow?.id ?? null, environment, hasAgents: registered > 0, own },
      effective: effectiveSettings(shared?.settings ?? {}, own?.settings ?? {}),
      kept: workflow === null ? null : await tx.suites.newest(workflow.id),
    };
  });
}

function slugOf({ workflow, file }: Asked, { name }: TakenDocument): string {
  if (workflow !== undefined) return workflow.toLowerCase();
  return slugify(name ?? (file.fileName ?? '').replace(/\.[a-z0-9]+$/i, ''));
}

/** The one that was given, else the workflow's own. @throws Refusal no_suite, InvalidDefinitionError */
async function suiteOf({ documents }: AllPorts, { suite }: Asked, { slug, kept }: Scene): Promise<Suite> {
  if (suite !== undefined) {
    const { source } = await documents.takeSuite(suite);
    return parseSuite(source, suite.fileName);
  }
  if (kept !== null) return parseSuite(kept.source, kept.fileName ?? undefined);
  throw new Refusal(
    'no_suite',
    `${slug} keeps no suite, and none was given. Give one with \`--suite FILE\`, or write it beside the file as NAME.suite.yaml.`,
  );
}

/** As of a run that is asked for: no more at a time than the settings have. */
function limitsOf({ limits }: Settings, budget: number | null): SuiteLimits {
  const { concurrency: usual, timeMs } = SUITE_LIMIT_DEFAULTS;
  const concurrency = Math.max(1, Math.min(usual, limits?.concurrency ?? usual));
  return { concurrency, timeMs, budget, run: runLimitsOf(limits) };
}

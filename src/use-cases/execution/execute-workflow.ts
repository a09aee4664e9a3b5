import { randomUUID } from 'node:crypto';
import type { Actor } from '../../domain/actor.ts';
import { getEnvironment } from '../../domain/environment.ts';
import { assertCanRun } from '../../domain/permissions.ts';
import { Refusal } from '../../domain/refusal.ts';
import { type Side, sideOf } from '../../domain/rollout.ts';
import { RUN_LIMITS, type RunReport } from '../../domain/run-record.ts';
import { DoesNotFillError } from '../../domain/settings/does-not-fill-error.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { versionName } from '../../domain/version.ts';
import { getActing, getWorkflow } from '../find-things.ts';
import { fillLive, getLive, type ResolveRequest } from '../live-in-force.ts';
import { type RunAnswer, RunnerFailure, type Runners, type RunRequest } from '../ports/runners.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { AllPorts, LivePart } from '../ports.ts';
import { makeRecordRuns } from '../record-runs.ts';
import { runLimitsOf } from '../suite/run-limits.ts';
import { costReached } from './cost-of-day.ts';
import type { ExecutionUseCases, ExecutionView } from './execution-use-cases.ts';
import { refuseOdd } from './refuse-odd.ts';
import { runSecrets } from './run-secrets.ts';

/** Milliseconds: nobody holds a connection open for longer. */
const LONGEST_RUN = 60 * 60_000;

type Asked = Parameters<ExecutionUseCases['executeWorkflow']>[0];

/** What is run, and all that it is run with. */
interface Chosen {
  readonly workflow: { readonly id: string; readonly slug: string };
  readonly environment: { readonly id: string; readonly name: string };
  readonly part: LivePart;
  readonly effective: Settings;
  readonly request: Omit<RunRequest, 'signal'>;
}

/** Runs what is live, as whoever asks resolves it, and records the run as any other. Nothing is open while it goes on. */
export function makeExecuteWorkflow(
  ports: AllPorts,
  secrets: Secrets,
  { runner }: Pick<Runners, 'runner'>,
): ExecutionUseCases['executeWorkflow'] {
  const record = makeRecorder(ports);
  return async (asked) => {
    const { actor, key, inputs, signal } = asked;
    const runId = randomUUID();
    refuseOdd('The inputs', inputs);
    const chosen = await choose(ports, secrets, runId, asked);
    await permit(ports, actor, chosen, runId);
    const told: RunReport = {
      ...{ runId, workflow: chosen.workflow.slug, version: chosen.part.version.number },
      ...{
        environment: chosen.environment.name,
        started: new Date(),
        durationMs: 0,
        outcome: 'succeeded',
        input: inputs,
      },
      ...(key !== undefined && { key }),
    };
    const begun = performance.now();
    const durationMs = () => Math.round(performance.now() - begun);
    try {
      const answer = await runner.run({ ...chosen.request, signal });
      const recorded = await record(chosen, { ...told, ...figuresOf(answer), durationMs: durationMs() });
      return viewOf(chosen, runId, answer, recorded);
    } catch (error) {
      // Nothing was run; the same is told of what is refused before.
      if (error instanceof RunnerFailure && error.kind === 'cost_reached')
        throw new Refusal('cost_reached', error.userMessage);
      await record(chosen, { ...told, durationMs: durationMs(), ...(signal.aborted ? CANCELLED : failed(error)) });
      throw error instanceof RunnerFailure ? named(error, runId) : error;
    }
  };
}

const CANCELLED = { outcome: 'cancelled', error: 'Whoever asked for it went away.' } as const;

async function choose(ports: AllPorts, secrets: Secrets, runId: string, asked: Asked): Promise<Chosen> {
  const { workspaceId } = asked.actor;
  const environment = getEnvironment(
    await ports.glance(workspaceId, (tx) => tx.environments.pipeline()),
    asked.environment,
  );
  const where = { workspaceId, environment, workflow: asked.workflow };
  const { workflow, part, effective, own } = await chooseSide(ports, where, asked.key ?? null);
  const filled = await ports.documents.fill(part.stored, effective);
  if (!filled.ok)
    throw new DoesNotFillError(`${workflow.slug} ${versionName(part.version)} in ${environment.name}`, filled.problems);
  const limits = runLimitsOf(effective.limits);
  const request = {
    ...{ workflow: workflow.slug, version: part.version.number, environment: environment.name, input: asked.inputs },
    runner: typeof effective.runner === 'object' ? effective.runner : null,
    ...{ definition: filled.definition, overrides: filled.overrides, settings: effective, shadow: false },
    secrets: runSecrets({ effective, own }, environment.name, secrets),
    limits: { ...limits, timeoutMs: Math.min(limits.timeoutMs, LONGEST_RUN) },
    place: { workspaceId, environmentId: environment.id, runId, actor: asked.actor, workflowId: workflow.id },
  };
  return { workflow, environment, part, effective, request };
}

/** As `resolveWorkflow` answers: a candidate that can't be filled is given to nobody. */
async function chooseSide(ports: AllPorts, where: ResolveRequest, key: string | null) {
  const parts = await getLive(ports, where);
  const { workflow, live, candidate } = parts;
  const fill = async (part: LivePart) => {
    const { effective, own } = await fillLive(ports, { ...where, parts, live: part });
    return { workflow, part, effective, own };
  };
  const side: Side =
    candidate === null
      ? 'active'
      : sideOf({ workflowId: workflow.id, deploymentId: candidate.deployment.id, key }, candidate.share);
  if (candidate === null || side === 'active') return fill(live);
  return fill(candidate).catch((error: unknown) => {
    if (error instanceof DoesNotFillError) return fill(live);
    throw error;
  });
}

/**
 * People run what they may push; a token that runs workflows may by its scope. What a person had run is in the audit trail, what
 * programs run in the records alone.
 * @throws Refusal not_permitted, no_runner, cost_reached
 */
async function permit(ports: AllPorts, actor: Actor, chosen: Chosen, runId: string): Promise<void> {
  const { workflow, environment, part, effective, request } = chosen;
  const isPrograms = actor.token !== undefined && !actor.token.isPersonal;
  await ports.inTransaction(actor.workspaceId, async (tx) => {
    if (!isPrograms) assertCanRun(await getActing(tx, actor), await getWorkflow(tx, workflow.slug));
    if (request.runner === null && (await tx.executions.agents(environment.id)).registered === 0)
      throw noRunner(workflow.slug, environment.name, effective.runner);
    const { costPerDay } = effective.limits ?? {};
    if (costPerDay !== undefined && (await tx.executions.isSpent(environment.id, workflow.slug, costPerDay)))
      throw new Refusal('cost_reached', costReached(request, costPerDay));
    if (!isPrograms)
      await tx.audit.record(actor, {
        ...{ action: 'workflow.run', subject: `version:${part.version.id}` },
        ...{ workflowId: workflow.id, environmentId: environment.id, after: { runId } },
      });
  });
}

function noRunner(workflow: string, environment: string, set: Settings['runner']): Refusal {
  const why =
    typeof set === 'string'
      ? `its settings only name a runner of your own (“${set.slice(0, 60)}”)`
      : 'its settings have no runner';
  return new Refusal(
    'no_runner',
    `Nothing runs ${workflow} in ${environment}: ${why}, and no agent is registered there. Set one, such as \`runner: { kind: http, url: https://… }\`, or register an agent.`,
  );
}

function figuresOf({ output, cost, tokens, trace }: RunAnswer): Partial<RunReport> {
  return {
    output,
    ...(cost !== undefined && { cost: Math.min(cost, RUN_LIMITS.cost) }),
    ...(tokens !== undefined && { tokens }),
    ...(typeof trace === 'string' && /^https?:\/\/\S+$/.test(trace) && { traceUrl: trace }),
  };
}

function failed(error: unknown): Pick<RunReport, 'outcome' | 'error' | 'cost'> {
  if (!(error instanceof RunnerFailure)) return { outcome: 'failed', error: 'It failed in an unforeseen way.' };
  const { userMessage, cost } = error;
  return { outcome: 'failed', error: userMessage, ...(cost !== null && { cost: Math.min(cost, RUN_LIMITS.cost) }) };
}

/** So that whoever asked finds its record. */
function named({ kind, userMessage, retryAfterMs }: RunnerFailure, runId: string): RunnerFailure {
  return new RunnerFailure(kind, `${userMessage} It is the run ${runId}.`, retryAfterMs);
}

type Recorder = (chosen: Chosen, report: RunReport) => Promise<boolean>;

/** What can't be recorded whole is recorded without what went in and came out. It ran, whatever becomes of its record. */
function makeRecorder(ports: AllPorts): Recorder {
  const recordRuns = makeRecordRuns(ports);
  return async ({ request, environment }, report) => {
    const workspaceId = request.place?.workspaceId ?? '';
    const keep = async (one: RunReport) => {
      // It was charged when it gave its place up.
      const { accepted } = await recordRuns({ workspaceId, within: environment.id, reports: [one], isCharged: true });
      return accepted === 1;
    };
    const { input: _in, output: _out, traceUrl: _trace, ...bare } = report;
    try {
      return (await keep(report)) || (await keep(bare));
    } catch {
      return false;
    }
  };
}

function viewOf({ workflow, environment, part }: Chosen, runId: string, answer: RunAnswer, recorded: boolean) {
  const { number, label } = part.version;
  const view: ExecutionView = {
    ...answer,
    ...{ runId, workflow: workflow.slug, version: { number, label }, environment: environment.name, recorded },
  };
  return view;
}

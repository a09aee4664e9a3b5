import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Refusal } from '../../domain/refusal.ts';
import {
  nothingSpent,
  type RunAnswer,
  type Runner,
  RunnerFailure,
  type RunPlace,
  type RunRequest,
} from '../ports/runners.ts';
import type { ExecutionState, ExecutionWriter, Placing, Ports, Transaction } from '../ports.ts';
import { auditedSecrets } from './audited-secrets.ts';
import { costAtStake, costReachedFailure, leastCost } from './cost-of-day.ts';
import { workMessage } from './run-message.ts';

/** Runs of a workflow that go on in an environment at a time, where its settings do not say. */
const USUAL_CONCURRENCY = 100;
/** Runs that wait in one environment at a time. */
const MOST_WAITING = 500;
/** Milliseconds that a place is held unless whoever has it says so again; and how often that is said. */
const LEASE_MS = 60_000;
const RENEW_MS = 15_000;
/** Milliseconds between looks: often at first, seldom where it takes long. */
const LOOK_MS = { first: 100, last: 2_000 };
const LONGEST_MS = 2 ** 31 - 1;

type PlacingPorts = Pick<Ports, 'inTransaction'>;

interface Placed {
  readonly id: string;
  readonly place: RunPlace;
  readonly request: RunRequest;
  readonly executions: Calls;
}

/** Each in a transaction of its own. */
type Calls = <T>(work: (executions: Transaction['executions']) => Promise<T>) => Promise<T>;

/**
 * Runs what has a place by whom it is to be run by: an environment's agents where it has any, and nobody else then; its runner
 * otherwise. No more than the settings' `concurrency` of a workflow go on in an environment at a time, over all processes; who
 * finds no place waits as long as the run itself may take. Nor do they cost more of a day than `costPerDay`, as far as runs tell
 * what they cost: what goes on counts with what it may still cost, and who finds the rest of the day taken waits as for a place.
 */
export function makePlacedRunner({ inTransaction }: PlacingPorts, runner: Runner): Runner {
  return {
    async run(request) {
      const { place, signal } = request;
      if (place === undefined) return runner.run(request);
      const executions: Calls = (work) => inTransaction(place.workspaceId, (tx) => work(tx.executions));
      const placed = { id: place.runId ?? randomUUID(), place, request, executions };
      try {
        signal.throwIfAborted();
        const asked = await ask(placed);
        if (asked.byAgents) return await runByAgents(placed);
        const secrets = auditedSecrets({ inTransaction }, request, place, placed.id);
        return await runHere({ ...placed, request: { ...request, secrets } }, asked.placing, runner);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw failureOf(error);
      }
    },
  };
}

function ask({ id, place, request, executions }: Placed): Promise<{ byAgents: boolean; placing: Placing }> {
  const { environmentId } = place;
  return executions(async (tx) => {
    const { registered, present } = await tx.agents(environmentId);
    const byAgents = registered > 0;
    if (byAgents && present === 0) throw noAgent(request);
    if (!byAgents && request.runner === null) throw noRunner(request);
    if (byAgents && request.shadow && !isShadowSafe(request)) throw mayHaveEffects(request);
    const { workflow, version, settings, limits } = request;
    const execution = {
      ...{ id, environmentId, workflow, version, timeLimitMs: Math.min(limits.timeoutMs, LONGEST_MS) },
      concurrency: settings.limits?.concurrency ?? USUAL_CONCURRENCY,
      ...{ mostCost: limits.cost, costPerDay: settings.limits?.costPerDay ?? null },
      message: byAgents ? JSON.stringify(workMessage(request)) : null,
    };
    if (!(await tx.add(execution, MOST_WAITING))) throw crowded(request);
    return { byAgents, placing: byAgents ? { state: 'full' } : await tx.takePlace(id, environmentId, LEASE_MS) };
  });
}

async function runHere(placed: Placed, asked: Placing, runner: Runner): Promise<RunAnswer> {
  const { id, request, executions } = placed;
  const spent = nothingSpent();
  let end: Parameters<ExecutionWriter['end']>[1] = 'gone';
  let keeps: NodeJS.Timeout | undefined;
  try {
    const left = await placeOf(placed, asked);
    end = 'failed';
    keeps = setInterval(() => void executions((tx) => tx.keepPlace(id, LEASE_MS)).catch(() => {}), RENEW_MS).unref();
    const limits = { ...request.limits, cost: leastCost(request.limits.cost, left) };
    const answer = await runner.run({ ...request, limits, spent });
    spent.dollars = answer.cost ?? spent.dollars;
    end = 'done';
    return answer;
  } catch (error) {
    if (error instanceof RunnerFailure) spent.dollars = error.cost ?? spent.dollars;
    throw error;
  } finally {
    clearInterval(keeps);
    await leave(placed, end, spent.dollars ?? 0);
  }
}

/** Waits for a place, and tells what is left of its day. @throws RunnerFailure too_busy, cost_reached */
async function placeOf({ id, place, request, executions }: Placed, asked: Placing): Promise<number | null> {
  let last = asked;
  const taken = () => {
    if (last.state === 'spent') throw costReachedFailure(request);
    return last.state === 'taken' && last;
  };
  const look = async () => {
    last = await executions((tx) => tx.takePlace(id, place.environmentId, LEASE_MS));
    return taken();
  };
  const tooLate = () => (last.state === 'costly' ? costAtStake(request) : noPlace(request));
  return (taken() || (await until({ request }, look, tooLate))).left;
}

/** Given to them again where one says that it came to nothing, as a runner is asked again, while the time of the run lasts. */
async function runByAgents(placed: Placed): Promise<RunAnswer> {
  const { retries, timeoutMs } = placed.request.limits;
  const begun = performance.now();
  let turn = placed;
  for (let attempt = 0; ; attempt++) {
    try {
      return await runByOneAgent(turn);
    } catch (error) {
      const left = timeoutMs - (performance.now() - begun);
      const mayPass = error instanceof RunnerFailure && error.mayPass && attempt < retries && left > 0;
      if (!mayPass || (await agentsOf(placed)) === 0) throw error;
      const limits = { ...placed.request.limits, timeoutMs: Math.ceil(left) };
      turn = { ...placed, id: randomUUID(), request: { ...placed.request, limits } };
      await ask(turn);
    }
  }
}

async function agentsOf({ place, executions }: Placed): Promise<number> {
  return executions(async (tx) => (await tx.agents(place.environmentId)).present);
}

async function runByOneAgent(placed: Placed): Promise<RunAnswer> {
  const { id, executions, request } = placed;
  let money: ExecutionState['money'] = null;
  const look = async () => {
    const state = await executions((tx) => tx.look(id));
    money = state?.money ?? null;
    if (money === 'spent') throw costReachedFailure(request);
    return state;
  };
  const notTaken = () => (money === 'costly' ? costAtStake(request) : noneTook(request));
  let end: 'gone' | 'failed' = 'gone';
  try {
    await until(placed, async () => (await look())?.state !== 'waiting', notTaken);
    // A lease ends by the database's clock, and with it the wait.
    const ended = await until(placed, async () => hasEnded(await look()), noAnswer, Number.POSITIVE_INFINITY);
    end = 'failed';
    return answerOf(ended, request);
  } finally {
    await leave(placed, end);
  }
}

function hasEnded(state: ExecutionState | null): { state: ExecutionState | null } | false {
  return state === null || state.state !== 'leased' || state.isLate ? { state } : false;
}

function answerOf({ state }: { state: ExecutionState | null }, request: RunRequest): RunAnswer {
  const agent = `The agent ${state?.agent ?? ''}`.trim();
  const result = state?.result ?? null;
  if (result === null || state === null)
    throw new RunnerFailure('timeout', `${agent} did not answer within ${seconds(request)}.`);
  if ('error' in result) throw new RunnerFailure('died', `${agent} could not run it: ${result.error}`);
  return { ...result.answer, latencyMs: Math.max(0, Math.round(state.heldMs)) };
}

/** Looks ever more seldom until there is something. A database that is away for a moment is asked again. */
async function until<T>(
  { request }: Pick<Placed, 'request'>,
  look: () => Promise<T | false>,
  tooLate: (request: RunRequest) => RunnerFailure,
  patienceMs = request.limits.timeoutMs,
): Promise<T> {
  const begun = performance.now();
  for (let pause = LOOK_MS.first; ; pause = Math.min(pause * 1.2, LOOK_MS.last)) {
    const found = await look().catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'unavailable') return false as const;
      throw error;
    });
    if (found !== false) return found;
    if (performance.now() - begun >= patienceMs) throw tooLate(request);
    await wait(pause, undefined, { signal: request.signal });
  }
}

/** Its place is free at the latest when its lease ends. */
async function leave({ id, executions }: Placed, end: 'done' | 'failed' | 'gone', cost = 0): Promise<void> {
  await executions((tx) => tx.end(id, end, cost)).catch(() => {});
}

function seconds({ limits }: RunRequest): string {
  return `${Math.round(limits.timeoutMs / 1_000)} s`;
}

function noRunner({ workflow, environment }: RunRequest): RunnerFailure {
  return new RunnerFailure(
    'unsupported',
    `Nothing runs ${workflow} in ${environment}: its settings have no runner that Towpath can use. Set one there, such as \`runner: { kind: http, url: … }\`.`,
  );
}

/** Agents are told that a run is to have no effects; that they heed it, the settings have to say. */
function isShadowSafe({ runner }: RunRequest): boolean {
  return runner !== null && 'shadowSafe' in runner && runner.shadowSafe;
}

function mayHaveEffects({ environment }: RunRequest): RunnerFailure {
  return new RunnerFailure(
    'unsupported',
    `Agents run the workflows of ${environment}, and its settings have no runner that is declared \`shadowSafe: true\`, so nothing is replayed there: it might have effects.`,
  );
}

function noAgent({ environment }: RunRequest): RunnerFailure {
  return new RunnerFailure(
    'unreachable',
    `The runs of ${environment} are given to its agents alone, and none was seen within two minutes. Start one, or revoke the tokens of those that are gone for good.`,
  );
}

function crowded({ environment }: RunRequest): RunnerFailure {
  return new RunnerFailure('too_busy', `${MOST_WAITING} runs wait in ${environment} already. Try again later.`);
}

function noPlace(request: RunRequest): RunnerFailure {
  const most = request.settings.limits?.concurrency ?? USUAL_CONCURRENCY;
  const are = most === 1 ? '1 run of it goes' : `${most} runs of it go`;
  return new RunnerFailure(
    'too_busy',
    `${are} on in ${request.environment} already, and none ended within ${seconds(request)}. Try again later, or raise \`limits.concurrency\` there.`,
  );
}

function noneTook(request: RunRequest): RunnerFailure {
  return new RunnerFailure(
    'too_busy',
    `No agent of ${request.environment} took it within ${seconds(request)}. Try again later, or start more of them.`,
  );
}

const noAnswer = (request: RunRequest) =>
  new RunnerFailure('timeout', `The agent did not answer within ${seconds(request)}.`);

/** Messages of anything else may hold anything. */
function failureOf(error: unknown): RunnerFailure {
  if (error instanceof RunnerFailure) return error;
  if (error instanceof Refusal) return new RunnerFailure('died', `It could not be run: ${error.userMessage}`);
  return new RunnerFailure('died', 'It could not be run, for a reason that nobody foresaw.');
}

import { Refusal } from '../../domain/refusal.ts';
import type { RunnerSettings } from '../../domain/suite/runner-settings.ts';
import {
  nothingSpent,
  type RunAnswer,
  type Runner,
  RunnerFailure,
  type RunRequest,
  type Spent,
} from '../../use-cases/ports/runners.ts';
import { type Agents, type AgentsOptions, makeAgents } from './call-endpoint.ts';
import { runByDify } from './dify-runner.ts';
import { type ExecCommands, runByExec } from './exec-runner.ts';
import { runByHttp } from './http-runner.ts';
import type { KindOf } from './kind-of.ts';
import { makeScrubber, type Scrubber } from './make-scrubber.ts';
import { runByN8n } from './n8n-runner.ts';
import { type Deadline, openDeadline } from './open-deadline.ts';
import { retrying } from './retrying.ts';
import { sentSecrets } from './sent-secrets.ts';

export interface RunnerOptions extends AgentsOptions {
  /** The operator's commands; left out, none may be run. */
  readonly commands?: ExecCommands;
}

/** Runs a workflow by whatever kind of runner its environment has, within its time, and with no secret in what it says. */
export function makeRunner({ commands = {}, ...reach }: RunnerOptions = {}): Runner {
  const agents = makeAgents(reach);
  return {
    async run(request) {
      const scrubber = makeScrubber(request.secrets);
      const deadline = openDeadline(request.signal, request.limits.timeoutMs);
      const spent = request.spent ?? nothingSpent();
      try {
        const runner = allowedRunner(request);
        const secrets = sentSecrets(scrubber.secrets, runner, agents);
        const inTime = { ...request, secrets, signal: deadline.signal };
        return scrubbed(
          await deadline.race(runByKind(inTime, runner, { deadline, agents, commands, spent })),
          scrubber,
        );
      } catch (error) {
        if (request.signal.aborted) throw request.signal.reason;
        throw failureOf(error, scrubber, spent.dollars);
      } finally {
        deadline.close();
      }
    },
  };
}

function allowedRunner({ shadow, runner }: RunRequest): RunnerSettings {
  if (runner === null) throw new RunnerFailure('unsupported', 'Its environment has no runner.');
  // A model that is given no tools has no effects.
  if (!shadow || runner.kind === 'ai' || runner.shadowSafe) return runner;
  throw new RunnerFailure(
    'unsupported',
    'This runner is not declared `shadowSafe: true`, so nothing is replayed there: it might have effects.',
  );
}

/** What a run is done with. */
interface Means {
  readonly deadline: Deadline;
  readonly agents: Agents;
  readonly commands: ExecCommands;
  readonly spent: Spent;
}

function runByKind(request: RunRequest, runner: RunnerSettings, means: Means): Promise<RunAnswer> {
  const { limits, signal } = request;
  const { deadline, agents, commands } = means;
  // It repeats single calls of a chain, not all of it.
  if (runner.kind === 'ai') return runByModels(request, runner, means);
  const once = (): Promise<RunAnswer> => {
    switch (runner.kind) {
      case 'http':
        return runByHttp(request, runner, agents);
      case 'n8n':
        return runByN8n(request, runner, agents);
      case 'dify':
        return runByDify(request, runner, agents);
      case 'exec':
        return runByExec(request, runner, commands);
    }
  };
  return retrying(once, {
    retries: limits.retries,
    delayMs: 1_000,
    backoff: 'exponential',
    signal,
    remainingMs: deadline.remainingMs,
  });
}

/** Loaded where it is first needed: few processes ask models, and all would wait for the library as they start. */
async function runByModels(
  request: RunRequest,
  runner: KindOf<'ai'>,
  { agents, deadline, spent }: Means,
): Promise<RunAnswer> {
  const { runByAi } = await import('./ai/ai-runner.ts');
  return runByAi(request, runner, agents, deadline, spent);
}

function scrubbed(answer: RunAnswer, scrubber: Scrubber): RunAnswer {
  const { output, trace, ...figures } = answer;
  return {
    ...figures,
    output: scrubber.value(output),
    ...(trace !== undefined && { trace: scrubber.value(trace) }),
  };
}

/** Whatever else went wrong may hold anything in its message, and is told by its name alone. */
function failureOf(error: unknown, scrubber: Scrubber, cost: number | null): RunnerFailure {
  if (error instanceof RunnerFailure)
    return new RunnerFailure(error.kind, scrubber.message(error.userMessage), error.retryAfterMs, cost);
  if (error instanceof Refusal)
    return new RunnerFailure('refused', `A secret of the runner can’t be had: ${scrubber.message(error.userMessage)}`);
  const name = error instanceof Error ? error.name : typeof error;
  return new RunnerFailure('died', `The run failed in an unforeseen way (${name.slice(0, 60)}).`);
}

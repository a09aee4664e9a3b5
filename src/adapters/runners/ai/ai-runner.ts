import type { Scope } from '../../../domain/chain/expression.ts';
import { fillPrompt } from '../../../domain/chain/fill-prompt.ts';
import { lookUp } from '../../../domain/look-up.ts';
import { durationOf } from '../../../domain/settings/setting-name.ts';
import type { ModelEndpoint } from '../../../domain/suite/runner-settings.ts';
import type { Step } from '../../../domain/workflow/definition.ts';
import type { Json } from '../../../domain/workflow/json.ts';
import { type RunAnswer, RunnerFailure, type RunRequest, type Spent } from '../../../use-cases/ports/runners.ts';
import type { Agents } from '../call-endpoint.ts';
import type { KindOf } from '../kind-of.ts';
import { type Deadline, openDeadline } from '../open-deadline.ts';
import { retrying } from '../retrying.ts';
import { askModel, type ModelAnswer } from './ask-model.ts';
import { chainProblem } from './chain-problems.ts';
import { modelParameters } from './model-parameters.ts';
import { runChain } from './run-chain.ts';
import { makeTally, type Tally } from './tally.ts';

/** Calls to models that one run makes at most, however its loops are written. */
const MOST_CALLS = 500;
/** Tried again so often where neither a step nor the settings say: a provider's rate limit is nobody's failure. */
const USUAL_RETRIES = 2;

/** Runs a workflow of Towpath's own format by asking models: prompts and chains, without tools. */
export async function runByAi(
  request: RunRequest,
  runner: KindOf<'ai'>,
  agents: Agents,
  deadline: Deadline,
  spent: Spent,
): Promise<RunAnswer> {
  const problem = chainProblem(request.definition);
  if (problem !== null) throw new RunnerFailure('unsupported', problem);
  const begun = performance.now();
  const tally = makeTally(request.limits.cost, MOST_CALLS);
  const skipped: Json[] = [];
  // Where one step fails, calls of others may still be going on.
  const rest = new AbortController();
  const signal = AbortSignal.any([request.signal, rest.signal]);
  const running = { request: { ...request, signal }, agents, deadline, tally, spent };
  try {
    const output = await runChain({
      definition: request.definition,
      input: request.input,
      ask: async (step, scope) => (await askStep(step, scope, endpointOf(step, runner), running)).text,
      signal,
      onSkipped: ({ id }, { kind, userMessage }) => skipped.push({ step: id, kind, message: userMessage }),
    });
    return {
      ...tally.figures(),
      output,
      latencyMs: performance.now() - begun,
      ...(skipped.length > 0 && { trace: { skipped } }),
    };
  } finally {
    rest.abort();
  }
}

interface Running {
  readonly request: RunRequest;
  readonly agents: Agents;
  readonly deadline: Deadline;
  readonly tally: Tally;
  readonly spent: Spent;
}

async function askStep(step: Step, scope: Scope, endpoint: ModelEndpoint, running: Running): Promise<ModelAnswer> {
  const { request, agents, deadline, tally, spent } = running;
  const { model, systemPrompt, timeout, modelParameters: parameters = {}, retry } = step.properties;
  if (model === undefined)
    throw new RunnerFailure('unsupported', 'It names no model. Name one there, or in the environment’s settings.');
  const prompt = fillPrompt(promptOf(step), scope);
  const system = systemPrompt === undefined ? undefined : fillPrompt(systemPrompt, scope);
  const settings = modelParameters(parameters);
  const own = openDeadline(
    request.signal,
    timeout === undefined ? Number.POSITIVE_INFINITY : durationOf(timeout),
    'step',
  );
  const once = async (): Promise<ModelAnswer> => {
    tally.begin();
    const answer = await askModel({
      ...{ endpoint, model, prompt, settings, agents, secrets: request.secrets, signal: own.signal },
      ...(system !== undefined && { system }),
      answerBytes: request.limits.answerBytes,
    });
    tally.add(answer.tokens, lookUp(endpoint.prices ?? {}, model));
    spent.dollars = tally.figures().cost ?? null;
    return answer;
  };
  try {
    return await own.race(
      retrying(once, {
        retries: retriesOf(retry, request.limits.retries),
        delayMs: retry?.delay === undefined ? 1_000 : durationOf(retry.delay),
        backoff: (retry?.backoff as 'fixed' | 'linear' | 'exponential' | undefined) ?? 'exponential',
        signal: own.signal,
        remainingMs: () => Math.min(own.remainingMs(), deadline.remainingMs()),
      }),
    );
  } finally {
    own.close();
  }
}

function promptOf({ properties: { task, expectedOutput } }: Step): string {
  if (task === undefined) throw new RunnerFailure('unsupported', 'It has no `task` to ask a model.');
  return expectedOutput === undefined ? task : `${task}\n\nExpected output: ${expectedOutput}`;
}

function retriesOf(retry: Step['properties']['retry'], ofSettings: number): number {
  const attempts = Number(retry?.maxAttempts);
  if (Number.isInteger(attempts) && attempts >= 1) return Math.min(attempts - 1, 20);
  return Math.min(Math.max(ofSettings, USUAL_RETRIES), 20);
}

/** The provider that the step names, or the only one there is. */
function endpointOf({ properties: { provider } }: Step, { providers }: KindOf<'ai'>): ModelEndpoint {
  const named = provider === undefined ? undefined : lookUp(providers, provider);
  const [only, another] = Object.values(providers);
  const endpoint = named ?? (another === undefined ? only : undefined);
  if (endpoint !== undefined) return endpoint;
  const known = Object.keys(providers).slice(0, 10).join(', ');
  const what = provider === undefined ? 'names no provider' : `names the provider ${provider.slice(0, 60)}`;
  throw new RunnerFailure('unsupported', `It ${what}, and the environment’s runner knows ${known}.`);
}

import { ExpressionError, evaluateExpression, holds, type Scope } from '../../../domain/chain/expression.ts';
import { jsonIn } from '../../../domain/suite/look-at.ts';
import type { Definition, Step } from '../../../domain/workflow/definition.ts';
import { isObject, type Json } from '../../../domain/workflow/json.ts';
import { checkValues } from '../../../domain/workflow/source/check-values.ts';
import { RunnerFailure } from '../../../use-cases/ports/runners.ts';
import { makeStepCount, type StepCount } from './step-count.ts';
import { inDependencyOrder, inTurn } from './step-order.ts';

export interface Chain {
  readonly definition: Pick<Definition, 'executionMode' | 'steps'>;
  readonly input: Json;
  /** Asks a model what a step of type `llm` or `agent` asks; gives its text. */
  readonly ask: (step: Step, scope: Scope) => Promise<string>;
  readonly signal: AbortSignal;
  /** Told of a step that failed where its workflow goes on. */
  readonly onSkipped: (step: Step, failure: RunnerFailure) => void;
}

/** Repetitions of a loop that names no limit, and of any. */
const USUAL_ITERATIONS = 10;
const MOST_ITERATIONS = 1_000;
const BRANCHES_AT_A_TIME = 4;

/**
 * Runs the steps of a workflow, one after the other or as they depend on each other, and gives what the last one gave (in a `dag`
 * with several ends: a mapping of them all).
 * @throws RunnerFailure naming the step
 */
export async function runChain(chain: Chain): Promise<Json> {
  const outputs: Record<string, Json> = {};
  const inputs: Json = isObject(chain.input) ? chain.input : { input: chain.input };
  return runSteps(chain.definition.steps, { inputs }, outputs, { ...chain, count: makeStepCount(chain.signal) });
}

type Counted = Chain & { readonly count: StepCount };
type Outputs = Record<string, Json>;

async function runSteps(steps: readonly Step[], scope: Scope, outputs: Outputs, chain: Counted): Promise<Json> {
  const run = (step: Step) => runStep(step, scope, outputs, chain);
  if (chain.definition.executionMode !== 'dag') return inTurn(steps, run);
  return inDependencyOrder(steps, run, BRANCHES_AT_A_TIME);
}

async function runStep(step: Step, scope: Scope, outputs: Outputs, chain: Counted): Promise<Json> {
  await chain.count.next();
  try {
    outputs[step.id] = await outputOf(step, scope, outputs, chain);
  } catch (error) {
    chain.count.assertGoesOn();
    const failure = named(step, error);
    if (step.properties.onError !== 'continue') throw failure;
    chain.onSkipped(step, failure);
    outputs[step.id] = null;
  }
  return outputs[step.id] ?? null;
}

function outputOf(step: Step, scope: Scope, outputs: Outputs, chain: Counted): Promise<Json> {
  if (step.kind === 'condition') return runCondition(step, scope, outputs, chain);
  if (step.kind === 'loop') return runLoop(step, scope, outputs, chain);
  if (step.kind === 'parallel') return runParallel(step, scope, outputs, chain);
  return chain.ask(step, inScope(scope, outputs)).then(readOutput);
}

/** What a model says is a text; where that is JSON, a mapping or a list, its parts can be named. */
function readOutput(text: string): Json {
  const value = /^\s*(?:[[{]|```)/.test(text) ? jsonIn(text) : undefined;
  if (typeof value !== 'object' || value === null) return text;
  return checkValues(value).length > 0 ? text : value;
}

function inScope(scope: Scope, outputs: Outputs): Scope {
  const steps = Object.fromEntries(Object.entries(outputs).map(([id, output]) => [id, { output }]));
  return { ...scope, steps };
}

async function runCondition(step: Step, scope: Scope, outputs: Outputs, chain: Counted): Promise<Json> {
  const does = holds(step.properties.condition?.if ?? '', inScope(scope, outputs));
  const branch = step.children.find(({ role }) => role === (does ? 'then' : 'else'));
  return branch === undefined ? null : runSteps(branch.steps, scope, outputs, chain);
}

/** Over a list: the outputs of all repetitions. Without one: the output of the last. */
async function runLoop(step: Step, scope: Scope, outputs: Outputs, chain: Counted): Promise<Json> {
  const { over, maxIterations, breakWhen } = step.properties.loop ?? {};
  const items = over === undefined ? null : listOf(over, inScope(scope, outputs));
  const most = Math.min(countOf(maxIterations) ?? items?.length ?? USUAL_ITERATIONS, MOST_ITERATIONS);
  const collected: Json[] = [];
  for (let index = 0; index < most && index < (items?.length ?? Number.POSITIVE_INFINITY); index++) {
    await chain.count.next();
    const inner: Scope = { ...scope, index, item: items?.[index] ?? null, output: collected.at(-1) ?? null };
    const output = await runSteps(step.children[0]?.steps ?? [], inner, outputs, chain);
    collected.push(output);
    if (breakWhen !== undefined && holds(breakWhen, afterIteration(inScope(inner, outputs), output))) break;
  }
  return items === null ? (collected.at(-1) ?? null) : collected;
}

/** `breakWhen: score > 0.9` names a part of what the repetition gave; what else there is comes first. */
function afterIteration(scope: Scope, output: Json): Scope {
  return { ...(isObject(output) ? output : {}), ...scope, output };
}

function listOf(over: string, scope: Scope): readonly Json[] {
  const value = evaluateExpression(over.replace(/^\s*\{\{(.*)\}\}\s*$/s, '$1'), scope);
  if (Array.isArray(value)) return value;
  throw new ExpressionError(`‘${over.slice(0, 100)}’ is no list to go over.`);
}

function countOf(value: number | string | undefined): number | null {
  const count = Number(value);
  return value !== undefined && Number.isInteger(count) && count > 0 ? count : null;
}

async function runParallel(step: Step, scope: Scope, outputs: Outputs, chain: Counted): Promise<Json> {
  const parallel = step.properties['parallel'];
  const asked = isObject(parallel) ? countOf(parallel['maxConcurrency'] as number | undefined) : null;
  const results = new Map<string, Json>();
  const open = step.children.entries();
  const work = async (): Promise<void> => {
    for (const [, { role, steps }] of open) results.set(role, await runSteps(steps, scope, outputs, chain));
  };
  await Promise.all(Array.from({ length: Math.min(asked ?? BRANCHES_AT_A_TIME, BRANCHES_AT_A_TIME) }, work));
  return Object.fromEntries(step.children.map(({ role }) => [role, results.get(role) ?? null]));
}

function named(step: Step, error: unknown): RunnerFailure {
  const before = `Step ${step.id}: `;
  if (error instanceof ExpressionError) return new RunnerFailure('unsupported', `${before}${error.message}`);
  if (!(error instanceof RunnerFailure)) throw error;
  // The innermost step has said its name already.
  if (error.userMessage.startsWith('Step ')) return error;
  return new RunnerFailure(error.kind, `${before}${error.userMessage}`, error.retryAfterMs);
}

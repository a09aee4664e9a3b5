import { type Judgement, judgeCase, type Question, questionsOf } from '../../domain/suite/judge-case.ts';
import { textOf } from '../../domain/suite/look-at.ts';
import type { SuiteCase } from '../../domain/suite/suite.ts';
import type { CaseResult } from '../../domain/suite/suite-outcome.ts';
import type { Judge, RunAnswer, RunLimits } from '../ports/runners.ts';
import { RunnerFailure } from '../ports/runners.ts';
import type { SuiteRun } from './run-suite.ts';
import { within } from './within.ts';

/** Characters of an output that a result keeps. */
const KEPT_OUTPUT = 4_000;
/** Milliseconds that a runner has to end by itself once its time is up. */
const GRACE_MS = 2_000;
/** Milliseconds that a judge has for one question. */
const JUDGE_PATIENCE_MS = 60_000;

/** Runs and judges one case. `notRun` where the signal ended it; never throws. */
export async function runCase(one: SuiteCase, run: SuiteRun, signal: AbortSignal): Promise<CaseResult> {
  const begun = performance.now();
  try {
    const answer = await answerOf(one, run, signal);
    const { judgements, judgeCost } = await judgementsOf(one, answer, run.judge, signal);
    if (signal.aborted) return notRun(one);
    const { state, score, assertions } = judgeCase(one, answer.output, judgements);
    return {
      name: one.name,
      state,
      score,
      assertions,
      output: beginningOf(textOf(answer.output)),
      latencyMs: answer.latencyMs,
      ...(answer.cost !== undefined && { cost: answer.cost }),
      ...(judgeCost > 0 && { judgeCost }),
    };
  } catch (error) {
    if (signal.aborted) return notRun(one);
    return errored(one, error, performance.now() - begun, timeoutOf(run));
  }
}

async function answerOf({ input }: SuiteCase, { runner, request, suite, limits }: SuiteRun, signal: AbortSignal) {
  const timeoutMs = timeoutOf({ suite, limits });
  const one: RunLimits = { ...limits.run, timeoutMs };
  return within(signal, timeoutMs + GRACE_MS, (ends) =>
    runner.run({ ...request, input, limits: one, signal: ends, shadow: false }),
  );
}

/** Milliseconds that one case may take. */
function timeoutOf({ suite, limits }: Pick<SuiteRun, 'suite' | 'limits'>): number {
  return Math.min(limits.run.timeoutMs, suite.timeoutMs ?? limits.run.timeoutMs);
}

async function judgementsOf(one: SuiteCase, answer: RunAnswer, judge: Judge | null, signal: AbortSignal) {
  const judgements = new Map<number, Judgement>();
  let judgeCost = 0;
  for (const question of judge === null ? [] : questionsOf(one, answer.output)) {
    const { judgement, cost } = await ask(judge as Judge, question, textOf(one.input), signal);
    judgements.set(question.index, judgement);
    judgeCost += cost;
  }
  return { judgements, judgeCost };
}

/** A judge that fails leaves its question open: that is no pass, and no failure of the workflow either. */
async function ask(
  judge: Judge,
  { assertion, output }: Question,
  input: string,
  signal: AbortSignal,
): Promise<{ judgement: Judgement; cost: number }> {
  try {
    const { cost = 0, ...judgement } = await within(signal, JUDGE_PATIENCE_MS, (ends) =>
      assertion.type === 'similar'
        ? judge.similarity(assertion.value, output, ends)
        : judge.grade({ rubric: assertion.value, input, output }, ends),
    );
    return { judgement, cost };
  } catch (error) {
    const why = error instanceof RunnerFailure ? error.userMessage : 'It failed in an unforeseen way.';
    return { judgement: { unavailable: `The judge gave no verdict: ${why}` }, cost: 0 };
  }
}

/** One that was given up took at least as long: left out, it would make the others look faster than the workflow is. */
function errored({ name }: SuiteCase, error: unknown, afterMs: number, timeoutMs: number): CaseResult {
  // A bug's message may hold anything.
  const failure =
    error instanceof RunnerFailure ? error : new RunnerFailure('died', 'The runner failed in an unforeseen way.');
  return {
    name,
    state: 'errored',
    score: null,
    assertions: [],
    error: { kind: failure.kind, message: `${failure.userMessage} (after ${Math.round(afterMs / 100) / 10} s)` },
    ...(failure.kind === 'timeout' && { latencyMs: Math.min(afterMs, timeoutMs) }),
    ...(failure.cost !== null && { cost: failure.cost }),
  };
}

function notRun({ name }: SuiteCase): CaseResult {
  return { name, state: 'notRun', score: null, assertions: [] };
}

function beginningOf(text: string): string {
  return text.length <= KEPT_OUTPUT ? text : `${text.slice(0, KEPT_OUTPUT - 1).toWellFormed()}…`;
}

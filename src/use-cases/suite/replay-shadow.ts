import { isSame } from '../../domain/diff/likeness.ts';
import { textOf } from '../../domain/suite/look-at.ts';
import { type Replayed, type ShadowOutcome, shadowOutcome } from '../../domain/suite/shadow-outcome.ts';
import { textLikeness } from '../../domain/suite/text-likeness.ts';
import type { Json } from '../../domain/workflow/json.ts';
import { type Judge, type RunAnswer, type Runner, RunnerFailure, type RunRequest } from '../ports/runners.ts';
import { inBounds } from './in-bounds.ts';
import type { SuiteLimits } from './run-suite.ts';
import { within } from './within.ts';

type Side = Omit<RunRequest, 'input' | 'limits' | 'signal' | 'shadow'>;

export interface ShadowReplay {
  readonly inputs: readonly Json[];
  readonly proposed: Side;
  readonly live: Side;
  readonly runner: Runner;
  /** Null: outputs are compared by their words. */
  readonly judge: Judge | null;
  /** From 0 to 1: answers that are less alike diverge. */
  readonly minSimilarity: number;
  readonly limits: SuiteLimits;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total: number;
    /** Of which both versions gave something to compare. */
    readonly compared: number;
    readonly diverged: number;
    /** US dollars so far, as far as it is told. */
    readonly cost: number;
  }) => void;
}

/** Characters kept of an input and of each output: more than is shown, so that no secret is cut in two before it is masked. */
const KEPT = 4_000;
/** Milliseconds that a runner has to end by itself once its time is up, and that a judge has. */
const GRACE_MS = 2_000;
const JUDGE_PATIENCE_MS = 60_000;

/**
 * Replays inputs on the proposed version and on what is live, without effects, and compares what they answer. Never throws. A runner
 * that is not declared `shadowSafe` refuses, so that nothing is compared.
 */
export async function replayShadow(replay: ShadowReplay): Promise<ShadowOutcome> {
  const { inputs, limits, signal } = replay;
  const replayed: Replayed[] = [];
  let spent = 0;
  const mostPerPiece = limits.run.cost === null ? null : 2 * limits.run.cost;
  const bounds = { places: limits.concurrency, timeMs: limits.timeMs, budget: limits.budget, mostPerPiece, signal };
  const end = await inBounds(inputs, bounds, async (input, _index, ends) => {
    const { result, cost } = await replayOne(input, replay, ends);
    if (!ends.aborted) replayed.push(result);
    spent += cost ?? 0;
    tell(replay, replayed, spent);
    return cost;
  });
  return shadowOutcome(replayed, inputs.length, end);
}

async function replayOne(
  input: Json,
  replay: ShadowReplay,
  signal: AbortSignal,
): Promise<{ result: Replayed; cost: number | undefined }> {
  const [live, proposed] = await Promise.all([
    runSide(replay.live, input, replay, signal),
    runSide(replay.proposed, input, replay, signal),
  ]);
  const costs = [live, proposed].map((side) => side.cost);
  const told = { input: beginningOf(textOf(input)), live: shown(live), proposed: shown(proposed) };
  const known = costs.includes(undefined) ? undefined : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
  // Whether it would have answered alike, nobody knows of what there was no money for.
  if (!('output' in live) || ('failure' in proposed && proposed.isBarred))
    return { result: { ...told, state: 'errored', similarity: null }, cost: known };
  if (!('output' in proposed)) return { result: { ...told, state: 'diverged', similarity: null }, cost: known };
  const { score, cost } = await compare(live.output, proposed.output, replay.judge, signal);
  const state = score === null ? 'errored' : score >= replay.minSimilarity ? 'alike' : 'diverged';
  return { result: { ...told, state, similarity: score }, cost: known === undefined ? undefined : known + cost };
}

interface NoAnswer {
  readonly failure: string;
  /** The day's money was spent, so it never ran. */
  readonly isBarred: boolean;
  /** US dollars, where it is known. */
  readonly cost?: number;
}

async function runSide(
  side: Side,
  input: Json,
  { runner, limits }: ShadowReplay,
  signal: AbortSignal,
): Promise<RunAnswer | NoAnswer> {
  try {
    return await within(signal, limits.run.timeoutMs + GRACE_MS, (ends) =>
      runner.run({ ...side, input, limits: limits.run, signal: ends, shadow: true }),
    );
  } catch (error) {
    if (!(error instanceof RunnerFailure))
      return { failure: 'The runner failed in an unforeseen way.', isBarred: false };
    const isBarred = error.kind === 'cost_reached';
    return { failure: error.userMessage, isBarred, ...(error.cost !== null && { cost: error.cost }) };
  }
}

/** A score of null: the judge did not answer, and its silence is no likeness. */
async function compare(
  live: Json,
  proposed: Json,
  judge: Judge | null,
  signal: AbortSignal,
): Promise<{ score: number | null; cost: number }> {
  if (isSame(live, proposed)) return { score: 1, cost: 0 };
  if (judge === null) return { score: textLikeness(live, proposed), cost: 0 };
  try {
    const { score, cost = 0 } = await within(signal, JUDGE_PATIENCE_MS, (ends) =>
      judge.similarity(textOf(live), textOf(proposed), ends),
    );
    return { score, cost };
  } catch {
    return { score: null, cost: 0 };
  }
}

function tell({ onProgress, inputs }: ShadowReplay, replayed: readonly Replayed[], cost: number): void {
  const count = (state: Replayed['state']) => replayed.filter((one) => one.state === state).length;
  const diverged = count('diverged');
  try {
    const compared = count('alike') + diverged;
    onProgress?.({ done: replayed.length, total: inputs.length, compared, diverged, cost });
  } catch {
    // Showing progress is no part of the replay.
  }
}

function shown(side: RunAnswer | NoAnswer): string {
  return 'output' in side ? beginningOf(textOf(side.output)) : `(no output: ${side.failure})`;
}

function beginningOf(text: string): string {
  return text.length <= KEPT ? text : `${text.slice(0, KEPT - 1).toWellFormed()}…`;
}

import type { CheckFigures } from './check-figures.ts';
import { mean } from './percentile.ts';
import type { SuiteEnd } from './suite-outcome.ts';

/** What one input came to on both versions. */
export interface Replayed {
  /** `errored`: what is live gave no output, so there is nothing to compare with. `diverged` also where only the proposed one gave none. */
  readonly state: 'alike' | 'diverged' | 'errored';
  /** From 0 to 1; null: there were no two outputs. */
  readonly similarity: number | null;
  /** Beginnings, as text. */
  readonly input: string;
  readonly live: string;
  readonly proposed: string;
}

export interface ShadowOutcome {
  readonly end: SuiteEnd;
  /** Inputs that there were. */
  readonly total: number;
  /** Inputs that could be compared. */
  readonly compared: number;
  readonly diverged: number;
  /** Mean similarity of what was compared, from 0 to 1; null: nothing was. */
  readonly similarity: number | null;
  /** Of what diverged, the least alike first. */
  readonly examples: readonly Replayed[];
}

const MOST_EXAMPLES = 5;

export function shadowOutcome(replayed: readonly Replayed[], total: number, end: SuiteEnd): ShadowOutcome {
  const compared = replayed.filter(({ state }) => state !== 'errored');
  const diverged = compared.filter(({ state }) => state === 'diverged');
  return {
    end,
    total,
    compared: compared.length,
    diverged: diverged.length,
    similarity: mean(compared.map(({ similarity }) => similarity ?? 0)),
    examples: [...diverged].sort((a, b) => (a.similarity ?? 0) - (b.similarity ?? 0)).slice(0, MOST_EXAMPLES),
  };
}

/** The check result of a replay. What could not be compared was not judged; one that was cut short, or compared nothing, errored. */
export function shadowFigures({ end, total, compared, diverged, similarity }: ShadowOutcome): CheckFigures {
  const shared = { kind: 'shadow', name: 'shadow', source: 'suite' } as const;
  if (end !== 'completed' || compared === 0) {
    const why = total === 0 ? 'There were no inputs to replay.' : 'None of the inputs could be compared.';
    const detail = end === 'completed' ? why : 'The replay was cut short.';
    return { ...shared, state: 'errored', detail };
  }
  const passed = compared - diverged;
  return {
    ...shared,
    state: diverged === 0 ? 'passed' : 'failed',
    ...{ passed, failed: diverged, notJudged: total - compared },
    ...(similarity !== null && { score: similarity, of: 1 }),
  };
}

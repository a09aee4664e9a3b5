import { type RunAnswer, RunnerFailure } from '../../../use-cases/ports/runners.ts';

/** Counts what one run asks and spends. */
export interface Tally {
  /** @throws RunnerFailure refused where no further call may be made */
  begin(): void;
  /** @param price US dollars for a million tokens; undefined: unknown */
  add(tokens: { readonly input?: number; readonly output?: number }, price: Price | undefined): void;
  /** Without a cost where one call's is unknown. */
  figures(): Pick<RunAnswer, 'cost' | 'tokens'>;
}

interface Price {
  readonly input: number;
  readonly output: number;
}

const MILLION = 1_000_000;

/** @param mostCost US dollars; null: as much as it takes */
export function makeTally(mostCost: number | null, mostCalls: number): Tally {
  let calls = 0;
  let cost = 0;
  let isCostKnown = true;
  let input = 0;
  let output = 0;
  return {
    begin() {
      if (++calls > mostCalls)
        throw new RunnerFailure('refused', `The run was ended after ${mostCalls} calls to models. Bound its loops.`);
      if (mostCost !== null && cost >= mostCost && calls > 1)
        throw new RunnerFailure(
          'refused',
          `The run was ended at $${Number(mostCost.toFixed(4))}, the most that it may cost here now.`,
        );
    },
    add(tokens, price) {
      input += tokens.input ?? 0;
      output += tokens.output ?? 0;
      const isTold = price !== undefined && tokens.input !== undefined && tokens.output !== undefined;
      if (isTold) cost += ((tokens.input ?? 0) * price.input + (tokens.output ?? 0) * price.output) / MILLION;
      else isCostKnown = false;
    },
    figures: () => ({ ...(isCostKnown && { cost }), tokens: { input, output } }),
  };
}

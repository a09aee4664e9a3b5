import { z } from 'zod';
import type { CheckCaseView } from './check-views.ts';

/*
 * Cases of a result as they were kept: by programs in Towpath's own shape, by suites, and by replays.
 */

const MOST = 500;
const text = z.string().nullish();
const figure = z.number().nullish();
const state = z.enum(['passed', 'failed', 'errored', 'skipped', 'notJudged', 'notRun', 'diverged', 'alike']);

const keptCase = z.object({
  state,
  ...{ name: text, message: text, output: text, input: text, live: text, proposed: text },
  ...{ cost: figure, latencyMs: figure, similarity: figure },
  error: z.object({ message: z.string() }).nullish().catch(null),
  assertions: z
    .array(z.object({ state: z.string().optional(), reason: text }))
    .nullish()
    .catch(null),
});

/** Cases in one shape, those that did not pass first. What is no case is left out. */
export function readCases(kept: readonly unknown[]): CheckCaseView[] {
  return kept
    .slice(0, MOST)
    .flatMap((one, index) => {
      const read = keptCase.safeParse(one).data;
      return read === undefined ? [] : [toView(read, index)];
    })
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

/** What a lead looks at first. */
const ORDER: readonly CheckCaseView['state'][] = [
  ...(['failed', 'diverged', 'errored', 'notJudged', 'notRun', 'skipped', 'passed', 'alike'] as const),
];

function toView(one: z.infer<typeof keptCase>, index: number): CheckCaseView {
  return {
    name: one.name ?? `Input ${index + 1}`,
    state: one.state,
    message: one.message ?? one.error?.message ?? whyNot(one),
    output: one.output ?? one.proposed ?? null,
    input: one.input ?? null,
    live: one.live ?? null,
    similarity: one.similarity ?? null,
    cost: one.cost ?? null,
    latencyMs: one.latencyMs ?? null,
  };
}

/** The first thing said of the output that did not hold. */
function whyNot({ assertions }: z.infer<typeof keptCase>): string | null {
  const missed = assertions?.find((assertion) => assertion.state !== 'passed');
  return missed?.reason ?? null;
}

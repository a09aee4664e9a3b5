import type { CheckCaseView } from '../../../use-cases/views.ts';
import { dollars, latency } from './figures.ts';
import { type Part, quote, section } from './parts.ts';
import { escaped } from './text.ts';

/*
 * Cases of tests and replays. What a model gave out may say anything: it is shown word for word, nothing of it interpreted.
 */

const STATES: Record<CheckCaseView['state'], string> = {
  passed: '✓',
  failed: '✗',
  errored: '⚠️ errored:',
  skipped: '○ skipped:',
  notJudged: '○ not judged:',
  notRun: '○ did not run:',
  diverged: '✗ diverged:',
  alike: '✓ alike:',
};
const GOOD = new Set<CheckCaseView['state']>(['passed', 'alike']);
const OUTPUT_MAX = 500;

/** `✗ *refund*: does not contain “refund”`. Escaped. */
export function caseLine({ name, state, message, similarity, cost, latencyMs }: CheckCaseView): string {
  const figures = [
    ...(similarity === null ? [] : [`similarity ${Math.floor(similarity * 100) / 100}`]),
    ...(cost === null ? [] : [dollars(cost)]),
    ...(latencyMs === null ? [] : [latency(Math.round(latencyMs))]),
  ];
  const told = figures.length === 0 ? '' : ` (${figures.join(' · ')})`;
  return `${STATES[state]} *${escaped(name, 150)}*${told}${message === null ? '' : `: ${escaped(message, 300)}`}`;
}

/** A case with what it gave out; of one that is as it should be, the line alone. */
export function caseParts(one: CheckCaseView, importance: number): Part[] {
  const line = section(caseLine(one), importance);
  if (GOOD.has(one.state)) return [line];
  if (one.live !== null) return [line, quote(comparedText(one), importance, 3 * OUTPUT_MAX)];
  return one.output === null || one.output.trim() === '' ? [line] : [line, quote(one.output, importance, OUTPUT_MAX)];
}

function comparedText({ input, live, output }: CheckCaseView): string {
  const cut = (text: string | null) => (text === null || text.trim() === '' ? '–' : text.slice(0, OUTPUT_MAX));
  return `Input: ${cut(input)}\nLive: ${cut(live)}\nProposed: ${cut(output)}`;
}

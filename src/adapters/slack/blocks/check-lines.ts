import { type CheckResult, casesOf, counterpartOf, passRate } from '../../../domain/check-result.ts';
import { dollarText, durationText, percentText } from '../../../domain/requirements/figures-in-words.ts';
import { whole } from './figures.ts';
import { escaped } from './text.ts';

/*
 * What was found out about a version, as a lead reads it: the figure, and the live version's beside it. Names and details come from
 * programs, so that all of them are escaped.
 */

type Result = Omit<CheckResult, 'versionId' | 'environmentId'>;

const MARKS: Record<CheckResult['state'], string> = { passed: '✓', failed: '✗', running: '⏳', errored: '⚠️' };
const CALLED: Record<CheckResult['kind'], string> = {
  tests: 'Tests',
  quality: 'Quality',
  cost: 'Cost',
  latency: 'Latency',
  check: 'Check',
  shadow: 'Shadow',
};

/** `✗ *Tests* smoke: 38 of 40 passed, 95% (live 97%)`. @param live results of what is live there; null: nothing is */
export function checkLine(result: Result, live: readonly Result[] | null): string {
  const { kind, name, state, detail } = result;
  const called = name === kind || name === '' ? '' : ` ${escaped(name, 100)}`;
  const why = detail === undefined || detail === '' ? '' : `\n      ${escaped(detail, 300)}`;
  return `${MARKS[state]} *${CALLED[kind]}*${called}: ${figureText(result)}${liveText(result, live)}${why}`;
}

function figureText(result: Result): string {
  const { state, kind, score, of, costPerRun, p95 } = result;
  if (state === 'running') return 'it runs';
  if (state === 'errored') return `could not be carried out${countsText(result, ', ')}`;
  if (kind === 'quality' && score !== undefined) return scoreText(score, of);
  if (kind === 'cost' && costPerRun !== undefined) return `${dollarText(costPerRun)} a run`;
  if (kind === 'latency' && p95 !== undefined) return `p95 ${durationText(p95)}`;
  if (kind === 'shadow') return shadowText(result);
  return countsText(result, '') || state;
}

/** `38 of 40 passed, 95%`; empty without a case. */
function countsText(result: Result, before: string): string {
  const cases = casesOf(result);
  const rate = passRate(result);
  if (cases === null || rate === null) return '';
  const { passed = 0, notJudged = 0 } = result;
  const unknown = notJudged === 0 ? '' : `, ${whole(notJudged)} not judged`;
  return `${before}${whole(passed)} of ${whole(cases)} passed, ${percentText(rate)}${unknown}`;
}

function shadowText(result: Result): string {
  const cases = casesOf(result);
  if (cases === null) return result.state;
  const alike = result.score === undefined ? '' : `, similarity ${scoreText(result.score)} on average`;
  return `${whole(result.failed ?? 0)} of ${whole(cases)} answers diverged${alike}`;
}

function scoreText(score: number, of?: number): string {
  const shown = Math.floor(score * 100 + 1e-6) / 100;
  return of === undefined ? String(shown) : `${shown} of ${of}`;
}

/** The same figure of what is live, by the same name. */
function liveText(result: Result, live: readonly Result[] | null): string {
  const other = live === null ? undefined : counterpartOf(result, live);
  if (other === undefined || result.state === 'running' || result.state === 'errored') return '';
  if (other.state === 'running' || other.state === 'errored') return '';
  const told = shortFigure(other);
  return told === null ? '' : ` (live ${told})`;
}

/** The one number of a result, for a column beside another: `95%`, `$0.031`, `2.4 s`. Null where it tells none. */
export function shortFigure(result: Result): string | null {
  const { kind, score, of, costPerRun, p95 } = result;
  switch (kind) {
    case 'cost':
      return costPerRun === undefined ? null : dollarText(costPerRun);
    case 'latency':
      return p95 === undefined ? null : durationText(p95);
    case 'quality':
      return score === undefined ? null : scoreText(score, of);
    case 'shadow':
      return divergedText(result);
    default: {
      const rate = passRate(result);
      return rate === null ? null : percentText(rate);
    }
  }
}

function divergedText(result: Result): string | null {
  const rate = passRate(result);
  return rate === null ? null : `${percentText(1 - rate, 'up')} diverged`;
}

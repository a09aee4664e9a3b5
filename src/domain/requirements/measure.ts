import { ageOf, type CheckKind, type CheckResult, isOwnResult, newestByName } from '../check-result.ts';
import { durationText } from './figures-in-words.ts';
import { type Facts, notJudgedYet, type Verdict } from './requirement.ts';

/** A figure of check results that something is asked of. */
export interface Measure {
  kind: CheckKind;
  /** Of the results' names, the one that counts. Left out: every one has to be good enough. */
  name?: string;
  /** Milliseconds. */
  maxAge: number;
  /** What is asked, as the checklist's line: `Pass rate of at least 80%`. */
  asked: string;
  /** What results are called in sentences: `tests`. */
  called: string;
  /** The figure; null where a result does not tell it. */
  told(result: CheckResult): number | null;
  /** `pass rate 96%`, or as the live one's: `94%`. */
  text(figure: number, as: 'proposed' | 'live'): string;
  /** Whether it is good enough; null where that takes the live one's figure and there is none. @param live null: nothing is live */
  isEnough(figure: number, live: number | null | undefined): boolean | null;
}

/** One result, judged. `live`: undefined where something is live whose figure is not known. */
interface Judged {
  result: CheckResult;
  figure: number | null;
  live: number | null | undefined;
  state: Verdict['state'];
  why?: string;
}

/** Judges the newest results of the proposed version in the target, each by itself: one that is not good enough is enough. */
export function judgeMeasure(facts: Facts, measure: Measure): Verdict {
  if (facts.checks === undefined) return notJudgedYet(measure.asked);
  const all = newestByName(facts.checks.filter(belongsTo(facts)), measure.kind).filter(
    ({ name }) => measure.name === undefined || name === measure.name,
  );
  const judged = all
    .map((result) => aged(judgeOne(result, facts, measure), facts, measure))
    .filter((one) => one !== null);
  const worst =
    judged.find(({ state }) => state === 'failed') ?? judged.find(({ state }) => state === 'pending') ?? judged[0];
  if (worst === undefined) return { state: 'pending', summary: measure.asked, detail: noneYet(all, facts, measure) };
  return describe(
    worst,
    nameAmong(
      worst.result,
      judged.map(({ result }) => result),
    ),
    measure,
  );
}

/** What is too old counts no more, but for one that was not good enough: time alone makes nothing better. Null: it does not count. */
function aged(one: Judged, { now }: Facts, { maxAge }: Measure): Judged | null {
  if (ageOf(one.result, now) <= maxAge) return one;
  if (one.state === 'met') return null;
  return { ...one, state: 'pending', why: `that is older than ${durationText(maxAge)}: run it again` };
}

/** ` in unit`, where there are others. Two of one name are told apart by who found them out. */
function nameAmong(result: CheckResult, all: readonly CheckResult[]): string {
  if (all.length < 2) return '';
  const isTwice = all.filter(({ name }) => name === result.name).length > 1;
  if (!isTwice) return ` in ${result.name}`;
  return ` in ${result.name}, as ${isOwnResult(result) ? 'Towpath ran it' : 'reported'}`;
}

/** Results belong to one version and one environment: others say nothing here. */
export function belongsTo({ promotion, target }: Pick<Facts, 'promotion' | 'target'>) {
  return ({ versionId, environmentId }: CheckResult) =>
    versionId === promotion.versionId && environmentId === target.id;
}

function judgeOne(result: CheckResult, facts: Facts, measure: Measure): Judged {
  const figure = measure.told(result);
  const live = liveFigure(result, facts, measure);
  const one = { result, figure, live };
  if (result.state === 'running') return { ...one, state: 'pending', why: result.detail ?? 'running' };
  if (result.state === 'errored') return { ...one, state: 'failed', why: result.detail ?? 'could not be carried out' };
  if (figure === null) return { ...one, state: 'failed', why: `the newest ${measure.called} tell no such figure` };
  const isEnough = measure.isEnough(figure, live);
  if (isEnough === null)
    return { ...one, state: 'pending', why: 'there are no results of what is live to compare with' };
  return { ...one, state: isEnough ? 'met' : 'failed' };
}

/** Of the live version's newest result by the same name that ended and tells it, found out by the same if there is one. */
function liveFigure(proposed: CheckResult, { liveChecks, target }: Facts, measure: Measure): number | null | undefined {
  if (liveChecks === undefined || liveChecks === null) return liveChecks;
  const ended = liveChecks.filter(
    (result) =>
      result.name === proposed.name &&
      result.environmentId === target.id &&
      ['passed', 'failed'].includes(result.state),
  );
  const both = newestByName(ended, measure.kind);
  const newest = both.find((result) => isOwnResult(result) === isOwnResult(proposed)) ?? both[0];
  return newest === undefined ? undefined : (measure.told(newest) ?? undefined);
}

function noneYet(all: readonly CheckResult[], { target }: Facts, { called, maxAge }: Measure): string {
  if (all.length > 0) return `the newest ${called} are older than ${durationText(maxAge)}`;
  return `no ${called} of this version in ${target.name} yet`;
}

function describe({ result, figure, live, state, why }: Judged, name: string, measure: Measure): Verdict {
  const detail = why === undefined ? {} : { detail: why };
  if (figure === null || result.state === 'running' || result.state === 'errored')
    return { state, summary: `${measure.asked}${name}`, ...detail };
  const beside = typeof live === 'number' ? ` (live ${measure.text(live, 'live')})` : '';
  const asked = state === 'met' ? '' : `; asked for: ${measure.asked[0]?.toLowerCase()}${measure.asked.slice(1)}`;
  const text = measure.text(figure, 'proposed');
  return { state, summary: `${text[0]?.toUpperCase()}${text.slice(1)}${name}${beside}${asked}`, ...detail };
}

/** Whether a figure is at most so much above the live one; null where that is not known. Binary fractions err by a hair. */
export function isIncreaseWithin(figure: number, live: number | null | undefined, most: number): boolean | null {
  if (live === undefined) return null;
  if (live === null) return true;
  const limit = live * (1 + most);
  return figure <= limit + Math.abs(limit) * 1e-12;
}

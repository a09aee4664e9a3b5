import type { Asked, CanalModel, ModelPromotion, Report } from './canal-model.ts';

type What = Pick<ModelPromotion, 'version' | 'to'>;

export function newest(model: CanalModel, { version, to }: What, kind: Report['kind'], name: string) {
  const ofPlace = model.reports.filter((report) => report.version === version && report.environment === to);
  return ofPlace.findLast((report) => report.kind === kind && report.name === name);
}

export function passesTests(model: CanalModel, what: What, { tests }: Asked): boolean {
  if (tests === undefined) return true;
  return areGood(model, what, 'tests', tests.maxAge, ({ figure }) => figure >= tests.minPassRate);
}

/** On each scale that is asked for, told of the same best score or of none. */
export function isGoodEnough(model: CanalModel, what: What, { quality = [] }: Asked): boolean {
  return quality.every(({ scale, minScore, of: best, maxAge }) => {
    const reaches = ({ figure, of = best }: Report) => of === best && figure >= minScore && figure <= best;
    return areGood(model, what, 'quality', maxAge, reaches, scale);
  });
}

export function isCheapEnough(model: CanalModel, what: What, { cost }: Asked, live: number | undefined): boolean {
  if (cost === undefined) return true;
  const { maxCostPerRun = Number.POSITIVE_INFINITY, maxIncrease, maxAge } = cost;
  const isGood = ({ figure, name }: Report) =>
    figure <= maxCostPerRun &&
    isLittleMore(model, { version: live, to: what.to }, { kind: 'cost', name }, figure, maxIncrease);
  return areGood(model, what, 'cost', maxAge, isGood);
}

export function isQuickEnough(model: CanalModel, what: What, { latency }: Asked, live: number | undefined): boolean {
  if (latency === undefined) return true;
  const { maxP95 = Number.POSITIVE_INFINITY, maxIncrease, maxAge } = latency;
  const isGood = ({ figure, name }: Report) =>
    figure <= maxP95 &&
    isLittleMore(model, { version: live, to: what.to }, { kind: 'latency', name }, figure, maxIncrease);
  return areGood(model, what, 'latency', maxAge, isGood);
}

/** Than the figure of what is live, by the same name: without one, nobody knows. */
function isLittleMore(
  model: CanalModel,
  { version, to }: { version: number | undefined; to: string },
  { kind, name }: Pick<Report, 'kind' | 'name'>,
  figure: number,
  most: number | undefined,
): boolean {
  if (most === undefined || version === undefined) return true;
  const theirs = newest(model, { version, to }, kind, name);
  return theirs !== undefined && isOver(theirs) && figure <= theirs.figure * (1 + most) + 1e-9;
}

function isOver({ state }: Report): boolean {
  return state === 'passed' || state === 'failed';
}

/** Whether of the newest of each name every one is good, however old, and one is not too old. */
function areGood(
  model: CanalModel,
  { version, to }: What,
  kind: Report['kind'],
  maxAge: number,
  isGood: (report: Report) => boolean,
  named?: string,
): boolean {
  const all = model.reports.filter((one) => one.version === version && one.environment === to && one.kind === kind);
  const last = all
    .filter((report) => all.findLast(({ name }) => name === report.name) === report)
    .filter(({ name }) => named === undefined || name === named);
  const isFresh = ({ at }: Report) => model.minutes - at < maxAge / 60_000;
  return last.every((report) => isOver(report) && isGood(report)) && last.some(isFresh);
}

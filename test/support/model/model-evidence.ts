import type { Asked, CanalModel, ModelPromotion } from './canal-model.ts';

/** What was looked at in the target is good for so many minutes. */
const LOOKED_AT_GOOD_FOR = 10;

/** Each said yes to what is proposed now. */
export function gatesSaidYes({ gates }: ModelPromotion, { gates: asked = [] }: Asked, bound: string): boolean {
  return asked.every(({ url }) =>
    gates.some((gate) => gate.url === url && gate.to === bound && gate.state === 'approved'),
  );
}

/** It was seen a moment ago that the target has all that is named by what is proposed now. */
export function hasParity(
  { minutes }: CanalModel,
  { parity }: ModelPromotion,
  { parity: asked }: Asked,
  bound: string,
): boolean {
  if (asked === undefined) return true;
  return parity !== null && parity.to === bound && parity.isThere && minutes - parity.at < LOOKED_AT_GOOD_FOR;
}

/** Of the newest replay beside what is live: of enough inputs not too many came out otherwise, and all are alike enough. */
export function answersAlike(
  { replays }: CanalModel,
  { version, to }: ModelPromotion,
  { shadow }: Asked,
  live: number | undefined,
): boolean {
  if (shadow === undefined || live === undefined) return true;
  const newest = replays.findLast((one) => one.version === version && one.environment === to && one.beside === live);
  if (newest === undefined || newest.compared === 0) return false;
  const { compared, diverged, lost, similarity } = newest;
  const all = compared + lost;
  const isAlike = (diverged + lost) / all <= (shadow.maxDivergence ?? 0.1) && similarity >= shadow.minSimilarity;
  return all >= shadow.sample && isAlike;
}

type Stretch = CanalModel['stretches'][number];

/** It was live in the environment before for long enough without a break and did well then, and does not do badly there now. */
export function hasSoaked(model: CanalModel, promotion: ModelPromotion, { soak }: Asked): boolean {
  if (soak === undefined) return true;
  const there = model.stretches.filter(
    ({ environment, version }) => environment === promotion.from && version === promotion.version,
  );
  const lasted = ({ from, to }: Stretch) => (to ?? model.moment) - from >= soak.for / 60_000;
  const failedMost = (stretch: Stretch) => failing(model, stretch) > (soak.maxErrorRate ?? 1);
  const fewest = soak.minRuns ?? (soak.maxErrorRate === undefined ? 0 : 1);
  const didWell = (stretch: Stretch) => succeeded(model, stretch) >= fewest && !failedMost(stretch);
  return there.some((one) => lasted(one) && didWell(one)) && !there.some((one) => one.to === null && failedMost(one));
}

function succeeded(model: CanalModel, stretch: Stretch): number {
  return runsIn(model, stretch).filter(({ outcome }) => outcome === 'succeeded').length;
}

/** The part of what ended by itself that failed. */
function failing(model: CanalModel, stretch: Stretch): number {
  const ended = runsIn(model, stretch).filter(({ outcome }) => outcome !== 'cancelled');
  return ended.length === 0 ? 0 : ended.filter(({ outcome }) => outcome === 'failed').length / ended.length;
}

function runsIn({ runs }: CanalModel, { environment, version, from, to }: Stretch): CanalModel['runs'] {
  const isWithin = (at: number) => at >= from && (to === null || at < to);
  return runs.filter((run) => run.environment === environment && run.version === version && isWithin(run.at));
}

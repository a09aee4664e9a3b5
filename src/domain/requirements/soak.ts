import type { SoakPolicy } from '../policy/soak-policy.ts';
import { lengthOf, longestStretch, type Stretch, soakedAt, type Unhealthy, unhealthy } from '../soak.ts';
import { durationText, percentText } from './figures-in-words.ts';
import { type Facts, notJudgedYet, policyOf, type Requirement, type Verdict } from './requirement.ts';

/**
 * The version was active in the environment before for the asked time, in one unbroken stretch whose runs were healthy enough. A
 * stretch that ended counts as well, unless the version does badly there now.
 */
export const soakRequirement: Requirement = {
  kind: 'soak',
  applies: (facts) => policyOf(facts).soak !== undefined,
  evaluate: (facts) => {
    const asked = policyOf(facts).soak;
    if (asked === undefined) return { state: 'met', summary: 'No soak needed' };
    if (facts.stretches === undefined) return notJudgedYet(inWords(asked));
    return judgeSoak(facts.stretches, asked, facts);
  },
};

function judgeSoak(stretches: readonly Stretch[], asked: SoakPolicy, { now }: Facts): Verdict {
  const long = stretches.filter((stretch) => lengthOf(stretch, now) >= asked.for);
  const good = long.find(({ figures }) => unhealthy(figures, asked).length === 0);
  const current = stretches.find(({ to }) => to === null);
  const doesBadly = current !== undefined && isBad(current, asked);
  if (good !== undefined && !doesBadly)
    return { state: 'met', summary: `Soaked for ${durationText(lengthOf(good, now))}${runsOf(good, asked)}` };
  const shown = doesBadly ? current : longestStretch(long.length > 0 ? long : stretches, now);
  const retryAt = long.length > 0 || doesBadly ? null : soakedAt(stretches, asked, now);
  return {
    state: 'pending',
    summary: inWords(asked),
    detail: shown === null ? 'it was not active there' : lacking(shown, asked, now),
    ...(retryAt !== null && { retryAt }),
  };
}

/** A current stretch that began just now may have too few runs; what was not looked up at all may be anything. */
function isBad({ figures }: Stretch, asked: SoakPolicy): boolean {
  const found = unhealthy(figures, asked);
  return found.includes('errors') || found.includes('divergence') || (figures === undefined && found.length > 0);
}

function lacking(stretch: Stretch, asked: SoakPolicy, now: Date): string {
  const { runs = 0, failed = 0, divergence = null } = stretch.figures ?? {};
  const words: Record<Unhealthy, string> = {
    unknown: 'its runs there tell too little yet',
    few: `${runs - failed} of ${asked.minRuns ?? 1} healthy runs`,
    errors: `${percentText(failed / Math.max(runs, 1), 'up')} of its runs failed`,
    divergence: `${percentText(divergence ?? 1, 'up')} of comparisons diverged`,
  };
  const length = lengthOf(stretch, now);
  const parts = unhealthy(stretch.figures, asked).map((found) => words[found]);
  if (length < asked.for) parts.unshift(`${durationText(length)} so far`);
  return parts.join(', ');
}

/** `Soak of 24 h in one stretch, with 50 healthy runs, at most 2% of them failed`. */
function inWords({ for: time, minRuns, maxErrorRate, maxDivergence }: SoakPolicy): string {
  return [
    `Soak of ${durationText(time)}`,
    ...(minRuns === undefined ? [] : [`${minRuns} healthy run${minRuns === 1 ? '' : 's'}`]),
    ...(maxErrorRate === undefined ? [] : [`at most ${percentText(maxErrorRate)} failed`]),
    ...(maxDivergence === undefined ? [] : [`at most ${percentText(maxDivergence)} diverged`]),
  ].join(', ');
}

function runsOf({ figures }: Stretch, { minRuns, maxErrorRate }: SoakPolicy): string {
  if (figures === undefined || (minRuns === undefined && maxErrorRate === undefined)) return '';
  const failed = figures.runs === 0 ? '' : ` (${percentText(figures.failed / figures.runs, 'up')} failed)`;
  return `, ${figures.runs} run${figures.runs === 1 ? '' : 's'}${failed}`;
}

import type { CheckResult } from '../check-result.ts';
import type { QualityPolicy } from '../policy/quality-policy.ts';
import { judgeMeasure } from './measure.ts';
import { type Facts, policyOf, type Requirement, type Verdict } from './requirement.ts';

const ORDER: readonly Verdict['state'][] = ['failed', 'pending', 'met'];

/** The version reaches the score that is asked for on every named scale. */
export const qualityRequirement: Requirement = {
  kind: 'quality',
  applies: (facts) => (policyOf(facts).quality ?? []).length > 0,
  evaluate: (facts) => {
    const verdicts = (policyOf(facts).quality ?? []).map((asked) => judgeScale(facts, asked));
    const [worst, ...others] = verdicts.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
    if (worst === undefined) return { state: 'met', summary: 'No score needed' };
    return { ...worst, summary: [worst, ...others].map(({ summary }) => summary).join(', ') };
  },
};

function judgeScale(facts: Facts, { scale, minScore, of, maxAge }: QualityPolicy): Verdict {
  return judgeMeasure(facts, {
    ...{ kind: 'quality', name: scale, maxAge, called: `scores for ${scale}` },
    asked: `${capital(scale)} of at least ${minScore} of ${of}`,
    told: (result) => scoreOn(result, of),
    text: (score, as) => (as === 'live' ? scoreText(score) : `${scale} ${scoreText(score)} of ${of}`),
    isEnough: (score) => score >= minScore,
  });
}

/** Null where it is of another scale than the one asked for, or no score on it. */
function scoreOn({ score, of: best }: CheckResult, of: number): number | null {
  if (score === undefined || (best !== undefined && best !== of)) return null;
  return score >= 0 && score <= of ? score : null;
}

/** Two decimals, cut off: what misses a score by little does not look as if it reached it. */
function scoreText(score: number): string {
  return String(Math.floor(score * 100 + 1e-6) / 100);
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

import { durationText, percentText } from './figures-in-words.ts';
import { isIncreaseWithin, judgeMeasure } from './measure.ts';
import { policyOf, type Requirement } from './requirement.ts';

/** 95 of 100 runs (p95) of the version in the target take no longer than allowed, and not too much longer than what is live. */
export const latencyRequirement: Requirement = {
  kind: 'latency',
  applies: (facts) => policyOf(facts).latency !== undefined,
  evaluate: (facts) => {
    const { maxP95, maxIncrease, maxAge = 0 } = policyOf(facts).latency ?? {};
    const limits = [
      ...(maxP95 === undefined ? [] : [`at most ${durationText(maxP95)}`]),
      ...(maxIncrease === undefined ? [] : [`at most ${percentText(maxIncrease)} more than what is live`]),
    ];
    return judgeMeasure(facts, {
      ...{ kind: 'latency', maxAge, called: 'latency figures' },
      asked: `Latency p95 of ${limits.join(' and ')}`,
      told: ({ p95 }) => (p95 !== undefined && p95 >= 0 ? p95 : null),
      text: (p95, as) => (as === 'live' ? durationText(p95) : `latency p95 ${durationText(p95)}`),
      isEnough: (p95, live) => {
        if (maxP95 !== undefined && !(p95 <= maxP95)) return false;
        return maxIncrease === undefined ? true : isIncreaseWithin(p95, live, maxIncrease);
      },
    });
  },
};

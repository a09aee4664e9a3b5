import { dollarText, percentText } from './figures-in-words.ts';
import { isIncreaseWithin, judgeMeasure } from './measure.ts';
import { policyOf, type Requirement } from './requirement.ts';

/** A run of the version in the target costs no more than allowed, and not too much more than one of what is live. */
export const costRequirement: Requirement = {
  kind: 'cost',
  applies: (facts) => policyOf(facts).cost !== undefined,
  evaluate: (facts) => {
    const { maxCostPerRun, maxIncrease, maxAge = 0 } = policyOf(facts).cost ?? {};
    const limits = [
      ...(maxCostPerRun === undefined ? [] : [`at most ${dollarText(maxCostPerRun)}`]),
      ...(maxIncrease === undefined ? [] : [`at most ${percentText(maxIncrease)} more than what is live`]),
    ];
    return judgeMeasure(facts, {
      ...{ kind: 'cost', maxAge, called: 'cost figures' },
      asked: `Cost of a run: ${limits.join(' and ')}`,
      told: ({ costPerRun }) => (costPerRun !== undefined && costPerRun >= 0 ? costPerRun : null),
      text: (cost, as) => (as === 'live' ? dollarText(cost) : `${dollarText(cost)} a run`),
      isEnough: (cost, live) => {
        if (maxCostPerRun !== undefined && !(cost <= maxCostPerRun)) return false;
        return maxIncrease === undefined ? true : isIncreaseWithin(cost, live, maxIncrease);
      },
    });
  },
};

import { passRate } from '../check-result.ts';
import { percentText } from './figures-in-words.ts';
import { judgeMeasure } from './measure.ts';
import { policyOf, type Requirement } from './requirement.ts';

/** So many of the version's tests have passed in the target. A case that nothing could judge did not pass. */
export const testsRequirement: Requirement = {
  kind: 'tests',
  applies: (facts) => policyOf(facts).tests !== undefined,
  evaluate: (facts) => {
    const { minPassRate = 1, maxAge = 0 } = policyOf(facts).tests ?? {};
    return judgeMeasure(facts, {
      ...{ kind: 'tests', maxAge, called: 'test results', told: passRate },
      asked: `Pass rate of at least ${percentText(minPassRate, 'up')}`,
      text: (rate, as) => (as === 'live' ? percentText(rate) : `pass rate ${percentText(rate)}`),
      isEnough: (rate) => rate >= minPassRate,
    });
  },
};

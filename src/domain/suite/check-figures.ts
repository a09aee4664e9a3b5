import type { CheckResult } from '../check-result.ts';
import type { SuiteOutcome } from './suite-outcome.ts';

/**
 * The figures of one check result, before it belongs to a version and an environment. One file or one run of a suite gives
 * several: what passed, each quality, the cost, the latency. What errored counts as failed, and `detail` tells them apart.
 */
export type CheckFigures = Omit<CheckResult, 'versionId' | 'environmentId' | 'at'>;

/**
 * The check results of a run of a suite. A run that was cut short, or gave no output at all, is `errored` whatever passed before,
 * and has none but its tests: half of a suite says nothing of quality, cost or latency.
 */
export function figuresOf(outcome: SuiteOutcome): CheckFigures[] {
  const { suite: name, passed, failed, errored, notJudged, notRun, end, total } = outcome;
  const isWhole = end === 'completed' && errored < total;
  const state = !isWhole ? 'errored' : passed === total ? 'passed' : 'failed';
  const detail = detailOf(outcome);
  const tests: CheckFigures = {
    kind: 'tests',
    name,
    state,
    passed,
    failed: failed + errored,
    notJudged: notJudged + notRun,
    source: 'suite',
    ...(detail !== '' && { detail }),
  };
  if (!isWhole) return [tests];
  return [tests, ...measuresOf(outcome)];
}

function measuresOf({ suite: name, scales, errored, costPerRun, untoldCosts, p95 }: SuiteOutcome): CheckFigures[] {
  const shared = { name, state: 'passed', source: 'suite' } as const;
  // The cases without an output may be the bad ones.
  const qualities = (errored > 0 ? [] : scales).map(({ name: scale, score, of }): CheckFigures => {
    return { ...shared, kind: 'quality', name: scale, score, of };
  });
  return [
    ...qualities,
    // A mean without those that keep their cost to themselves would be too low.
    ...(costPerRun === null || untoldCosts > 0 ? [] : [{ ...shared, kind: 'cost' as const, costPerRun }]),
    ...(p95 === null ? [] : [{ ...shared, kind: 'latency' as const, p95 }]),
  ];
}

const ENDS: Readonly<Record<SuiteOutcome['end'], string>> = {
  completed: '',
  budget: 'The budget was spent before all cases had run.',
  time: 'The time was up before all cases had run.',
  stopped: 'It was stopped before all cases had run.',
};

function detailOf({ end, errored, notRun, cases }: SuiteOutcome): string {
  const first = cases.find(({ state }) => state === 'errored');
  const failure = first?.error === undefined ? '' : ` The first: ${first.name.slice(0, 100)}: ${first.error.message}`;
  const parts = [
    ENDS[end],
    errored > 0 ? `${errored} ${errored === 1 ? 'case' : 'cases'} errored.${failure}` : '',
    notRun > 0 ? `${notRun} did not run.` : '',
  ];
  return parts
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, 1_000);
}

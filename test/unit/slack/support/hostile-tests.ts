import fc from 'fast-check';
import { CHECK_KINDS, CHECK_SOURCES, CHECK_STATES } from '../../../../src/domain/check-result.ts';
import { SUITE_RUN_KINDS, SUITE_RUN_STATES } from '../../../../src/domain/suite/suite-run.ts';
import type { KeptCheck } from '../../../../src/use-cases/ports.ts';
import type {
  CheckCaseView,
  ChecksView,
  CheckView,
  RunOnCard,
  SuiteRunView,
  SuiteView,
  TestsOfPromotion,
} from '../../../../src/use-cases/views.ts';
import { hostileText } from './hostile-texts.ts';

/*
 * What programs, models and runners say, at its worst: their texts are of strangers.
 */

const optionalText = fc.option(hostileText);
const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const version = fc.record({ id: fc.uuid(), number: fc.nat(), label: optionalText, author: hostileText });
const environment = fc.record({ id: fc.uuid(), name: hostileText, badge: hostileText });
const workflow = fc.record({ id: fc.uuid(), slug: hostileText, department: optionalText });
const figure = fc.double({ min: 0, max: 1e12, noNaN: true });
const count = fc.integer({ min: 0, max: 1_000_000_000 });

const result: fc.Arbitrary<KeptCheck> = fc.record(
  {
    ...{ id: fc.uuid(), kind: fc.constantFrom(...CHECK_KINDS), name: hostileText, by: hostileText },
    ...{ environmentId: fc.uuid(), versionId: fc.uuid(), at: date, receivedAt: date },
    ...{ state: fc.constantFrom(...CHECK_STATES), source: fc.constantFrom(...CHECK_SOURCES) },
    ...{ passed: count, failed: count, notJudged: count, score: figure, of: figure, costPerRun: figure, p95: figure },
    ...{ url: fc.webUrl({ withQueryParameters: true, withFragments: true }), detail: hostileText },
  },
  {
    requiredKeys: [
      'id',
      'kind',
      'name',
      'by',
      'environmentId',
      'versionId',
      'at',
      'receivedAt',
      'state',
      'source',
    ] as const,
  },
) as fc.Arbitrary<KeptCheck>;

const oneCase: fc.Arbitrary<CheckCaseView> = fc.record({
  name: hostileText,
  state: fc.constantFrom('passed', 'failed', 'errored', 'skipped', 'notJudged', 'notRun', 'diverged', 'alike'),
  ...{ message: optionalText, output: optionalText, input: optionalText, live: optionalText },
  ...{ similarity: fc.option(fc.double({ min: 0, max: 1, noNaN: true })), cost: fc.option(figure) },
  latencyMs: fc.option(figure),
});
const cases = fc.array(oneCase, { maxLength: 60 });
const live = fc.option(fc.record({ version, results: fc.array(result, { maxLength: 30 }) }));

export const hostileChecks: fc.Arbitrary<ChecksView> = fc.record({
  ...{ workflow, version },
  environments: fc.array(fc.record({ environment, results: fc.array(result, { maxLength: 30 }), live }), {
    maxLength: 5,
  }),
});

export const hostileCheck: fc.Arbitrary<CheckView> = fc.record({ workflow, version, environment, result, cases });

const figures = { total: count, done: count, passed: count, failed: count, notJudged: count, errored: count };

export const hostileRun: fc.Arbitrary<SuiteRunView> = fc.record({
  ...{ id: fc.uuid(), kind: fc.constantFrom(...SUITE_RUN_KINDS), workflow, version, environment, ...figures },
  ...{ cost: figure, suite: fc.option(fc.nat()), promotionId: fc.option(fc.uuid()), askedBy: hostileText },
  ...{ state: fc.constantFrom(...SUITE_RUN_STATES), budget: fc.option(figure), askedAt: date },
  ...{ startedAt: fc.option(date), endedAt: fc.option(date), detail: optionalText },
  ...{ results: fc.array(result, { maxLength: 60 }), live, cases },
});

const onCard: fc.Arbitrary<RunOnCard> = fc.record({
  ...{ id: fc.uuid(), state: fc.constantFrom(...SUITE_RUN_STATES), checkId: fc.option(fc.uuid()) },
  ...{ total: count, done: count, passed: count, failed: count, errored: count },
});
export const hostileTestsOnCard: fc.Arbitrary<TestsOfPromotion | null> = fc.option(
  fc.record({ suite: fc.option(onCard), replay: fc.option(onCard), hasSuite: fc.boolean() }),
);

export const hostileSuite: fc.Arbitrary<SuiteView> = fc.record({
  ...{ workflow, number: fc.nat(), source: hostileText, fileName: optionalText, name: hostileText },
  ...{ cases: fc.nat(), savedBy: hostileText, savedAt: date },
});

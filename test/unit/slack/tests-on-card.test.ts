import { expect, test } from 'vitest';
import { promotionCard } from '../../../src/adapters/slack/blocks/promotion-card.ts';
import type { JudgedRequirement } from '../../../src/domain/requirements/evaluate.ts';
import type { RunOnCard, TestsOfPromotion } from '../../../src/use-cases/views.ts';
import { open, seen } from './support/an-open-promotion.ts';
import { expectTaken } from './support/expect-taken.ts';

const pending: JudgedRequirement = {
  ...{ kind: 'tests', state: 'pending', summary: 'Pass rate of at least 90%', detail: '12 of 40 so far' },
};
const run = (more: Partial<RunOnCard>): RunOnCard => ({
  ...{ id: 'r1', state: 'running', total: 40, done: 12, passed: 11, failed: 1, errored: 0, checkId: 'c1' },
  ...more,
});
const cardOf = (tests: Partial<TestsOfPromotion>, requirements = [pending]) => {
  const card = promotionCard({ ...open, requirements, tests: { suite: null, replay: null, hasSuite: true, ...tests } });
  expectTaken(card);
  return card;
};
const TEST_BUTTONS = ['Run the tests', 'Run tests again', 'Replay again'];
const offered = (tests: Partial<TestsOfPromotion>) =>
  seen(cardOf(tests)).buttons.filter((text) => TEST_BUTTONS.includes(text) || /case|input/.test(text));

test('while tests run, the card says once how far they are, and lets them be stopped', () => {
  const card = cardOf({ suite: run({}) });
  const { text } = seen(card);
  expect(text).toContain('⏳ *Tests*: 12 of 40 so far, 1 did not pass');
  expect(text.split('12 of 40 so far').length - 1).toBe(1);
  expect(JSON.stringify(card.blocks)).toContain('"action_id":"stop_tests:0"');
  expect(offered({ suite: run({}) })).toEqual([]);
});

test('of tests that were not found to run, the card says what the requirement says', () => {
  expect(seen(cardOf({})).text).toContain('Pass rate of at least 90%: 12 of 40 so far');
});

test.each<[string, Partial<TestsOfPromotion>, string[]]>([
  ['did not run yet', {}, ['Run the tests']],
  ['do not exist', { hasSuite: false }, []],
  ['passed', { suite: run({ state: 'completed', passed: 40, failed: 0 }) }, ['All 40 cases', 'Run tests again']],
  ['failed', { suite: run({ state: 'completed', failed: 1, errored: 1 }) }, ['2 cases failed', 'Run tests again']],
  ['wrote nothing', { suite: run({ state: 'failed', checkId: null }) }, ['Run tests again']],
  [
    'passed, and a replay diverged',
    { suite: run({ state: 'completed', failed: 0 }), replay: run({ state: 'completed', failed: 3 }) },
    ['All 40 cases', '3 inputs diverged', 'Run tests again'],
  ],
  [
    'do not exist, and a replay was stopped',
    { hasSuite: false, replay: run({ state: 'stopped', failed: 0, checkId: null }) },
    ['Replay again'],
  ],
])('of tests that %s the card offers what can be looked at and done', (_, tests, buttons) => {
  expect(offered(tests)).toEqual(buttons);
});

test('of a workflow that has to be tested and has no suite, the card says how to give it one', () => {
  const hint = 'summarize-flow has no suite: `/towpath suite summarize-flow` gives it one';
  expect(seen(cardOf({ hasSuite: false })).text).toContain(hint);
  expect(seen(cardOf({ hasSuite: true })).text).not.toContain('has no suite');
  expect(seen(cardOf({ hasSuite: false }, [{ ...pending, state: 'met' }])).text).not.toContain('has no suite');
});

test('once it is decided, nothing of it is shown', () => {
  const view = { ...open, status: 'rejected', tests: { suite: run({}), replay: null, hasSuite: true } } as const;
  expect(JSON.stringify(promotionCard(view).blocks)).not.toMatch(/Tests|stop_tests|run_tests/);
});

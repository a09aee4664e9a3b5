import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkView } from '../../../src/adapters/sandbox/block-kit/check-blocks.ts';
import { deploymentReceipt } from '../../../src/adapters/slack/blocks/deployment-receipt.ts';
import { promotionCard } from '../../../src/adapters/slack/blocks/promotion-card.ts';
import { proposalsAnswer } from '../../../src/adapters/slack/blocks/proposal-answers.ts';
import { rollbackReceipt } from '../../../src/adapters/slack/blocks/rollback-receipt.ts';
import { onlyAbortedAnswer, rolloutAnswer, rolloutDone } from '../../../src/adapters/slack/blocks/rollout-answers.ts';
import { diffAnswer, historyAnswer, statusAnswer } from '../../../src/adapters/slack/blocks/show-answers.ts';
import { storyMessage } from '../../../src/adapters/slack/blocks/story.ts';
import { homeView } from '../../../src/adapters/slack/home/home-view.ts';
import { diffModal } from '../../../src/adapters/slack/modals/diff-view.ts';
import type { SettingsProposalsView, SettingsProposalView } from '../../../src/use-cases/views.ts';
import { expectNothingForged, expectTaken, mrkdwnOf, nothingToShow } from './support/expect-taken.ts';
import { hostileRollout, hostileRolloutReceipt } from './support/hostile-rollouts.ts';
import * as hostile from './support/hostile-views.ts';

/** Without shrinking: views this large would take minutes to become smaller. */
const RUNS = { numRuns: 150, endOnFailure: true };

test('a promotion’s card is taken by Slack whatever it shows, and always says what it is about and what can be done', () => {
  fc.assert(
    fc.property(hostile.hostilePromotion, (view) => {
      const card = promotionCard(view);
      expectTaken(card);
      expect(card.blocks[0]?.type).toBe('header');
      if (view.status === 'open' && view.fingerprint.length < 100) {
        expect(JSON.stringify(card.blocks)).toContain('approve_promotion');
      }
    }),
    RUNS,
  );
});

test('receipts are taken by Slack whatever they show', () => {
  fc.assert(
    fc.property(hostile.hostileDeployment, hostile.hostileRollback, (deployment, rollback) => {
      expectTaken(deploymentReceipt(deployment));
      expectTaken(rollbackReceipt(rollback));
    }),
    RUNS,
  );
});

test('what is told of a canary is taken by Slack whatever it shows', () => {
  fc.assert(
    fc.property(hostileRollout, hostileRolloutReceipt, (rollout, receipt) => {
      expectTaken(rolloutAnswer(rollout));
      expectTaken(rolloutDone(receipt));
      expectTaken(onlyAbortedAnswer(receipt));
    }),
    RUNS,
  );
});

test('private lists are taken by Slack whatever they show', () => {
  const lists = fc.tuple(
    fc.array(hostile.hostileStatus, { maxLength: 60 }),
    fc.array(hostile.hostileHistory, { maxLength: 60 }),
    hostile.hostileDiff,
  );
  fc.assert(
    fc.property(lists, hostile.hostileText, ([statuses, history, diff], cursor) => {
      const workflow = { id: 'w', slug: cursor, department: null };
      expectTaken(statusAnswer({ items: statuses, cursor }, {}));
      expectTaken(historyAnswer({ workflow, items: history, cursor }, { workflow: cursor }));
      expectTaken(diffAnswer(diff, { workflow: cursor, from: 'a', to: 'b' }));
    }),
    { ...RUNS, numRuns: 40 },
  );
});

test('changes of settings are taken by Slack whatever they hold, and nobody approves one that is not shown', () => {
  fc.assert(
    fc.property(hostile.hostileProposals, (view) => {
      const answer = proposalsAnswer(view);
      expectTaken(answer);
      const shown = JSON.stringify(answer.blocks);
      const times = (words: string) => shown.split(words).length - 1;
      expect(times('"approve_settings:')).toBeLessThanOrEqual(times('"What it changes"'));
    }),
    RUNS,
  );
});

test('changes of settings that are too long for one message are shown with all that they change, or later', () => {
  const [view] = fc.sample(
    hostile.hostileProposals.filter(({ proposals }) => proposals.length > 0),
    1,
  );
  // A fingerprint that no button can carry leaves out Approve, whatever is shown.
  const one = { ...(view?.proposals[0] as SettingsProposalView), fingerprint: 'f'.repeat(64) };
  for (const length of [10, 100, 150, 200, 250, 1_000]) {
    const proposals = [1, 2, 3].map((id) => ({ ...one, id: `${id}`, sentences: Array(15).fill('x'.repeat(length)) }));
    const shown = JSON.stringify(
      proposalsAnswer({ ...(view as SettingsProposalsView), more: false, proposals }).blocks,
    );
    const times = (words: string) => shown.split(words).length - 1;
    expect([length, times('"approve_settings:')]).toEqual([length, times('"What it changes"')]);
    expect(times('"approve_settings:') === 3 || shown.includes('There are more')).toBe(true);
  }
});

test('a line of the story is taken by Slack whatever was written', () => {
  fc.assert(
    fc.property(hostile.hostileText, hostile.hostileText, (by, reason) => {
      const at = '2026-11-21T10:00:00.000Z';
      expectTaken(storyMessage({ event: 'rejected', by, at, reason }));
      expectTaken(storyMessage({ event: 'approved', by, at, remaining: reason }));
      expectTaken(storyMessage({ event: 'review-changed', at, lines: Array(100).fill(reason) }));
      expectTaken(storyMessage({ event: 'source-moved', at, now: reason }));
      expectTaken(storyMessage({ event: 'rollout-aborted', by, at, reason }));
    }),
    RUNS,
  );
});

test('the full diff and App Home are taken by Slack on every page, whatever they show', () => {
  const place = fc.record({
    tab: fc.constantFrom('blocks' as const, 'code' as const),
    page: fc.integer({ min: 0, max: 20 }),
  });
  fc.assert(
    fc.property(hostile.hostileDiff, place, hostile.hostileHome, (diff, where, home) => {
      checkView(diffModal({ title: 'Full diff', callbackId: 'd' }, diff, where), 'modal', nothingToShow);
      const view = homeView(home, () => 'https://canal.slack.com/archives/C1/p1');
      checkView(view, 'home', nothingToShow);
      for (const text of mrkdwnOf(view.blocks)) expectNothingForged(text);
    }),
    { ...RUNS, numRuns: 60 },
  );
});

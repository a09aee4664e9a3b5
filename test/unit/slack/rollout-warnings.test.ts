import { describe, expect, test } from 'vitest';
import { promotionCard } from '../../../src/adapters/slack/blocks/promotion-card.ts';
import { rolloutAnswer, rolloutDone } from '../../../src/adapters/slack/blocks/rollout-answers.ts';
import { buttonsOf, named, receipt, rollout, running, v9, wordsOf } from './support/a-rollout.ts';
import { at, open, seen } from './support/an-open-promotion.ts';

describe('the card of a canary that runs', () => {
  test.each([
    ['none' as const, ['Compare', 'Abort, back to v5', 'Full diff']],
    ['whole' as const, ['Compare', '100 %', 'Finish with v7', 'Abort, back to v5', 'Full diff']],
  ])('offers only what is possible: %s', (steps, offered) => {
    const view = running(0);
    const card = promotionCard({
      ...view,
      deployment: view.deployment && { ...view.deployment, rollout: { steps, waiting: null, sinceApproved: [] } },
    });
    expect(seen(card).buttons).toEqual(offered);
    expect(wordsOf(card).includes('v7 (add-urgency) was rolled back elsewhere')).toBe(steps === 'none');
    const answer = rolloutDone(receipt({ steps, share: 0 }));
    expect(buttonsOf(answer).map((b) => b.text.text)).toEqual(offered.slice(0, -1));
  });

  test('says what moved since it was approved, above its steps, and so does the private answer', () => {
    const view = running(1_000);
    const sinceApproved = ['staging: the model is <!here> now', '2', '3', '4', '5', '6'];
    const card = promotionCard({
      ...view,
      deployment: view.deployment && { ...view.deployment, rollout: { steps: 'all', waiting: null, sinceApproved } },
    });
    for (const shown of [wordsOf(card), wordsOf(rolloutAnswer(rollout(1_000, { sinceApproved })))]) {
      expect(shown).toContain('⚠️ *Since it was approved*\\n• staging: the model is &lt;!here&gt; now');
      expect(shown).toContain('• 5\\nand 1 more');
    }
    const [warning = 0, steps = 0] = [/Since it was approved/, /Finish with v7/].map((words) =>
      card.blocks.findIndex((block) => words.test(JSON.stringify(block))),
    );
    expect(warning).toBeLessThan(steps);
    expect(wordsOf(promotionCard(view))).not.toContain('Since it was approved');
  });
});

test.each([
  [null, 'Then v9, which waits for this with all that it needs, takes its place for everybody.'],
  [500, 'Then v9, which waits for this with all that it needs, starts as a canary at 5%.'],
])('asks before an abort by which something else goes live: %s', (canary, words) => {
  const waiting = { version: v9, canary };
  const view = running(1_000);
  const card = promotionCard({
    ...view,
    deployment: view.deployment && { ...view.deployment, rollout: { steps: 'all', waiting, sinceApproved: [] } },
  });
  for (const shown of [card, rolloutAnswer(rollout(1_000, { waiting })), rolloutDone(receipt({ waiting }))])
    expect(named(shown, 'Abort, back to v5').confirm?.text.text).toContain(words);
});

test('the card of what is live says that a rollback takes the canary beside it out, too', () => {
  const deployment = { id: 'd5', active: true, status: 'active' as const, share: null, ended: null, rollout: null };
  const card = promotionCard({ ...open, status: 'deployed', closedAt: at, deployment: { ...deployment, beside: v9 } });
  expect(named(card, 'Roll back').confirm?.text.text).toMatch(/comes back\. The canary of v9 goes, too\. v7 can't/);
});

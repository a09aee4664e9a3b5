import { describe, expect, test } from 'vitest';
import { deploymentReceipt } from '../../../src/adapters/slack/blocks/deployment-receipt.ts';
import { fitParts } from '../../../src/adapters/slack/blocks/fit-message.ts';
import { IMPORTANCE, section } from '../../../src/adapters/slack/blocks/parts.ts';
import { picture } from '../../../src/adapters/slack/blocks/picture.ts';
import { promotionCard } from '../../../src/adapters/slack/blocks/promotion-card.ts';
import { rollbackReceipt } from '../../../src/adapters/slack/blocks/rollback-receipt.ts';
import { storyMessage } from '../../../src/adapters/slack/blocks/story.ts';
import type { RollbackReceiptView } from '../../../src/use-cases/views.ts';
import { AT, at, open, seen, v5, v7 } from './support/an-open-promotion.ts';

describe('what changes in effect', () => {
  const inEffect = { lines: Array.from({ length: 9 }, (_, i) => `Sentence ${i}`), more: 2 };

  test('stands below what the versions say themselves, six sentences at most', () => {
    const { text } = seen(promotionCard({ ...open, inEffect }));
    expect(text.indexOf('In effect in staging')).toBeGreaterThan(text.indexOf('What changes, v5 → v7'));
    expect(text).toContain('Sentence 5');
    expect(text).not.toContain('Sentence 6');
    expect(text).toContain('and 5 more');
  });

  test('is said to be nothing where the settings make both the same, and left out where nothing is to be said', () => {
    expect(seen(promotionCard({ ...open, inEffect: { lines: [], more: 0 } })).text).toContain(
      'Nothing: its settings make both the same.',
    );
    expect(seen(promotionCard(open)).text).not.toContain('In effect');
  });
});

describe('the picture of what changes', () => {
  const shown = { fileId: 'F0PICTURE', alt: 'The workflow as a graph. 1 step added: ‘Check’.' };

  test('stands below the sentences that say the same, with its words', () => {
    const { blocks } = promotionCard(open, undefined, null, shown);
    const at = blocks.findIndex(({ type }) => type === 'image');
    expect(blocks[at]).toEqual({ type: 'image', slack_file: { id: 'F0PICTURE' }, alt_text: shown.alt });
    expect(JSON.stringify(blocks[at - 1])).toContain('What changes, v5 → v7');
    expect(promotionCard(open).blocks.some(({ type }) => type === 'image')).toBe(false);
  });

  test('goes before the sentences do where a message grows too long', () => {
    const sentences = section('x'.repeat(3_000), IMPORTANCE.changes);
    expect(fitParts([sentences, picture(shown)], 50, 3_500)).toHaveLength(2);
    const [kept] = fitParts([sentences, picture({ ...shown, alt: 'y'.repeat(2_000) })], 50, 3_500);
    expect(kept).toBe(sentences.block);
  });

  test('has words no longer than Slack takes, and cut between characters', () => {
    const { block } = picture({ ...shown, alt: '🛶'.repeat(1_500) });
    expect(block.type === 'image' && block.alt_text.length <= 2_000 && block.alt_text.isWellFormed()).toBe(true);
  });
});

describe('an open promotion', () => {
  test('says in this order what it is, who asks and why, what changes, what is needed and who can give it', () => {
    const { text, buttons } = seen(promotionCard(open));
    const parts = [
      'summarize-flow · development → staging',
      '*v7 (add-urgency)*, replaces v5',
      `Asked for by <@U0DEV> ${AT}`,
      'Ready for the pilot',
      'What changes, v5 → v7',
      'Step ‘Check’ added',
      'and 14 more',
      '○ Approval by 1 lead: <@U0LEE> and <@U0LIA> can give it',
      `Expires ${AT}`,
    ];
    const places = parts.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(buttons).toEqual(['Approve', 'Reject', 'Full diff', 'Cancel', 'Lock']);
  });

  test('Approve carries what the card shows, and Cancel asks first', () => {
    const actions = promotionCard(open).blocks.find((block) => block.type === 'actions');
    const [approve, , , cancel] = actions?.elements ?? [];
    expect(approve).toMatchObject({
      style: 'primary',
      value: JSON.stringify({ promotionId: open.id, fingerprint: open.fingerprint }),
    });
    expect(cancel).toMatchObject({ confirm: { title: { text: 'Cancel this request?' } } });
  });

  test('says what is live in the source where that moved on, and where nobody could approve', () => {
    const { text } = seen(
      promotionCard({ ...open, sourceMovedTo: { ...v7, number: 8, label: null }, nobodyCanApprove: true }),
    );
    expect(text).toContain('Live in development is now v8');
    expect(text).toContain('Nobody but <@U0DEV> could approve this');
  });

  test('keeps an approval that no longer counts, with what moved and what changed since', () => {
    const approvals = [
      {
        by: 'U0LEE',
        role: 'lead' as const,
        at,
        counts: false,
        since: { moved: ['replaced' as const, 'policy' as const], lines: ['Model of ‘Summarise’ changed'] },
      },
      { by: 'U0LIA', role: 'lead' as const, at, counts: true, since: { moved: [], lines: [] } },
    ];
    const { text } = seen(promotionCard({ ...open, approvals }));
    expect(text).toContain(
      'approved an earlier state: something else is live in staging now and what staging asks for changed',
    );
    expect(text).toContain('Model of ‘Summarise’ changed');
    expect(text).toContain(`✓ <@U0LIA> (lead) ${AT}`);
  });

  test('of a first version says that there is nothing to compare', () => {
    const { text } = seen(promotionCard({ ...open, replaces: null, diff: { ...open.diff, lines: [], more: 0 } }));
    expect(text).toContain('The first version in staging');
    expect(text).toContain('nothing is live there yet');
  });
});

describe('an ended promotion', () => {
  const ended = { ...open, closedAt: at, closedBy: 'U0LEE' };
  test.each([
    [
      'deployed',
      {
        deployment: { id: 'd', active: true, status: 'active', share: null, ended: null, rollout: null, beside: null },
      },
      'Live in staging*, deployed by <@U0LEE>',
      ['Full diff', 'Roll back'],
    ],
    [
      'deployed',
      {
        deployment: {
          id: 'd',
          active: false,
          status: 'superseded',
          share: null,
          ended: null,
          rollout: null,
          beside: null,
        },
      },
      'no longer live there',
      ['Full diff'],
    ],
    ['rejected', { closeReason: 'Too low <!here>' }, 'Rejected* by <@U0LEE>', ['Full diff']],
    ['cancelled', {}, 'Cancelled* by <@U0LEE>', ['Full diff']],
    ['expired', { closedBy: null }, 'Expired* without a decision', ['Full diff']],
    ['stale', { closedBy: null, closeReason: 'v7 was rolled back' }, 'Closed*', ['Full diff']],
  ] as const)('%s %j', (status, more, words, buttons) => {
    const card = promotionCard({ ...ended, ...more, status });
    expect(seen(card).text).toContain(words);
    expect(seen(card).buttons).toEqual(buttons);
    expect(seen(card).text).not.toContain('Still needed');
    if ('closeReason' in more) expect(seen(card).text).toContain(more.closeReason);
  });

  test('Roll back carries the deployment that the card shows, and asks first', () => {
    const card = promotionCard({
      ...ended,
      status: 'deployed',
      deployment: { id: 'd1', active: true, status: 'active', share: null, ended: null, rollout: null, beside: null },
    });
    const actions = card.blocks.find((block) => block.type === 'actions');
    expect(actions?.elements[1]).toMatchObject({
      style: 'danger',
      value: expect.stringContaining('"deploymentId":"d1"'),
      confirm: { confirm: { text: 'Roll back' } },
    });
  });
});

test('a deployment’s receipt leads on while its version is live, and no longer after', () => {
  const view = {
    deployment: { id: 'd', deployedBy: 'U0DEV', deployedAt: at, reason: null, active: true },
    workflow: open.workflow,
    environment: open.from,
    version: v7,
    replaced: v5,
    diff: open.diff,
    next: open.to,
  };
  expect(seen(deploymentReceipt(view)).buttons).toEqual(['Promote to staging', 'Full diff']);
  const over = { ...view, deployment: { ...view.deployment, active: false } };
  expect(seen(deploymentReceipt(over)).buttons).toEqual(['Full diff']);
  expect(seen(deploymentReceipt(over)).text).toContain('no longer live there');
  expect(seen(deploymentReceipt({ ...view, next: null, replaced: null })).buttons).toEqual([]);
});

test('a rollback’s receipt says what went, what came back and how long that had run, and offers Undo while it can be undone', () => {
  const view: RollbackReceiptView = {
    rollbackId: 'r',
    workflow: open.workflow,
    environment: open.to,
    removed: v7,
    restored: v5,
    restoredRanFor: 3 * 86_400_000,
    by: 'U0DEV',
    at,
    reason: 'Wrong answers',
    lacks: null,
    diff: open.diff,
    undoneAt: null,
    undoUntil: at,
  };
  const { text, buttons } = seen(rollbackReceipt(view));
  for (const words of [
    '*v5* is live in staging again. It had run there for 3 days before.',
    '`/towpath unquarantine summarize-flow v7 REASON`',
    'Wrong answers',
    '<@U0DEV> can undo this until',
  ]) {
    expect(text).toContain(words);
  }
  expect(buttons).toEqual(['Undo', 'Full diff']);
  expect(seen(rollbackReceipt({ ...view, lacks: 'there is no value for MODEL' })).text).toContain(
    '⚠️ With the settings of today there is no value for MODEL. It runs with those that it last ran with',
  );
  expect(seen(rollbackReceipt({ ...view, undoUntil: null })).buttons).toEqual(['Full diff']);
  expect(seen(rollbackReceipt({ ...view, undoneAt: at })).text).toContain(
    'v7 (add-urgency)* is live in staging again and can be promoted again',
  );
});

test('the thread tells what happened, by whom and why', () => {
  const when = at.toISOString();
  const text = (payload: unknown) => storyMessage(payload).text;
  expect(text({ event: 'approved', by: 'U0LEE', at: when, remaining: 'Approval by 1 admin' })).toBe(
    `<@U0LEE> approved. Still needed: Approval by 1 admin. _(${AT})_`,
  );
  expect(text({ event: 'deployed', by: null, at: when })).toContain('it went live');
  expect(
    JSON.stringify(storyMessage({ event: 'rejected', by: 'U0LEE', at: when, reason: 'Too <!here> low' }).blocks),
  ).toContain('"text":"Too <!here> low"');
  expect(() => storyMessage({ event: 'unheard-of' })).toThrow();
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  frozenAnswer,
  holdsAnswer,
  lockedAnswer,
  unfrozenAnswer,
  unlockedAnswer,
} from '../../../src/adapters/slack/blocks/hold-answers.ts';
import { whyAnswer } from '../../../src/adapters/slack/blocks/why-answer.ts';
import type { HoldsView, LockView, WhyView } from '../../../src/use-cases/views.ts';
import { AT, at, open, v5, v7 } from './support/an-open-promotion.ts';
import { expectTaken } from './support/expect-taken.ts';
import { hostileHolds, hostileLock, hostileWhy } from './support/hostile-holds.ts';

const now = new Date(at.getTime() + 3 * 3_600_000);
const held = { reason: 'we move the database', by: 'U0LEE', at, until: null };
const lock: LockView = { id: 'l1', ...held, promotionId: null, workflow: null, environment: open.to };
const link = () => 'https://canal.slack.com/archives/C1/p1';
const textOf = (answer: { text: string; blocks?: unknown }) => `${answer.text}\n${JSON.stringify(answer.blocks ?? [])}`;

describe('a lock that was set', () => {
  test.each<[Partial<LockView>, string]>([
    [{}, 'Locked: staging, until somebody unlocks it.'],
    [{ until: at }, `Locked: staging, until ${AT}.`],
    [{ environment: null }, 'Locked: everything'],
    [{ environment: null, workflow: open.workflow }, 'Locked: summarize-flow,'],
    [{ workflow: open.workflow }, 'Locked: summarize-flow in staging'],
  ])('%j is told by what it holds and until when', (more, words) =>
    expect(lockedAnswer({ ...lock, ...more }).text).toContain(words),
  );

  test('is told with what ends it, where typing can', () => {
    expect(lockedAnswer(lock).text).toContain('`/towpath unlock staging` ends it');
    expect(lockedAnswer({ ...lock, environment: null }).text).toContain('`/towpath unlock all`');
    expect(lockedAnswer({ ...lock, workflow: open.workflow }).text).not.toContain('/towpath unlock');
  });
});

test('what was ended is told with whose it was', () => {
  expect(unlockedAnswer({ ended: [lock, { ...lock, by: 'U0LIA' }] }).text).toContain('locked by <@U0LEE>, <@U0LIA>');
  const freeze = { id: 'f1', ...held, environment: open.to };
  expect(frozenAnswer({ ...freeze, until: at }).text).toContain(`nothing goes live in staging until ${AT}`);
  expect(unfrozenAnswer({ ended: [freeze] }).text).toContain('staging is not frozen any more; <@U0LEE> had frozen it');
});

describe('/towpath locks', () => {
  const view: HoldsView = {
    locks: [lock, { ...lock, id: 'l2', by: 'U0LIA', workflow: open.workflow, promotionId: open.id }],
    freezes: [{ id: 'f1', ...held, until: at, environment: open.to }],
    windows: [{ environment: open.to, kind: 'deny', reason: 'weekend', until: at }],
  };

  test('shows each with its owner, age, reason and end, and a button that asks first where it is somebody else’s', () => {
    const answer = holdsAnswer(view, 'U0LEE', now);
    const text = textOf(answer);
    expect(text).toContain('*staging*, locked by <@U0LEE> for 3 hours, until somebody unlocks it');
    expect(text).toContain(
      '*summarize-flow in staging*, locked by <@U0LIA> for 3 hours, until somebody unlocks it, from the card',
    );
    expect(text).toContain(`❄️ *staging*, frozen by <@U0LEE> ${AT}, until ${AT}`);
    expect(text).toContain(`frozen by its calendar until ${AT}`);
    const buttons = (answer.blocks ?? []).flatMap((block) =>
      block.type === 'section' && block.accessory?.type === 'button' ? [block.accessory] : [],
    );
    expect(buttons.map(({ text: { text: words }, confirm, value }) => [words, confirm !== undefined, value])).toEqual([
      ['Unlock', false, JSON.stringify({ lockId: 'l1', others: false, listed: true })],
      ['Unlock', true, JSON.stringify({ lockId: 'l2', others: true, listed: true })],
      ['Unfreeze', false, JSON.stringify({ environment: 'staging', listed: true })],
    ]);
    expectTaken({ text: answer.text, blocks: answer.blocks ?? [] });
  });

  test('says so where there is nothing', () => {
    expect(holdsAnswer({ locks: [], freezes: [], windows: [] }, 'U0LEE', now).text).toContain(
      'Nothing is locked or frozen.',
    );
  });
});

describe('/towpath why', () => {
  const why: WhyView = {
    workflow: open.workflow,
    environment: open.to,
    live: v5,
    promotion: {
      id: open.id,
      requestedBy: 'U0DEV',
      requestedAt: at,
      deployAt: null,
      card: { channel: 'C1', ts: '1.1' },
    },
    version: v7,
    bar: null,
    requirements: open.requirements,
    retryAt: null,
  };

  test('says what is live, what is under review and what is missing, with a link to the card', () => {
    const text = textOf(whyAnswer(why, link));
    for (const words of [
      'Live there: *v5*',
      '*v7 (add-urgency)* is under review',
      '○ Approval by 1 lead',
      'Open its card',
    ])
      expect(text).toContain(words);
  });

  test('says when it goes live, where that was asked for', () => {
    const promotion = why.promotion && { ...why.promotion, deployAt: at };
    expect(textOf(whyAnswer({ ...why, promotion }, link))).toContain(`to go live ${AT}`);
  });

  test('says what asking for it would need, and how to', () => {
    const text = textOf(whyAnswer({ ...why, promotion: null }, link));
    expect(text).toContain('nobody asked for it yet: `/promote summarize-flow staging` does');
    expect(text).toContain('○ Approval by 1 lead');
  });

  test('says why nothing could be asked for, and nothing of what that would need', () => {
    const text = textOf(whyAnswer({ ...why, promotion: null, version: null, bar: 'v7 was rolled back.' }, link));
    expect(text).toContain('v7 was rolled back.');
    expect(text).not.toContain('Approval by');
  });
});

test('whatever is locked, frozen or waiting, Slack takes what is told of it', () => {
  fc.assert(
    fc.property(hostileHolds, hostileLock, hostileWhy, (holds, one, why) => {
      const list = holdsAnswer(holds, 'U0LEE', now);
      expectTaken({ text: list.text, blocks: list.blocks ?? [{ type: 'divider' }] });
      for (const { text } of [lockedAnswer(one), unlockedAnswer({ ended: [one, ...holds.locks] })])
        expectTaken({ text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] });
      const told = whyAnswer(why, link);
      expectTaken({ text: told.text, blocks: told.blocks ?? [] });
    }),
    { numRuns: 100, endOnFailure: true },
  );
});

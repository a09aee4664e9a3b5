import { describe, expect, test } from 'vitest';
import { promotionCard } from '../../../src/adapters/slack/blocks/promotion-card.ts';
import type { JudgedRequirement } from '../../../src/domain/requirements/evaluate.ts';
import type { PromotionView } from '../../../src/use-cases/views.ts';
import { AT, at, open, seen } from './support/an-open-promotion.ts';
import { expectTaken } from './support/expect-taken.ts';

const [approval] = open.requirements as [JudgedRequirement];
const met: JudgedRequirement = { kind: 'tests', state: 'met', summary: 'Tests: pass rate 96% (live 94%)' };
const cardOf = (more: Partial<PromotionView>) => promotionCard({ ...open, ...more });
const textOf = (more: Partial<PromotionView>) => seen(cardOf(more)).text;
const textNeeding = (...requirements: JudgedRequirement[]) => textOf({ requirements });

describe('what is needed', () => {
  test('is said before what is there already, each with its mark and detail', () => {
    const failed: JudgedRequirement = { kind: 'cost', state: 'failed', summary: 'Cost', detail: '$0.05 a run' };
    const text = textNeeding(met, failed, approval);
    const places = [
      '*Still needed*',
      '✗ Cost: $0.05 a run',
      '○ Approval by 1 lead: <@U0LEE>',
      '*There already*',
      '✓ Tests',
    ];
    expect(places.map((part) => text.indexOf(part))).toEqual(
      places.map((part) => text.indexOf(part)).toSorted((a, b) => a - b),
    );
    expect(places.filter((part) => !text.includes(part))).toEqual([]);
  });

  test.each<[string, string]>([
    ['lock', ` (by <@U0LEE>), until ${AT}`],
    ['freeze', ` (by <@U0LEE>), until ${AT}`],
    ['schedule', `, not before ${AT}`],
    ['soak', `, not before ${AT}`],
    ['tests', `, judged again ${AT}`],
  ])('of the kind %s says when the clock brings it, in the reader’s time', (kind, words) =>
    expect(textNeeding({ kind, state: 'pending', summary: 'X', retryAt: at, people: ['U0LEE'] }, approval)).toContain(
      `X${words}`,
    ),
  );

  test('that is held by a lock says since when', () => {
    const locked: JudgedRequirement = {
      kind: 'lock',
      state: 'pending',
      summary: 'staging is locked',
      people: ['U0LEE'],
    };
    const lock = { id: 'l1', reason: 'r', by: 'U0LEE', at, until: null, promotionId: null };
    expect(textOf({ requirements: [locked], locks: [lock] })).toContain(`staging is locked (by <@U0LEE> since ${AT})`);
  });

  test('of approvals does not repeat noes that stand by themselves', () => {
    const pending: JudgedRequirement = { ...approval, detail: '1 no: “too slow”' };
    expect(textNeeding(pending)).toContain('1 no: “too slow”: <@U0LEE> and <@U0LIA> can give it');
    const no = { by: 'U0LEE', reason: 'too slow', at, stands: true };
    expect(textOf({ requirements: [pending], rejections: [no] })).not.toContain('1 no');
  });

  test('says that nobody has to act, once the clock alone is missing', () => {
    const soak: JudgedRequirement = { kind: 'soak', state: 'pending', summary: 'Soak', retryAt: at };
    const later = { ...soak, retryAt: new Date('2026-11-22T10:00:00Z') };
    const words = 'Nobody has to do anything more';
    expect(textNeeding(met, soak, approval)).not.toContain(words);
    expect(textNeeding(met, { ...soak, state: 'failed' })).not.toContain(words);
    expect(textNeeding(met, soak, later)).toMatch(
      /Nobody has to do anything more: it goes live by itself, <!date\^1795341600/,
    );
  });

  test('and when it is to go live stand on the card of one that was asked for with a time', () => {
    expect(textOf({ deployAt: at })).toContain(`To go live *${AT}*`);
    expect(textOf({ deployAt: at, status: 'cancelled', requirements: [] })).not.toContain('To go live');
  });
});

describe('a checklist', () => {
  const checklist = [
    { item: 'Rollback tested', ticked: { by: 'U0LEE', at } },
    { item: 'Stakeholder informed', ticked: null },
  ];
  const asked: JudgedRequirement = {
    kind: 'checklist',
    state: 'pending',
    summary: 'Checklist: 1 of 2 ticked',
    detail: 'still open: Stakeholder informed',
  };

  test('has each item with its button, and who ticked it when', () => {
    const card = cardOf({ checklist, requirements: [asked, approval] });
    const text = JSON.stringify(card.blocks);
    expect(text).toContain(`☑ Rollback tested\\n      <@U0LEE> ${AT}`);
    expect(text).toContain('☐ Stakeholder informed');
    const buttons = card.blocks.flatMap((block) =>
      block.type === 'section' && block.accessory?.type === 'button' ? [block.accessory] : [],
    );
    expect(buttons.map(({ text: { text: words }, action_id: id, value }) => [words, id, value])).toEqual([
      ['Untick', 'untick_item:0', JSON.stringify({ promotionId: open.id, item: 'Rollback tested' })],
      ['Tick', 'tick_item:1', JSON.stringify({ promotionId: open.id, item: 'Stakeholder informed' })],
    ]);
    expectTaken(card);
  });

  test('is not said twice', () => {
    expect(textOf({ checklist, requirements: [asked, approval] })).not.toContain('still open');
    expect(textOf({ requirements: [asked, approval] })).toContain('still open: Stakeholder informed');
  });

  test('is gone once the promotion is closed', () => {
    expect(textOf({ checklist, status: 'cancelled' })).not.toContain('Checklist');
  });
});

describe('an approval of an earlier state', () => {
  const since = { moved: ['policy' as const], lines: ['staging asks for 2 leads, not 1'] };
  const approvals: PromotionView['approvals'] = [{ by: 'U0LEE', role: 'lead', at, counts: false, since }];

  test('is shown as one, with what changed since and a button to look again', () => {
    const card = cardOf({ approvals });
    expect(seen(card).text).toContain('approved an earlier state: what staging asks for changed');
    expect(seen(card).text).toContain('staging asks for 2 leads, not 1');
    expect(seen(card).buttons).toContain('Review again');
  });

  test('needs no looking again where it counts, or where nothing moved', () => {
    const [approved] = approvals as [PromotionView['approvals'][number]];
    expect(seen(cardOf({ approvals: [{ ...approved, counts: true }] })).buttons).not.toContain('Review again');
    const demoted = { ...approved, since: { moved: [], lines: [] } };
    expect(seen(cardOf({ approvals: [demoted] })).buttons).not.toContain('Review again');
  });
});

test('noes that only count stand with their reasons; one taken back says so', () => {
  const no = { by: 'U0LEE', reason: 'too *slow*', at, stands: true };
  const text = textOf({ rejections: [no, { ...no, by: 'U0LIA', stands: false }] });
  expect(text).toContain(`✗ <@U0LEE> ${AT}: too *slow*`);
  expect(text).toContain(`○ <@U0LIA> ${AT}, and approved since`);
});

test('the card offers a lock, and to end the one that was taken from it', () => {
  expect(seen(cardOf({})).buttons).toContain('Lock');
  const lock = { id: 'l1', reason: 'r', by: 'U0LEE', at, until: null, promotionId: null };
  expect(seen(cardOf({ locks: [lock] })).buttons).toContain('Lock');
  const own = seen(cardOf({ locks: [{ ...lock, promotionId: open.id }] })).buttons;
  expect([own.includes('Unlock'), own.includes('Lock')]).toEqual([true, false]);
  expect(seen(cardOf({ status: 'expired' })).buttons).not.toContain('Lock');
});

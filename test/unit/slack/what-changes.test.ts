import { describe, expect, test } from 'vitest';
import { ridesAlong, sinceApproved } from '../../../src/adapters/slack/blocks/rides-along.ts';
import { risk } from '../../../src/adapters/slack/blocks/risk.ts';
import { promotionAddress, versionsAddress } from '../../../src/adapters/slack/diff-address.ts';
import type { DiffSubject } from '../../../src/domain/diff-link.ts';
import type { RidesAlong } from '../../../src/use-cases/views.ts';
import { examplePromotion } from '../../support/http/example-views.ts';

const text = (part: unknown) => JSON.stringify(part);

describe('the line of risk', () => {
  test('names reasons as far as a line goes, and counts the rest', () => {
    expect(text(risk({ level: 'high', reasons: ['model swapped', 'tool added', 'prompt changed'] }))).toContain(
      '🔴 *High risk*: model swapped, tool added, prompt changed"',
    );
    const long = ['a', 'b', 'c'].map((letter) => letter.repeat(60));
    expect(text(risk({ level: 'medium', reasons: long }))).toContain(`*Medium risk*: ${'a'.repeat(60)} and 2 more"`);
  });

  test('of a change that changes nothing says so', () => {
    expect(text(risk({ level: 'none', reasons: [] }))).toContain('⚪ *No risk*: nothing that it does differs');
  });
});

describe('what rides along', () => {
  const along = (share: RidesAlong['share']) =>
    text(
      ridesAlong({
        ...examplePromotion,
        version: { ...examplePromotion.version, number: 9 },
        ridesAlong: { versions: [{ id: 'v', number: 8, label: 'tidy', author: 'U0DEV' }], more: 0, share },
      }),
    );
  test.each([
    [{ madeByLast: 2, total: 5 }, 'v9 itself made 2 of the 5 changes.'],
    [{ madeByLast: 0, total: 5 }, 'v9 itself made none of the 5 changes.'],
    [{ madeByLast: 5, total: 5 }, 'v9 itself made all 5 changes.'],
    [{ madeByLast: 1, total: 1 }, 'v9 itself made the one change.'],
    [{ madeByLast: 0, total: 0 }, 'Together they change nothing.'],
  ])('%j', (share, words) => {
    expect(along(share)).toContain(`• v8 (tidy) by <@U0DEV>\\n${words}`);
  });

  test('is told without that where the versions are too large to compare', () => {
    expect(along(null)).toMatch(/by <@U0DEV>"/);
  });

  test('and what changed since an approval are left out where there is nothing to tell', () => {
    const view = { ...examplePromotion, ridesAlong: null, earlierApproval: null };
    expect([ridesAlong(view), sinceApproved(view)]).toEqual([[], []]);
  });
});

describe('the address of a page', () => {
  const signed = (subject: DiffSubject, expiresAt: Date) =>
    `${JSON.stringify(subject)} until ${expiresAt.toISOString()}`;

  test('is the same at every look at a promotion, so that its card is not updated for nothing', () => {
    expect(promotionAddress(signed, examplePromotion)).toBe(promotionAddress(signed, { ...examplePromotion }));
    expect(promotionAddress(signed, examplePromotion)).toContain(`until ${examplePromotion.expiresAt.toISOString()}`);
  });

  test('of an ended promotion works for a week from its end', () => {
    const closedAt = new Date('2026-03-05T08:00:00Z');
    expect(promotionAddress(signed, { ...examplePromotion, status: 'rejected', closedAt })).toContain(
      'until 2026-03-12T08:00:00.000Z',
    );
  });

  test('of two versions works for a day', () => {
    const pair = { from: null, to: { id: 'v2' } };
    expect(versionsAddress(signed, pair, new Date('2026-03-05T08:00:00Z'))).toBe(
      '{"from":null,"to":"v2"} until 2026-03-06T08:00:00.000Z',
    );
  });
});

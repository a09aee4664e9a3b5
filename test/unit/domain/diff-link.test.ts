import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DiffLink, readDiffLink, signDiffLink } from '../../../src/domain/diff-link.ts';

const KEY = new Uint8Array(32).fill(1);
const NOW = new Date('2026-03-02T12:00:00Z');
const LATER = new Date('2026-03-09T12:00:00Z');
const [A, B] = ['0190a0b0-0000-7000-8000-00000000000a', '0190a0b0-0000-7000-8000-00000000000b'];
const ofPromotion: DiffLink = { workspaceId: 'T0CANAL', subject: { promotionId: A }, expiresAt: LATER };
const ofVersions: DiffLink = { workspaceId: 'T0CANAL', subject: { from: A, to: B }, expiresAt: LATER };

describe('a signed link', () => {
  it.each([ofPromotion, ofVersions, { ...ofVersions, subject: { from: null, to: B } }])(
    'opens exactly what it was signed for: %j',
    (link) => {
      expect(readDiffLink(signDiffLink(link, KEY), KEY, NOW)).toEqual(link);
    },
  );

  it('is the same however often it is made, and short enough for a button', () => {
    expect(signDiffLink(ofVersions, KEY)).toBe(signDiffLink({ ...ofVersions }, KEY));
    expect(signDiffLink(ofVersions, KEY).length).toBeLessThan(200);
    expect(signDiffLink(ofVersions, KEY)).toMatch(/^[\w.-]+$/);
  });

  it('says that it has expired from its last second on, and not before', () => {
    const token = signDiffLink(ofPromotion, KEY);
    expect(readDiffLink(token, KEY, new Date(LATER.getTime() - 1))).toEqual(ofPromotion);
    expect(readDiffLink(token, KEY, LATER)).toBe('expired');
  });

  it('opens nothing with another key, and does not even tell that it has expired', () => {
    const token = signDiffLink(ofPromotion, new Uint8Array(32).fill(2));
    expect(readDiffLink(token, KEY, NOW)).toBeNull();
    expect(readDiffLink(token, KEY, new Date('2030-01-01'))).toBeNull();
  });

  it('opens nothing once a single character of it is another, is gone or is added', () => {
    const tokens = [ofPromotion, ofVersions].map((link) => signDiffLink(link, KEY));
    const alphabet = [...'ABab09-_.pv~ é'];
    fc.assert(
      fc.property(
        fc.constantFrom(...tokens),
        fc.nat(220),
        fc.constantFrom(...alphabet, ''),
        fc.boolean(),
        (token, at, character, isAdded) => {
          const place = at % (token.length + 1);
          const forged = token.slice(0, place) + character + token.slice(isAdded ? place : place + 1);
          fc.pre(forged !== token);
          expect(readDiffLink(forged, KEY, NOW)).toBeNull();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('opens nothing where two signed parts are put together anew', () => {
    const [one, other] = [signDiffLink(ofVersions, KEY), signDiffLink({ ...ofVersions, workspaceId: 'T0OTHER' }, KEY)];
    const mac = (token: string) => token.slice(token.lastIndexOf('.'));
    const signed = (token: string) => token.slice(0, token.lastIndexOf('.'));
    expect(readDiffLink(signed(other) + mac(one), KEY, NOW)).toBeNull();
    expect(readDiffLink(signed(one).replace(`${A}.${B}`, `${B}.${A}`) + mac(one), KEY, NOW)).toBeNull();
  });

  it.each(['', '.', '....', 'p', `p.${A}.T0CANAL.9999999999.`, 'x'.repeat(100_000)])(
    'opens nothing for %j',
    (token) => {
      expect(readDiffLink(token, KEY, NOW)).toBeNull();
    },
  );

  it('is not made of an id that would read as two', () => {
    expect(() => signDiffLink({ ...ofPromotion, workspaceId: 'T0.CANAL' }, KEY)).toThrow('does not fit');
  });
});

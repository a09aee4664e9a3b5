import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  APPLICATION_SCOPES,
  checkScopes,
  checkTokenName,
  ENVIRONMENT_SCOPES,
  endOfOverlap,
  expiryOf,
  hashToken,
  lifeOf,
  looksLikeToken,
  tokenState,
  tokenText,
} from '../../../src/domain/token.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a token', () => {
  it.each([
    ['good', { expiresAt: null, revokedAt: null }],
    ['good', { expiresAt: at(1), revokedAt: null }],
    ['expired', { expiresAt: NOW, revokedAt: null }],
    ['expired', { expiresAt: at(-1), revokedAt: null }],
    ['revoked', { expiresAt: at(DAY), revokedAt: at(-1) }],
    ['revoked', { expiresAt: at(-1), revokedAt: at(-2) }],
  ])('is %s with %j', (state, token) => expect(tokenState(token, NOW)).toBe(state));

  it('is made of 32 random bytes, and known again by its look', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (random) => {
        const text = tokenText(random);
        expect(text).toMatch(/^tp_/);
        expect(looksLikeToken(text)).toBe(true);
        expect(hashToken(text)).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
    expect(() => tokenText(new Uint8Array(16))).toThrow('32');
  });

  it.each(['', 'tp_', `tp_${'a'.repeat(42)}`, `tp_${'a'.repeat(44)}`, `tp_${'ä'.repeat(43)}`, 'a'.repeat(46)])(
    'is not %j',
    (text) => expect(looksLikeToken(text)).toBe(false),
  );

  it('has a name that people can type', () => {
    expect(checkTokenName(' Production-Runner.2 ')).toBe('production-runner.2');
    for (const name of ['', '-x', 'x-', 'a b', 'ä', '<@U1>', 'x'.repeat(64)])
      expect(() => checkTokenName(name)).toThrow('63');
  });
});

describe('the scopes of a token', () => {
  it.each(ENVIRONMENT_SCOPES)('%s needs an environment', (scope) => {
    expect(checkScopes([scope], true)).toEqual([scope]);
    expect(() => checkScopes([scope], false)).toThrow('--environment');
  });

  it.each(APPLICATION_SCOPES)('%s goes without one', (scope) => {
    expect(checkScopes([scope.toUpperCase(), '', scope], false)).toEqual([scope]);
    expect(() => checkScopes(['resolve', scope], true)).toThrow(scope);
  });

  it('are at least one, and known ones', () => {
    expect(() => checkScopes([], true)).toThrow('resolve, runs, secrets:read, agents');
    expect(() => checkScopes(['approve'], false)).toThrow('no scope “approve”');
  });
});

describe('the end of a token', () => {
  it('is as asked, from a minute to ten years', () => {
    expect(expiryOf(NOW, null)).toBeNull();
    expect(expiryOf(NOW, 90 * DAY)).toEqual(at(90 * DAY));
    for (const life of [0, -1, 59_999, 3_651 * DAY, Number.NaN]) expect(() => expiryOf(NOW, life)).toThrow('ten years');
  });

  it('after another took its place is an hour later, or as asked, and never later than it was', () => {
    expect(endOfOverlap({ expiresAt: null }, NOW)).toEqual(at(HOUR));
    expect(endOfOverlap({ expiresAt: null }, NOW, 0)).toEqual(NOW);
    expect(endOfOverlap({ expiresAt: at(60) }, NOW, DAY)).toEqual(at(60));
    for (const overlap of [-1, 31 * DAY, Number.NaN])
      expect(() => endOfOverlap({ expiresAt: null }, NOW, overlap)).toThrow('30 days');
  });

  it('of the one that takes its place is as far away as its own was', () => {
    expect(lifeOf({ createdAt: NOW, expiresAt: at(DAY) })).toBe(DAY);
    expect(lifeOf({ createdAt: NOW, expiresAt: null })).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { parseToken, wantsNewToken } from '../../../src/adapters/slack/commands/parse-token.ts';

const DAY = 86_400_000;

describe('/towpath token', () => {
  it.each([
    [
      'create runner --environment production --scope resolve,runs --expires 90d',
      { act: 'create', name: 'runner', environment: 'production', scopes: ['resolve', 'runs'], expiresIn: 90 * DAY },
    ],
    // A phone's dashes, blanks in the list, and the short name.
    [
      'create runner —env prod —scope resolve, runs',
      { act: 'create', name: 'runner', environment: 'prod', scopes: ['resolve', '', 'runs'] },
    ],
    [
      'Create ci --scope=read --scope=push --expires never',
      { act: 'create', name: 'ci', scopes: ['read', 'push'], expiresIn: null },
    ],
    ['create ci', { act: 'create', name: 'ci', scopes: [] }],
    ['rotate ci', { act: 'rotate', name: 'ci' }],
    ['rotate ci --overlap 0', { act: 'rotate', name: 'ci', overlap: 0 }],
    ['rotate ci --overlap 10m --expires 1y', { act: 'rotate', name: 'ci', overlap: 600_000, expiresIn: 365.25 * DAY }],
    ['revoke “ci”', { act: 'revoke', name: 'ci' }],
  ])('%j', (text, typed) => expect(parseToken(text)).toEqual(typed));

  it.each([
    ['', 'Create, rotate or revoke'],
    ['delete ci', 'Create, rotate or revoke'],
    ['create', 'Which token'],
    ['create ci --expires soon', '--expires takes a time'],
    ['create ci --expires', '--expires says nothing'],
    ['create ci --scope --expires 1d', '--scope says nothing'],
    ['create ci --overlap 1h', '--overlap is not taken here'],
    ['rotate ci --scope read', '--scope is not taken here'],
    ['rotate ci read', '“read” says nothing'],
    ['revoke ci --overlap 1h', '--overlap is not taken here'],
  ])('%j is refused with %j and how it is written', (text, why) => {
    expect(() => parseToken(text)).toThrow(why);
    expect(() => parseToken(text)).toThrow('/towpath token create|rotate|revoke NAME');
  });

  it.each([
    ['token create x', true],
    ['Token rotate x', true],
    ['token revoke x', false],
    ['token create help', false],
    ['tokens', false],
    ['', false],
  ])('%j opens a form: %s', (text, opens) => expect(wantsNewToken(text)).toBe(opens));
});

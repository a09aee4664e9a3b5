import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitMessage } from '../../../src/adapters/slack/blocks/fit-message.ts';
import { header, section } from '../../../src/adapters/slack/blocks/parts.ts';
import { InFlight } from '../../../src/adapters/slack/in-flight.ts';
import { isSlacks } from '../../../src/adapters/slack/modals/download-file.ts';
import { paginate } from '../../../src/adapters/slack/modals/pages.ts';
import { slackProfile } from '../../../src/adapters/slack/people/slack-profile.ts';
import { requestKey } from '../../../src/adapters/slack/requests.ts';
import { slackFailure } from '../../../src/adapters/slack/slack-failure.ts';

test('the least important parts go first, and the message says so', () => {
  const parts = [
    header('What it is about'),
    ...Array.from({ length: 60 }, (_, i) => section(`part ${i}`, i)),
    section('what can be done', 100),
  ];
  const shown = JSON.stringify(fitMessage('text', parts).blocks);
  expect(shown).toContain('What it is about');
  expect(shown).toContain('what can be done');
  expect(shown).toContain('part 59');
  expect(shown).not.toContain('"part 0"');
  expect(shown).toContain('Shortened to fit');
  expect(fitMessage('text', parts).blocks).toHaveLength(50);
  expect(JSON.stringify(fitMessage('text', parts.slice(0, 5)).blocks)).not.toContain('Shortened');
});

test('pages lose no line, and each chunk fits into a block', () => {
  const bounds = { lines: 5, characters: 60, chunk: 20 };
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 50 })), (lines) => {
      const pages = paginate(lines, bounds);
      expect(pages.length).toBeGreaterThanOrEqual(1);
      expect(pages.flat().every((chunk) => chunk.length <= bounds.chunk)).toBe(true);
      expect(pages.flat().join('\n').replaceAll('\n', '')).toBe(lines.join('').replaceAll('\n', ''));
    }),
  );
});

test.each([
  ['a rate limit', new WebAPIRateLimitedError(2), { kind: 'limited', retryAfterMs: 2_000 }],
  [
    'a refusal',
    new WebAPIPlatformError({ ok: false, error: 'not_in_channel' }),
    { kind: 'refused', code: 'not_in_channel' },
  ],
  [
    'a break on Slack’s side',
    new WebAPIPlatformError({ ok: false, error: 'fatal_error' }),
    { kind: 'unknown', why: 'fatal_error' },
  ],
  [
    'a rate limit in words',
    new WebAPIPlatformError({ ok: false, error: 'ratelimited' }),
    { kind: 'limited', retryAfterMs: 30_000 },
  ],
  ['HTTP 502', new WebAPIHTTPError(502, 'Bad Gateway', {}), { kind: 'unknown', why: 'HTTP 502' }],
  ['HTTP 403', new WebAPIHTTPError(403, 'Forbidden', {}), { kind: 'refused', code: 'http_403' }],
  ['a cut connection', new WebAPIRequestError(new Error('socket hang up')), { kind: 'unknown', why: 'socket hang up' }],
  ['an absurd pause', new WebAPIRateLimitedError(10 ** 9), { kind: 'limited', retryAfterMs: 3_600_000 }],
  ['a bug', new TypeError('x is undefined'), null],
])('%s is told from the others', (_, error, failure) => expect(slackFailure(error)).toEqual(failure));

const user = { id: 'U0ADA', team_id: 'T1', real_name: 'Ada', is_admin: false };
test.each([
  [{}, { standing: 'member', slackAdmin: false }],
  [{ is_admin: true }, { standing: 'member', slackAdmin: true }],
  [{ is_owner: true }, { slackAdmin: true }],
  [{ is_primary_owner: true }, { slackAdmin: true }],
  [{ is_restricted: true }, { standing: 'guest' }],
  [{ is_ultra_restricted: true }, { standing: 'guest' }],
  [{ is_bot: true }, { standing: 'bot' }],
  [{ deleted: true, is_bot: true }, { standing: 'deactivated' }],
  [{ team_id: 'T2' }, { standing: 'foreign' }],
  [{ is_stranger: true }, { standing: 'foreign' }],
  [{ team_id: 'T2', enterprise_user: { teams: ['T1', 'T2'] } }, { standing: 'member' }],
  [{ id: 'USLACKBOT' }, { standing: 'bot' }],
  [{ profile: { display_name: 'Countess 🛶' } }, { name: 'Countess 🛶' }],
  [{ profile: { display_name: ' ' } }, { name: 'Ada' }],
])('an account with %j stands as %j', (more, profile) =>
  expect(slackProfile({ ...user, ...more }, 'T1')).toMatchObject(profile),
);

test.each([
  ['https://files.slack.com/files-pri/T1-F1/download/flow.yaml', true],
  ['https://slack.com/files', true],
  ['http://files.slack.com/flow.yaml', false],
  ['https://files.slack.com.evil.example/flow.yaml', false],
  ['https://evil.example/?files.slack.com', false],
  ['https://token@files.slack.com/flow.yaml', false],
  ['http://127.0.0.1:4000/files/flow.yaml', true],
  ['http://127.0.0.1:4001/files/flow.yaml', false],
  ['file:///etc/passwd', false],
  ['no address', false],
])('the token goes to %s: %s', (address, goes) => expect(isSlacks(address, 'http://127.0.0.1:4000/api/')).toBe(goes));

test('a request is known again by what only its repeats share', () => {
  const click = { trigger_id: '1.2.a', actions: [{ action_id: 'approve', action_ts: '17.1' }] };
  expect(requestKey('click', click)).toBe(requestKey('click', structuredClone(click)));
  expect(requestKey('click', click)).not.toBe(requestKey('click', { ...click, trigger_id: '1.3.b' }));
  expect(requestKey('click', click)).not.toBe(requestKey('command', click));
  expect(requestKey('command', {})).toBeNull();
});

test('what is in flight is waited for, and not for ever', async () => {
  const inFlight = new InFlight();
  const gate = Promise.withResolvers<void>();
  const running = inFlight.run(() => gate.promise);
  expect(await inFlight.ended(5)).toBe(false);
  gate.resolve();
  expect(await inFlight.ended(5_000)).toBe(true);
  await running;
  await expect(inFlight.run(() => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
  expect(await inFlight.ended(5_000)).toBe(true);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashToken } from '../../../src/domain/token.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
/** While set, every use case waits for it: a database that is slow. */
let slow: Promise<void> | null = null;
beforeAll(async () => {
  towpath = await startSlackTowpath({
    wrap: (useCases) =>
      new Proxy(useCases, {
        get: (target, name) => {
          const useCase: unknown = Reflect.get(target, name);
          if (typeof useCase !== 'function') return useCase;
          return async (...args: unknown[]) => {
            await slow;
            return useCase(...args);
          };
        },
      }),
  });
});
afterAll(() => towpath.stop());

const TOKEN = /tp_[A-Za-z0-9_-]{43}/;
const blocksOf = (as: string) => JSON.stringify(towpath.slack.modals(as).at(-1)?.view.blocks ?? []);
const shown = (as: string, what: string | RegExp) =>
  waitUntil(`a form of ${as} with ${what}; it has ${blocksOf(as)}`, () => {
    const blocks = blocksOf(as);
    return (typeof what === 'string' ? blocks.includes(what) : what.test(blocks)) ? blocks : null;
  });
const close = async (as: string) => {
  for (const modal of towpath.slack.modals(as)) await towpath.slack.closeView(as, modal.id);
};
const type = (text: string, as = 'U0ADA') => towpath.slack.type(as, 'C0GENERAL', text);
const told = (words: string | RegExp, as = 'U0ADA') => towpath.told(as, 'C0GENERAL', words);

/** Types the command and gives the token that the form shows. */
async function made(text: string): Promise<string> {
  await type(text);
  const token = TOKEN.exec(await shown('U0ADA', TOKEN))?.[0] ?? expect.unreachable();
  await close('U0ADA');
  return token;
}

const everythingElse = () =>
  JSON.stringify([
    towpath.log,
    towpath.slack.messages('C0GENERAL'),
    towpath.slack.calls.filter(({ method }) => !method.startsWith('views.')),
  ]);

test('a new token stands in a form that is open at once, however slow the database, and nowhere else', async () => {
  const gate = Promise.withResolvers<void>();
  slow = gate.promise;
  await type('/towpath token create runner --environment prod --scope resolve,runs --expires 90d');
  await shown('U0ADA', 'Making the token');
  slow = null;
  gate.resolve();
  const blocks = await shown('U0ADA', TOKEN);
  expect(blocks).toContain('resolve and runs in production');
  const token = TOKEN.exec(blocks)?.[0] ?? expect.unreachable();
  for (const other of ['U0LEE', 'U0DEV']) expect(towpath.slack.modals(other)).toEqual([]);
  const audited = await towpath.persistence.sql("SELECT * FROM audit_event WHERE action LIKE 'token.%'");
  expect(audited).toMatchObject([{ action: 'token.created', actor: 'U0ADA', subject: 'token:runner' }]);
  for (const secret of [token, hashToken(token)]) {
    expect(everythingElse()).not.toContain(secret);
    expect(JSON.stringify(audited)).not.toContain(secret);
  }
  await close('U0ADA');
});

test('tokens are listed with what they may, who made them and how long they last', async () => {
  await made('/towpath token create ci --scope read,push');
  await type('/towpath tokens');
  const message = await told('API tokens');
  const text = JSON.stringify(message.blocks);
  expect(text).toMatch(/\*ci\*: read and push.*By <@U0ADA>.*never used, never expires/);
  expect(text).not.toMatch(TOKEN);
});

test('rotating shows another one, and says until when the old one is good', async () => {
  const first = await made('/towpath token create rotated --scope read');
  await type('/towpath token rotate rotated --overlap 10m');
  const blocks = await shown('U0ADA', TOKEN);
  expect(blocks).toContain('The old one is good until');
  expect(blocks).not.toContain(first);
  await close('U0ADA');
});

test('revoking needs no form', async () => {
  await made('/towpath token create ended --scope read');
  await type('/towpath token revoke ended');
  await told('The token ended lets nobody in any more');
});

test('what is missing is said without a form, and a refusal stands in it', async () => {
  await type('/towpath token create');
  await told('Which token is it');
  expect(towpath.slack.modals('U0ADA')).toEqual([]);
  await type('/towpath token create mine --scope read', 'U0LEE');
  await shown('U0LEE', 'takes the role admin');
  await close('U0LEE');
  await type('/towpath tokens', 'U0LEE');
  await told('There is none', 'U0LEE');
  await type('/towpath token help');
  await told('/towpath token create production-runner');
});

test('a command that Slack sends twice makes one token', async () => {
  const token = await made('/towpath token create once --scope read');
  await towpath.slack.replayLast('command');
  const rows = await towpath.persistence.sql("SELECT hash FROM api_token WHERE name = 'once'");
  expect(rows).toEqual([{ hash: hashToken(token) }]);
});

test('where the form is gone, its person is told how to get another, without the token', async () => {
  const gate = Promise.withResolvers<void>();
  slow = gate.promise;
  await type('/towpath token create unseen --scope read');
  await shown('U0ADA', 'Making the token');
  await close('U0ADA');
  slow = null;
  gate.resolve();
  const message = await told('The token unseen was made but could not be shown');
  expect(JSON.stringify(message)).not.toMatch(TOKEN);
  expect(message.text).toContain('/towpath token rotate unseen --overlap 0');
});

test('no form, no token', async () => {
  towpath.slack.failNext('views.open', { status: 200, error: 'expired_trigger_id' });
  await type('/towpath token create late --scope read');
  await told('took too long to open');
  expect(await towpath.persistence.sql("SELECT 1 FROM api_token WHERE name = 'late'")).toEqual([]);
});

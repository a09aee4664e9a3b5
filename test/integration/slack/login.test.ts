import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
beforeAll(async () => {
  towpath = await startSlackTowpath();
});
afterAll(() => towpath.stop());

const TEAM = 'T0CANAL';
const start = () => towpath.useCases.startLogin({ workspaceId: TEAM, device: 'adas-laptop' });
const collect = (deviceCode: string) => towpath.useCases.collectLogin({ workspaceId: TEAM, deviceCode });
const type = (text: string, as = 'U0LEE') => towpath.slack.type(as, 'C0GENERAL', text);
const told = (words: string | RegExp, as = 'U0LEE') => towpath.told(as, 'C0GENERAL', words);
const top = (as: string) => towpath.slack.modals(as).at(-1);
const shown = (words: string, as = 'U0LEE') =>
  waitUntil(`a form of ${as} with ${words}; it has ${JSON.stringify(top(as)?.view.blocks)}`, () => {
    const modal = top(as);
    return modal !== undefined && JSON.stringify(modal.view.blocks).includes(words) ? modal : null;
  });
const close = async (as = 'U0LEE') => {
  for (const modal of towpath.slack.modals(as)) await towpath.slack.closeView(as, modal.id);
};

test('a code is asked about in a form that names the program, what it could do, and how codes are stolen', async () => {
  const { code, deviceCode } = await start();
  await type(`/towpath login ${code.toLowerCase().replace('-', ' ')}`);
  const modal = await shown('wants to act as you');
  const text = JSON.stringify(modal.view);
  expect(text).toContain('adas-laptop');
  expect(text).toContain('*approve and reject*');
  expect(text).toContain('Did somebody send you this code?');
  expect(text).toContain('for 30 days');
  expect(modal.view).toMatchObject({ submit: { text: 'Let it act as me' }, close: { text: 'Cancel' } });
  await towpath.slack.submitView('U0LEE', modal.id, {});
  await shown('acts as you now');
  expect(await collect(deviceCode)).toMatchObject({ kind: 'token', token: { createdBy: 'U0LEE', isPersonal: true } });
  for (const secret of [code, code.replace('-', ''), deviceCode]) {
    expect(JSON.stringify([text, towpath.log, towpath.slack.calls])).not.toContain(secret);
  }
  await close();
  await type('/towpath tokens');
  const list = JSON.stringify((await told('API tokens')).blocks);
  expect(list).toMatch(/\*login-adas-laptop-\w{6}\*: acts as <@U0LEE>/);
  const name = /login-adas-laptop-\w{6}/.exec(list)?.[0] ?? '';
  await type(`/towpath token revoke ${name}`);
  await told('lets nobody in any more');
});

test('who did not start it says so, and the program gets nothing', async () => {
  const { code, deviceCode } = await start();
  await type(`/towpath login ${code}`);
  const modal = await shown('wants to act as you');
  await towpath.slack.click('U0LEE', { viewId: modal.id }, 'refuse_login');
  await shown('it gets nothing');
  await expect(collect(deviceCode)).rejects.toMatchObject({ code: 'login_refused' });
  await close();
});

test('closing the form confirms nothing', async () => {
  const { code, deviceCode } = await start();
  await type(`/towpath login ${code}`);
  await shown('wants to act as you');
  await close();
  expect((await collect(deviceCode)).kind).toBe('waiting');
});

test('a wrong code is said in the form, which then has nothing to confirm', async () => {
  await type('/towpath login bcdf-ghjk');
  const modal = await shown('No login waits under this code');
  expect(modal.view.submit).toBeUndefined();
  await close();
  await type('/towpath login 1234');
  await shown('A code has eight letters');
  await close();
});

test.each([
  ['U0GUEST', 'Guests of this workspace'],
  ['U0STRANGER', 'People of other workspaces'],
])('%s is told that they can’t, and shown nothing to confirm', async (who, why) => {
  const { code, deviceCode } = await start();
  await type(`/towpath login ${code}`, who);
  const modal = await shown(why, who);
  expect(modal.view.submit).toBeUndefined();
  await close(who);
  expect((await collect(deviceCode)).kind).toBe('waiting');
});

test('what was confirmed in time can’t be confirmed by another, who is told so', async () => {
  const { code } = await start();
  await type(`/towpath login ${code}`);
  const mine = await shown('wants to act as you');
  await type(`/towpath login ${code}`, 'U0ADA');
  const theirs = await shown('wants to act as you', 'U0ADA');
  expect(JSON.stringify(theirs.view)).toContain('make and end API tokens');
  await towpath.slack.submitView('U0LEE', mine.id, {});
  await shown('acts as you now');
  await towpath.slack.submitView('U0ADA', theirs.id, {});
  await shown('This login is over', 'U0ADA');
  await close();
  await close('U0ADA');
});

test('a form that is sent twice logs in once', async () => {
  const { code, deviceCode } = await start();
  await type(`/towpath login ${code}`);
  const modal = await shown('wants to act as you');
  await towpath.slack.submitView('U0LEE', modal.id, {});
  await shown('acts as you now');
  await towpath.slack.replayLast('view');
  expect((await collect(deviceCode)).kind).toBe('token');
  const rows = await towpath.persistence.sql(
    "SELECT 1 FROM audit_event WHERE action = 'login.confirmed' AND after->>'device' = 'adas-laptop'",
  );
  expect(rows.length).toBe(3);
  await close();
});

test('without a code it is said how to get one', async () => {
  await type('/towpath login');
  await told('/towpath login BCDF-GHJK');
  await type('/towpath login help');
  await told('Lets the command line that shows the code act as you');
  expect(towpath.slack.modals('U0LEE')).toEqual([]);
});

test('the audit says with which token somebody acted', async () => {
  const actor = { workspaceId: TEAM, userId: 'U0LEE', via: 'api', token: { name: 'ci', isPersonal: false } } as const;
  await towpath.push(1);
  await towpath.useCases.deployVersion({ actor, workflow: 'summarize-flow' });
  await type('/towpath audit summarize-flow dev');
  const text = JSON.stringify((await told('Audit')).blocks);
  expect(text).toMatch(/<@U0LEE> \(api, with ci\): \*deployment\.activated\*/);
  expect(text).not.toContain('version.pushed');
  for (let nth = 2; nth <= 12; nth++) await towpath.push(nth);
  await type('/towpath audit summarize-flow');
  const all = await waitUntil('the pushes', () =>
    towpath.slack.messages('C0GENERAL').findLast(({ blocks }) => JSON.stringify(blocks).includes('version.pushed')),
  );
  expect(JSON.stringify(all.blocks)).not.toContain('deployment.activated');
  await towpath.slack.click('U0LEE', all, 'more_audit');
  await waitUntil('what was before', () => {
    const last = towpath.slack.messages('C0GENERAL').findLast(({ text: said }) => said === 'Audit');
    return JSON.stringify(last?.blocks).includes('deployment.activated');
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
beforeAll(async () => {
  towpath = await startSlackTowpath({
    configuration: `
environments:
  - { name: development, aliases: [dev], approvals: [] }
  - { name: production, aliases: [prod], channel: C0PROD, approvals: [{ role: lead, count: 1 }] }
people: { U0ADA: admin, U0LEE: lead }
`,
  });
  for (let nth = 1; nth <= 9; nth += 1) await give({ model: `model-${nth}` }, `reason ${nth} <!here>`);
});
afterAll(() => towpath.stop());

const CHANNEL = 'C0GENERAL';
const actor = { workspaceId: 'T0CANAL', userId: 'U0ADA', via: 'slack' } as const;
const give = (settings: Settings, reason: string) =>
  towpath.useCases.proposeSettings({ actor, environment: 'dev', settings, reason });
const layer = (environment: string) => towpath.useCases.showSettingsLayer({ workspaceId: 'T0CANAL', environment });
const topModal = (as: string, words: string) =>
  waitUntil(`a modal of ${as} with “${words}”`, () => {
    const modal = towpath.slack.modals(as).at(-1);
    return JSON.stringify(modal?.view ?? '').includes(words) ? modal : null;
  });
async function close(as: string): Promise<void> {
  for (let top = towpath.slack.modals(as).at(-1); top !== undefined; top = towpath.slack.modals(as).at(-1))
    await towpath.slack.closeView(as, top.id);
}
async function history(as: string, environment: string, words: string) {
  const before = towpath.slack.messages(CHANNEL).length;
  await towpath.slack.type(as, CHANNEL, `/towpath env ${environment}`);
  const message = await waitUntil('the settings', () =>
    towpath.slack
      .messages(CHANNEL)
      .slice(before)
      .find((one) => one.ephemeralTo === as),
  );
  await towpath.slack.click(as, message, 'settings_history:0');
  return topModal(as, words);
}

test('the history says who changed what, when and why, newest first, page by page', async () => {
  const first = await history('U0DEV', 'dev', 'Number 9');
  const text = JSON.stringify(first.view.blocks);
  expect(text).toMatch(/Number 9\* · now: <@U0ADA>.*Default model changed from ‘model-8’ to ‘model-9’.*Number 4/);
  expect(text).toContain('Default model changed from ‘model-3’ to ‘model-4’');
  expect(text).not.toContain('Go back to number 9');
  expect(text).toContain('Go back to number 8');
  await towpath.slack.click('U0DEV', { viewId: first.id }, 'settings_history_page:1');
  const second = await topModal('U0DEV', 'Number 3');
  expect(JSON.stringify(second.view.blocks)).toContain('Go back to number 3');
  expect(JSON.stringify(second.view.blocks)).toContain('What was given first');
  await towpath.slack.click('U0DEV', { viewId: second.id }, 'settings_history_page:0');
  await topModal('U0DEV', 'Number 9');
  await close('U0DEV');
});

test('going back shows what would change, and brings the earlier settings back as a new number', async () => {
  const modal = await history('U0ADA', 'dev', 'Number 9');
  await towpath.slack.click('U0ADA', { viewId: modal.id }, 'go_back_settings:2');
  const form = await topModal('U0ADA', 'Going back to number 7');
  expect(JSON.stringify(form.view.blocks)).toContain('Default model changed from ‘model-9’ to ‘model-7’');
  expect((await towpath.slack.submitView('U0ADA', form.id, { reason: 'it was cheaper' })).errors).toEqual({});
  await towpath.told('U0ADA', CHANNEL, 'The settings of development are changed, now number 10.');
  expect((await layer('dev')).settings).toEqual({ model: 'model-7' });
  expect(towpath.slack.modals('U0ADA')).toEqual([]);
  const after = await history('U0DEV', 'dev', 'Number 10');
  expect(JSON.stringify(after.view.blocks)).toContain('brought back number 7');
  await close('U0DEV');
});

test('going back from what is not there any more is refused, and says so', async () => {
  const modal = await history('U0ADA', 'dev', 'Number 10');
  await towpath.slack.click('U0ADA', { viewId: modal.id }, 'go_back_settings:1');
  const form = await topModal('U0ADA', 'Going back to number 9');
  await give({ model: 'another' }, 'meanwhile');
  const { errors } = await towpath.slack.submitView('U0ADA', form.id, { reason: 'mine' });
  expect(errors['reason']).toContain('have number 11 by now, not 10');
  expect((await layer('dev')).settings).toEqual({ model: 'another' });
  await close('U0ADA');
});

test('whoever may not change the settings reads the history, and is refused before writing why', async () => {
  const modal = await history('U0DEV', 'dev', 'Number 11');
  await towpath.slack.click('U0DEV', { viewId: modal.id }, 'go_back_settings:1');
  expect((await topModal('U0DEV', 'takes the role admin')).view.submit).toBeUndefined();
  await close('U0DEV');
});

test('where approvals are asked for, going back is asked for', async () => {
  for (const model of ['a', 'b']) {
    const result = await towpath.useCases.proposeSettings({ actor, environment: 'prod', settings: { model } });
    if (result.kind === 'proposed')
      await towpath.useCases.approveSettings({
        ...{ actor: { ...actor, userId: 'U0LEE' }, proposalId: result.proposal.id },
      });
  }
  const modal = await history('U0ADA', 'prod', 'Number 2');
  await towpath.slack.click('U0ADA', { viewId: modal.id }, 'go_back_settings:1');
  const form = await topModal('U0ADA', 'Ask for it');
  await towpath.slack.submitView('U0ADA', form.id, {});
  const card = await towpath.message('C0PROD', 'the card', (m) =>
    JSON.stringify(m.blocks).includes('bringing back number 1'),
  );
  await towpath.slack.click('U0LEE', card, 'approve_settings:0');
  await waitUntil('what was', async () => (await layer('prod')).settings.model === 'a');
});

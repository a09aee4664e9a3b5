import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
beforeAll(async () => {
  towpath = await startSlackTowpath();
});
afterAll(() => towpath.stop());

const actor = (userId: string) => ({ workspaceId: 'T0CANAL', userId, via: 'slack' }) as const;
const layer = () => towpath.useCases.showSettingsLayer({ workspaceId: 'T0CANAL', environment: 'staging' });
let nth = 0;
beforeEach(async () => {
  const { proposal } = await layer();
  if (proposal !== null) await towpath.useCases.cancelSettings({ actor: actor('U0ADA'), proposalId: proposal.id });
  nth += 1;
});

/** Proposes a model of its own for each test, and gives what the person sees of it. */
async function proposed(as: string): Promise<{ model: string; list: StandInMessage }> {
  const model = `model-${nth}`;
  const settings = { model, variables: { ODD: '<!channel> `x`' } };
  await towpath.useCases.proposeSettings({
    ...{ actor: actor('U0ADA'), environment: 'stg', settings, reason: 'cheaper' },
  });
  await towpath.slack.type(as, 'C0GENERAL', '/towpath env stg proposals');
  const list = await waitUntil('the list', () =>
    towpath.slack
      .messages('C0GENERAL')
      .find((m) => m.ephemeralTo === as && JSON.stringify(m.blocks).includes(`‘${model}’`)),
  );
  return { model, list };
}
const cardOf = (model: string, words = '') =>
  towpath.message('C0STAGING', `the card of ${model} with “${words}”`, ({ blocks }) => {
    const shown = JSON.stringify(blocks);
    return shown.includes(`‘${model}’`) && shown.includes('show_settings_diff') && shown.includes(words);
  });
const actionsIn = (shown: string) =>
  [...shown.matchAll(/"action_id":"(?<name>[a-z_]+)[:"]/g)].map((match) => match.groups?.['name']);
const mrkdwnIn = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return '';
  const { type, text } = value as { type?: unknown; text?: unknown };
  return `${type === 'mrkdwn' ? text : ''} ${Object.values(value).map(mrkdwnIn).join(' ')}`;
};
const shownAs = (list: StandInMessage) =>
  JSON.stringify(towpath.slack.messages('C0GENERAL').find(({ ts }) => ts === list.ts) ?? {});

test('a proposed change has a card in the channel and is listed privately, nothing in it read by Slack', async () => {
  const { model, list } = await proposed('U0LEE');
  const card = await cardOf(model);
  for (const shown of [JSON.stringify(list.blocks), JSON.stringify(card.blocks)]) {
    for (const words of ['very workflow', '<@U0ADA>', 'cheaper', 'Approval by 1 lead', `‘${model}’`])
      expect(shown).toContain(words);
    expect(actionsIn(shown)).toEqual(['approve_settings', 'reject_settings', 'show_settings_diff', 'cancel_settings']);
  }
  expect(card.text).toBe('<@U0ADA> wants to change the settings of staging');
  expect(mrkdwnIn(card.blocks)).not.toContain('<!channel>');
});

test('a lead approves it there, and sees what is left', async () => {
  const { model, list } = await proposed('U0LEE');
  await towpath.slack.click('U0LEE', list, 'approve_settings:0');
  await waitUntil('the list to follow', () => shownAs(list).includes('applies now'));
  expect(shownAs(list)).toContain('none.');
  expect((await layer()).settings).toMatchObject({ model });
  await towpath.message('C0STAGING', 'what applies', (m) => m.text.includes('approved by <@U0LEE>'));
});

test('whoever asked is refused, and may cancel', async () => {
  const { list } = await proposed('U0ADA');
  await towpath.slack.click('U0ADA', list, 'approve_settings:0');
  await towpath.told('U0ADA', 'C0GENERAL', 'somebody else has to approve it');
  await towpath.slack.click('U0ADA', list, 'cancel_settings:0');
  await waitUntil('the list to follow', () => shownAs(list).includes('Cancelled'));
  expect((await layer()).proposal).toBeNull();
});

test('rejecting asks why, and tells whoever asked', async () => {
  const { list } = await proposed('U0LEE');
  await towpath.slack.click('U0LEE', list, 'reject_settings:0');
  const modal = await waitUntil('the form', () => towpath.slack.modals('U0LEE').at(-1));
  await towpath.slack.submitView('U0LEE', modal.id, { reason: 'too dear' });
  await towpath.told('U0LEE', 'C0GENERAL', 'Rejected');
  expect((await layer()).proposal).toBeNull();
});

describe('the card in the channel', () => {
  test('is approved by a lead, says so from then on, and what applies is told below it', async () => {
    const { model } = await proposed('U0LEE');
    const card = await cardOf(model);
    await towpath.slack.click('U0DEV', card, 'approve_settings:0');
    await towpath.told('U0DEV', 'C0STAGING', 'you are a member');
    await towpath.slack.click('U0LEE', card, 'approve_settings:0');
    const { number } = await waitUntil('it to apply', async () => {
      const now = await layer();
      return now.settings.model === model ? now : null;
    });
    const decided = await cardOf(model, `*Applied* as number ${number}, approved by <@U0LEE>`);
    expect(decided.ts).toBe(card.ts);
    expect(actionsIn(JSON.stringify(decided.blocks))).toEqual(['show_settings_diff']);
    const told = await towpath.message('C0STAGING', 'what applies', (m) => m.threadTs === card.ts);
    expect(told.text).toContain(`approved by <@U0LEE> (now number ${number})`);
    expect((await layer()).settings).toMatchObject({ model });
  });

  test.each([
    ['reject_settings', 'U0LEE', '*Rejected* by <@U0LEE>'],
    ['cancel_settings', 'U0ADA', '*Cancelled* by <@U0ADA>'],
  ])('%s ends it there', async (action, as, words) => {
    const { model } = await proposed('U0LEE');
    const card = await cardOf(model);
    await towpath.slack.click(as, card, `${action}:0`);
    if (action === 'reject_settings') {
      const modal = await waitUntil('the form', () => towpath.slack.modals(as).at(-1));
      await towpath.slack.submitView(as, modal.id, { reason: 'too dear <!here>' });
    }
    const decided = await cardOf(model, words);
    expect(decided.ts).toBe(card.ts);
    expect(actionsIn(JSON.stringify(decided.blocks))).toEqual(['show_settings_diff']);
    expect((await layer()).settings).not.toMatchObject({ model });
  });

  test('says that it is over where its settings were changed otherwise', async () => {
    const { model } = await proposed('U0LEE');
    const card = await cardOf(model);
    const { number } = await layer();
    await towpath.persistence.ports.inTransaction('T0CANAL', async (tx) => {
      const staging = (await tx.environments.pipelineHeld()).find(({ name }) => name === 'staging');
      const other = { environmentId: staging?.id ?? '', workflowId: null, settings: { runner: `other-${nth}` } };
      await tx.settings.save({ ...other, changedBy: 'file', via: 'file', reason: null });
    });
    await towpath.slack.click('U0LEE', card, 'approve_settings:0');
    await towpath.told('U0LEE', 'C0STAGING', 'those settings were changed otherwise since');
    await cardOf(model, '*Closed*');
    expect((await layer()).number).toBe(number + 1);
  });

  test('opens all that would change, nothing of it shortened', async () => {
    const long = `begin ${'x'.repeat(5_000)} end-${nth}`;
    await towpath.useCases.proposeSettings({
      ...{ actor: actor('U0ADA'), environment: 'staging' },
      settings: { ...(await layer()).settings, variables: { LONG: long, ODD: '<!channel>' } },
    });
    const card = await towpath.message('C0STAGING', 'the card', (m) =>
      JSON.stringify(m.blocks).includes('Variable LONG'),
    );
    await towpath.slack.click('U0LEE', card, 'show_settings_diff:0');
    const first = await waitUntil('the diff', () =>
      towpath.slack.modals('U0LEE').find(({ view }) => JSON.stringify(view.blocks).includes('variables.LONG')),
    );
    const text = JSON.stringify(first.view.blocks);
    expect(text).toContain('+ variables.LONG: \\"begin xxx');
    expect((text.match(/x{50,}/g) ?? []).join('')).toHaveLength(5_000);
    expect(text).toContain(`end-${nth}`);
    await towpath.slack.closeView('U0LEE', first.id);
  });

  test('goes to those who can decide where its channel does not take it', async () => {
    towpath.slack.setBotMember('C0STAGING', false);
    const model = `model-${nth}`;
    await towpath.useCases.proposeSettings({ actor: actor('U0ADA'), environment: 'staging', settings: { model } });
    await towpath.message(towpath.slack.imOf('U0LEE'), 'the card', (m) =>
      JSON.stringify(m.blocks).includes(`‘${model}’`),
    );
    towpath.slack.setBotMember('C0STAGING', true);
  });
});

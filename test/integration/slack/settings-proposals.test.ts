import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
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
const shownAs = (list: StandInMessage) =>
  JSON.stringify(towpath.slack.messages('C0GENERAL').find(({ ts }) => ts === list.ts) ?? {});

test('a proposed change is told of in the channel and listed privately, nothing in it read by Slack', async () => {
  const { model, list } = await proposed('U0LEE');
  const shown = JSON.stringify(list.blocks);
  for (const words of ['For every workflow', '<@U0ADA>', 'cheaper', 'Approval by 1 lead', `‘${model}’`])
    expect(shown).toContain(words);
  const notice = await towpath.message('C0STAGING', 'the notice', (m) => m.text.includes(`‘${model}’`));
  expect(notice.text).toContain('/towpath env staging proposals');
  expect(notice.text).not.toContain('<!channel>');
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

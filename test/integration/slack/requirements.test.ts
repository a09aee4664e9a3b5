import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

const configuration = (leads: number) => `
environments:
  - { name: development, aliases: [dev] }
  - name: staging
    channel: C0STAGING
    approvals: [{ role: lead, count: ${leads} }]
    requires: { checklist: ["Rollback tested", "Stakeholder informed"], rejection: counts }
people: { U0ADA: admin, U0LEE: lead, U0LIA: lead, U0OTHER: lead }
`;

let towpath: SlackTowpath;
let workflow: string;
let card: StandInMessage;
let nth = 0;
beforeAll(async () => {
  towpath = await startSlackTowpath({ configuration: configuration(2) });
});
afterAll(() => towpath.stop());
beforeEach(async () => {
  nth += 1;
  workflow = `required-${nth}`;
  await towpath.push(1, { workflow });
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/deploy ${workflow}`);
  await towpath.told('U0DEV', 'C0GENERAL', `${workflow} v1 is live`);
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/promote ${workflow} staging`);
  card = await towpath.message('C0STAGING', 'the card', (m) => m.text.includes(`asks to take ${workflow} v1`));
});

const blocksOf = (message: StandInMessage) => JSON.stringify(message.blocks);
const cardSaying = (words: string) =>
  towpath.message('C0STAGING', `the card to say ${words}`, (m) => m.ts === card.ts && blocksOf(m).includes(words));
const approve = (who: string) => towpath.slack.click(who, card, 'approve_promotion');

test('a checklist is ticked on the card by whoever did it, unticked, and its last item deploys', async () => {
  expect(blocksOf(card)).toContain('*Checklist*, 0 of 2 ticked');
  await towpath.slack.click('U0OTHER', card, 'tick_item:0');
  const ticked = await cardSaying('*Checklist*, 1 of 2 ticked');
  expect(blocksOf(ticked)).toMatch(/☑ Rollback tested\\n {6}<@U0OTHER> <!date/);
  await towpath.slack.click('U0LEE', ticked, 'untick_item:0');
  await cardSaying('*Checklist*, 0 of 2 ticked');
  for (const lead of ['U0LEE', 'U0LIA']) await approve(lead);
  const approved = await cardSaying('✓ Approv');
  await towpath.slack.click('U0LEE', approved, 'tick_item:0');
  await towpath.slack.click('U0LEE', await cardSaying('*Checklist*, 1 of 2 ticked'), 'tick_item:1');
  expect(blocksOf(await cardSaying('✅ *Live in staging*'))).not.toContain('Checklist');
});

test('of two who tick the same item at once, the second is told that nothing was changed', async () => {
  await Promise.all(['U0OTHER', 'U0LEE'].map((who) => towpath.slack.click(who, card, 'tick_item:0')));
  await towpath.message('C0STAGING', 'one of both to be told', (m) => m.text.includes('That was ticked already.'));
  await cardSaying('*Checklist*, 1 of 2 ticked');
});

test('a no that only counts leaves it open, with its reason on the card, until the person says yes', async () => {
  await towpath.slack.type('U0LEE', 'C0GENERAL', `/reject ${workflow} staging it is too slow`);
  await towpath.told('U0LEE', 'C0GENERAL', 'It only counts there: the request stays open.');
  expect(blocksOf(await cardSaying('*Said no*'))).toMatch(/✗ <@U0LEE> <!date[^>]*>: it is too slow/);
  await approve('U0LEE');
  await cardSaying(', and approved since: it is too slow');
});

test('an approval of an earlier state is shown as one; Review again shows the card to approve anew', async () => {
  await approve('U0LEE');
  await cardSaying('✓ <@U0LEE> (lead)');
  const workspace = { id: 'T0CANAL', name: 'Canal Company', botUserId: 'U0BOT' };
  await makeApplyConfiguration(towpath.persistence.ports)({
    ...{ workspace, admins: [] },
    configuration: parseTowpathYaml(configuration(3), { fileName: 'towpath.yaml' }),
  });
  const moved = await cardSaying('approved an earlier state: what staging asks for changed');
  await towpath.slack.click('U0LEE', moved, 'review_promotion');
  const modal = await waitUntil('the card in a modal', () =>
    towpath.slack.modals('U0LEE').find(({ view }) => JSON.stringify(view.blocks).includes('approved an earlier state')),
  );
  expect(JSON.stringify(modal.view.blocks)).not.toContain('"review_promotion"');
  await towpath.slack.click('U0LEE', { viewId: modal.id }, 'approve_promotion');
  await cardSaying('✓ <@U0LEE> (lead)');
});

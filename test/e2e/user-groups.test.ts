import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { APPROVE } from '../../src/adapters/slack/actions/action-ids.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { lastWhisper, publicMessages, push, workflowSource } from '../support/towpath/acts.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const CHANNEL = 'C0STAGING';
const CONFIGURATION = `environments:
  - { name: development }
  - name: staging
    channel: ${CHANNEL}
    approvals: [{ usergroup: S0REVIEW, count: 1, label: review }, { onCall: S0ONCALL }]
`;

let towpath: WholeTowpath;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-'));
  await writeFile(join(folder, 'towpath.yaml'), CONFIGURATION);
  towpath = await startWholeTowpath({
    env: { TOWPATH_CONFIG: join(folder, 'towpath.yaml') },
    slack: { userGroups: { S0REVIEW: ['U0LEE', 'U0ONCALL'], S0ONCALL: ['U0ONCALL'] } },
  });
});
afterAll(async () => {
  await towpath?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('members of a user group and whoever is on call approve; nobody fills both places, and nobody else any', async () => {
  await push(towpath, 'grouped', workflowSource('grouped', 'One.'));
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/deploy grouped');
  await waitUntil('the deployment', () =>
    towpath.slack.messages('C0GENERAL').some(({ text }) => text.includes('grouped v1 is live')),
  );
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/promote grouped staging');
  const card = () => publicMessages(towpath, CHANNEL).find(({ text }) => text.includes('grouped v1'));
  const asked = await waitUntil('the card', card);
  const shows = (words: string) =>
    waitUntil(`the card to say ${words}`, () => JSON.stringify(card()?.blocks).includes(words));
  await shows('review (1 of the user group S0REVIEW)');
  const click = (who: string) => towpath.slack.click(who, { channel: CHANNEL, ts: asked.ts }, APPROVE);
  await click('U0ADA');
  await waitUntil('U0ADA to be refused', () => lastWhisper(towpath, 'U0ADA', CHANNEL)?.includes('is decided by'));
  await click('U0ONCALL');
  await shows('✓ <@U0ONCALL>');
  expect(JSON.stringify(card()?.blocks)).not.toContain('*Live in staging*');
  await click('U0LEE');
  await shows('*Live in staging*');
});

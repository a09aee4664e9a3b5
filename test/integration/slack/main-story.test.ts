import { afterEach, expect, test } from 'vitest';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
afterEach(() => towpath.stop());

test('a version is deployed, asked for, approved by a click and live; the card changes in place', async () => {
  towpath = await startSlackTowpath();
  const { slack } = towpath;
  await towpath.push(1);

  expect(await slack.type('U0DEV', 'C0GENERAL', '/deploy summarize-flow')).toMatchObject({ status: 200 });
  const receipt = await towpath.message('C0GENERAL', 'the receipt', (m) => m.text.includes('deployed summarize-flow'));
  expect(JSON.stringify(receipt.blocks)).toContain('Promote to staging');

  await slack.type('U0DEV', 'C0GENERAL', '/promote summarize-flow stg ready for the pilot');
  const card = await towpath.message('C0STAGING', 'the card', (m) => m.text.includes('asks to take'));
  expect(JSON.stringify(card.blocks)).toContain('ready for the pilot');
  await towpath.told('U0DEV', 'C0GENERAL', 'Asked for: summarize-flow v1');

  await slack.click('U0LEE', card, 'approve_promotion');
  const deployed = await towpath.message(
    'C0STAGING',
    'the deployed card',
    (m) => m.ts === card.ts && m.text.includes('deployed'),
  );
  expect(JSON.stringify(deployed.blocks)).toContain('Live in staging');
  await towpath.message('C0STAGING', 'the story', (m) => m.threadTs === card.ts && m.text.includes('went live'));
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APPROVE } from '../../src/adapters/slack/actions/action-ids.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { lastWhisper, publicMessages, push, untilQuiet, withButton } from '../support/towpath/acts.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const CHANNEL = 'C0GENERAL';
const file = (settings: string) => `environments:
  - { name: development, settings: { variables: { MODEL: claude-haiku } } }
  - name: staging
    channel: ${CHANNEL}
    approvals: [{ role: lead, count: 2 }]
    settings: ${settings}
people: { U0ADA: admin, U0LEE: lead }
`;
const flow = (model: string, prompt: string) => `apiVersion: towpath/v1
name: flow
steps:
  - { id: answer, type: llm, label: Answer, model: "${model}", systemPrompt: ${prompt} }
`;

describe('settings in a towpath.yaml', () => {
  let towpath: WholeTowpath;
  let folder: string;
  const write = (settings: string) => writeFile(join(folder, 'towpath.yaml'), file(settings));
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'towpath-settings-'));
    await write('{ variables: { MODEL: claude-sonnet }, secrets: { CRM_KEY: { env: STAGING_CRM_KEY } } }');
    towpath = await startWholeTowpath({ env: { TOWPATH_CONFIG: join(folder, 'towpath.yaml') } });
  });
  afterAll(async () => {
    await towpath?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const type = async (who: string, command: string, answer: string) => {
    await towpath.slack.type(who, CHANNEL, command);
    await waitUntil(answer, () => lastWhisper(towpath, who, CHANNEL)?.includes(answer));
  };
  const card = () => withButton(towpath, CHANNEL, APPROVE, 'flow');
  const cardShows = (words: string) =>
    waitUntil(`a card with “${words}”`, () => JSON.stringify(card()?.blocks ?? []).includes(words));

  test('are read by /towpath env, and what the file changes shows on a card that is open', async () => {
    await push(towpath, 'flow', flow('${MODEL}', 'Be brief'));
    await type('U0DEV', '/deploy flow', 'flow v1 is live');
    await towpath.slack.type('U0DEV', CHANNEL, '/promote flow staging');
    const { ts } = await waitUntil('the card', card);
    await towpath.slack.click('U0LEE', { channel: CHANNEL, ts }, APPROVE);
    await cardShows('✓ <@U0LEE>');
    await untilQuiet(towpath);

    expect(await towpath.terminate()).toBe(0);
    await write('{ variables: { MODEL: claude-opus }, secrets: { CRM_KEY: { env: STAGING_CRM_KEY } } }');
    await towpath.start();
    await cardShows('approved an earlier state: the settings of staging changed');
    await cardShows('staging: Variable MODEL changed from ‘claude-sonnet’ to ‘claude-opus’');
    await waitUntil('the notice', () =>
      publicMessages(towpath, CHANNEL).some(({ text }) => text.includes('changed the settings of *staging*')),
    );

    await towpath.slack.type('U0DEV', CHANNEL, '/towpath env stag');
    const shown = await waitUntil('the settings', () =>
      towpath.slack
        .messages(CHANNEL)
        .findLast((message) => message.ephemeralTo === 'U0DEV' && message.text.includes('Settings of staging')),
    );
    const blocks = JSON.stringify(shown.blocks);
    expect(blocks).toContain('Variable MODEL: ‘claude-opus’ ¹');
    expect(blocks).toContain('Secret CRM_KEY: from STAGING_CRM_KEY ¹');
  });

  test('stop the start where what is live would lack a name, and say which', async () => {
    const { ts } = await waitUntil('the card', card);
    for (const lead of ['U0LEE', 'U0ADA']) await towpath.slack.click(lead, { channel: CHANNEL, ts }, APPROVE);
    await waitUntil('v1 in staging', () =>
      publicMessages(towpath, CHANNEL).some((message) => JSON.stringify(message.blocks).includes('Roll back')),
    );
    await untilQuiet(towpath);
    expect(await towpath.terminate()).toBe(0);
    await write('{ variables: { OTHER: x } }');
    await expect(towpath.start()).rejects.toThrow(
      /environment staging: v1 of flow is live there.*there is no value for MODEL/,
    );
    await write('{ variables: { MODEL: claude-opus } }');
    await towpath.start();
  });
});

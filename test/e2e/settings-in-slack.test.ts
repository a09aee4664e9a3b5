import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../support/slack/wait-until.ts';
import { get, lastWhisper, publicMessages, push } from '../support/towpath/acts.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const CHANNEL = 'C0GENERAL';
const FILE = `environments:
  - { name: development, approvals: [], settings: { runner: k8s } }
  - { name: staging, channel: ${CHANNEL}, approvals: [{ role: lead, count: 1 }] }
people: { U0ADA: admin, U0LEE: lead }
`;
const FLOW = `apiVersion: towpath/v1
name: flow
steps:
  - { id: answer, type: llm, label: Answer, model: "\${MODEL:claude-haiku}", systemPrompt: Be brief }
`;

describe('settings changed in Slack', () => {
  let towpath: WholeTowpath;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'towpath-settings-'));
    await writeFile(join(folder, 'towpath.yaml'), FILE);
    towpath = await startWholeTowpath({ env: { TOWPATH_CONFIG: join(folder, 'towpath.yaml') } });
    await push(towpath, 'flow', FLOW);
    await towpath.slack.type('U0DEV', CHANNEL, '/deploy flow');
    await untilModel('claude-haiku');
  });
  afterAll(async () => {
    await towpath?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What running workflows read. */
  async function untilModel(model: string): Promise<void> {
    await waitUntil(`what is resolved to name ${model}`, async () => {
      const path = '/workflows/flow/environments/development/resolved';
      const answer = await get<{ definition: { steps: { model: string }[] } }>(towpath, path).catch(() => null);
      return answer?.definition.steps[0]?.model === model;
    });
  }
  async function shown(as: string, command: string, button: string) {
    const before = towpath.slack.messages(CHANNEL).length;
    await towpath.slack.type(as, CHANNEL, command);
    return waitUntil(`${button} in the answer`, () =>
      towpath.slack
        .messages(CHANNEL)
        .slice(before)
        .find((message) => message.ephemeralTo === as && JSON.stringify(message.blocks).includes(button)),
    );
  }
  const topModal = (as: string, words: string) =>
    waitUntil(`a modal with “${words}”`, () => {
      const modal = towpath.slack.modals(as).at(-1);
      return JSON.stringify(modal?.view ?? '').includes(words) ? modal : null;
    });

  test('reach what runs workflows, by the form, by a command, and back again', async () => {
    const message = await shown('U0ADA', '/towpath env dev', 'edit_settings:0');
    await towpath.slack.click('U0ADA', message, 'edit_settings:0');
    const form = await topModal('U0ADA', 'kept in towpath.yaml');
    expect((await towpath.slack.submitView('U0ADA', form.id, { variables: 'MODEL=claude-opus' })).errors).toEqual({});
    await untilModel('claude-opus');

    await towpath.slack.type('U0ADA', CHANNEL, '/towpath env dev set MODEL=claude-sonnet');
    await untilModel('claude-sonnet');

    const now = await shown('U0ADA', '/towpath env dev', 'settings_history:0');
    await towpath.slack.click('U0ADA', now, 'settings_history:0');
    const history = await topModal('U0ADA', 'Go back to number 2');
    await towpath.slack.click('U0ADA', { viewId: history.id }, 'go_back_settings:1');
    const back = await topModal('U0ADA', 'Going back to number 2');
    await towpath.slack.submitView('U0ADA', back.id, { reason: 'it was better' });
    await untilModel('claude-opus');
  });

  test('wait for a lead where the environment asks for it, on a card that follows', async () => {
    await towpath.slack.type('U0ADA', CHANNEL, '/towpath env staging set MODEL=claude-opus');
    await waitUntil('the answer', () => lastWhisper(towpath, 'U0ADA', CHANNEL)?.includes('once it is approved'));
    const card = await waitUntil('the card', () =>
      publicMessages(towpath, CHANNEL).find(({ blocks }) => JSON.stringify(blocks).includes('"approve_settings:0"')),
    );
    await towpath.slack.click('U0LEE', { channel: CHANNEL, ts: card.ts }, 'approve_settings:0');
    await waitUntil('the decided card', () =>
      publicMessages(towpath, CHANNEL).some(
        ({ ts, blocks }) => ts === card.ts && JSON.stringify(blocks).includes('approved by <@U0LEE>'),
      ),
    );
    const { items } = await get<{ items: { action: string; actor: string }[] }>(towpath, '/audit?limit=20');
    const changes = items.filter(({ action }) => action.startsWith('settings.')).slice(0, 3);
    expect(changes.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      ...['settings.changed U0LEE', 'settings.approved U0LEE', 'settings.proposed U0ADA'],
    ]);
  });
});

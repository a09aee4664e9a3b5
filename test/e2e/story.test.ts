import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APPROVE, REJECT, UNDO_ROLLBACK } from '../../src/adapters/slack/actions/action-ids.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import {
  get,
  lastWhisper,
  publicMessages,
  push,
  untilQuiet,
  withButton,
  workflowSource,
} from '../support/towpath/acts.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const CORPUS = new URL('../../../shared/corpus/', import.meta.url);
const CHANNEL = 'C0GENERAL';

interface Pair {
  name: string;
  before: () => Promise<string>;
  after: () => Promise<string>;
}

function fromCorpus(name: string, folder: string, extension: string): Pair {
  const file = (which: string) => () => readFile(new URL(`${folder}/${which}.${extension}`, CORPUS), 'utf8');
  return { name, before: file('before'), after: file('after') };
}

const own: Pair = {
  name: 'of-our-own',
  before: async () => workflowSource('of-our-own', 'Be brief.'),
  after: async () => workflowSource('of-our-own', 'Be brief and kind.'),
};
const real = existsSync(CORPUS)
  ? [fromCorpus('n8n-export', 'n8n/02', 'json'), fromCorpus('dify-app', 'dify/01', 'yaml')]
  : [];

interface Live {
  version: { number: number };
  deployment: { deployedBy: string };
}

describe('the whole story, in Slack', () => {
  let towpath: WholeTowpath;
  beforeAll(async () => {
    towpath = await startWholeTowpath();
    await towpath.slack.type('U0ADA', CHANNEL, '/towpath role @lee lead');
    await waitUntil('the role', () => lastWhisper(towpath, 'U0ADA', CHANNEL));
  });
  afterAll(() => towpath?.stop());

  async function live(workflow: string, environment: string): Promise<number | null> {
    return get<Live>(towpath, `/workflows/${workflow}/environments/${environment}`).then(
      (answer) => answer.version.number,
      () => null,
    );
  }
  const untilLive = (workflow: string, environment: string, version: number) =>
    waitUntil(
      `v${version} of ${workflow} in ${environment}`,
      async () => (await live(workflow, environment)) === version,
    );

  /** Types, and waits for the new card. */
  async function promote(workflow: string, environment: string): Promise<string> {
    const before = publicMessages(towpath, CHANNEL).length;
    await towpath.slack.type('U0DEV', CHANNEL, `/promote ${workflow} ${environment} it was asked for`);
    const card = await waitUntil('the card', () =>
      publicMessages(towpath, CHANNEL)
        .slice(before)
        .find((message) => JSON.stringify(message.blocks).includes(`"${APPROVE}"`)),
    );
    return card.ts;
  }

  test.each([own, ...real])(
    '$name goes through two versions, review, rejection and rollback',
    async ({ name, before, after }) => {
      expect(await push(towpath, name, await before(), '?label=first')).toBe(1);
      await towpath.slack.type('U0DEV', CHANNEL, `/deploy ${name}`);
      await untilLive(name, 'development', 1);
      const first = await promote(name, 'staging');
      await towpath.slack.click('U0LEE', { channel: CHANNEL, ts: first }, APPROVE);
      await untilLive(name, 'staging', 1);

      expect(await push(towpath, name, await after(), '?label=second')).toBe(2);
      await towpath.slack.type('U0DEV', CHANNEL, `/deploy ${name} second`);
      await untilLive(name, 'dev', 2);
      const rejected = await promote(name, 'stg');
      await towpath.slack.click('U0LEE', { channel: CHANNEL, ts: rejected }, REJECT);
      const modal = await waitUntil('the form', () => towpath.slack.modals('U0LEE').at(-1));
      await towpath.slack.submitView('U0LEE', modal.id, { reason: 'Not on a Friday' });
      await waitUntil('the rejection', async () => {
        const { items } = await get<{ items: { status: string; closeReason: string }[] }>(
          towpath,
          `/promotions?workflow=${name}&status=rejected`,
        );
        return items[0]?.closeReason === 'Not on a Friday';
      });
      expect(await live(name, 'staging')).toBe(1);

      await promote(name, 'staging');
      await towpath.slack.type('U0LEE', CHANNEL, `/approve ${name}`);
      await untilLive(name, 'staging', 2);
      await towpath.slack.type('U0ONCALL', CHANNEL, `/rollback ${name} staging it answers in French`);
      await untilLive(name, 'staging', 1);
      const receipt = await waitUntil('the receipt', () => withButton(towpath, CHANNEL, UNDO_ROLLBACK, name));
      await towpath.slack.click('U0ONCALL', { channel: CHANNEL, ts: receipt.ts }, UNDO_ROLLBACK);
      await untilLive(name, 'staging', 2);
      await towpath.slack.type('U0ONCALL', CHANNEL, `/rollback ${name} staging to v1`);
      await untilLive(name, 'staging', 1);

      await untilQuiet(towpath);
      const { items } = await get<{ items: { action: string }[] }>(towpath, `/audit?workflow=${name}&limit=100`);
      const actions = items.map((event) => event.action);
      for (const action of [
        'version.pushed',
        'deployment.activated',
        'promotion.requested',
        'promotion.approved',
        'promotion.rejected',
        'promotion.deployed',
        'deployment.rolled_back',
        'rollback.undone',
      ]) {
        expect(actions).toContain(action);
      }
    },
  );

  test('ends by SIGTERM with exit code 0, and answers again after the next start', async () => {
    expect(await towpath.terminate()).toBe(0);
    await towpath.start();
    expect(await live('of-our-own', 'staging')).toBe(1);
  });
});

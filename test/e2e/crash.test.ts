import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APPROVE } from '../../src/adapters/slack/actions/action-ids.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import {
  get,
  publicMessages,
  push,
  repeatedAnnouncements,
  untilQuiet,
  withButton,
  workflowSource,
} from '../support/towpath/acts.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const CHANNEL = 'C0GENERAL';

/** Announcements that are neither posted nor given up. */
async function unsent(towpath: WholeTowpath): Promise<number> {
  const client = new Client({ connectionString: towpath.database.url });
  await client.connect();
  const { rows } = await client.query<{ n: string }>(
    "SELECT count(*)::text AS n FROM announcement WHERE state NOT IN ('posted', 'failed')",
  );
  await client.end();
  return Number(rows[0]?.n);
}

async function openPromotion(towpath: WholeTowpath, name: string): Promise<void> {
  await push(towpath, name, workflowSource(name, 'Be kind.'));
  await towpath.slack.type('U0DEV', CHANNEL, `/deploy ${name}`);
  await waitUntil('the deployment', async () => {
    const answer = await get<{ deployment: unknown }>(towpath, `/workflows/${name}/environments/dev`).catch(() => null);
    return answer !== null;
  });
}

describe('a process that is killed', () => {
  let towpath: WholeTowpath;
  beforeAll(async () => {
    towpath = await startWholeTowpath();
  });
  afterAll(() => towpath?.stop());

  test('after Slack took the post and before the answer came posts it no second time', async () => {
    await openPromotion(towpath, 'answer-lost');
    await untilQuiet(towpath);
    towpath.slack.failNext('chat.postMessage', { hang: true, afterEffect: true });
    await towpath.slack.type('U0DEV', CHANNEL, '/promote answer-lost staging');
    await waitUntil('the card', () => withButton(towpath, CHANNEL, APPROVE));
    await towpath.kill();
    await towpath.start();
    await untilQuiet(towpath);
    expect(repeatedAnnouncements(towpath, [CHANNEL])).toEqual([]);
    expect(
      publicMessages(towpath, CHANNEL).filter((m) => JSON.stringify(m.blocks).includes(`"${APPROVE}"`)),
    ).toHaveLength(1);
    expect(await unsent(towpath)).toBe(0);
  });

  test('before Slack took the post still posts it', async () => {
    await openPromotion(towpath, 'post-lost');
    await untilQuiet(towpath);
    const before = publicMessages(towpath, CHANNEL).length;
    towpath.slack.failNext('chat.postMessage', { hang: true });
    await towpath.slack.type('U0DEV', CHANNEL, '/promote post-lost staging');
    await waitUntil('the attempt', () => towpath.slack.calls.findLast((call) => call.answer === 'hang'));
    await towpath.kill();
    expect(publicMessages(towpath, CHANNEL)).toHaveLength(before);
    await towpath.start();
    await untilQuiet(towpath);
    expect(publicMessages(towpath, CHANNEL)).toHaveLength(before + 1);
    expect(await unsent(towpath)).toBe(0);
  });

  test('at any other moment loses no announcement and repeats none, twelve times', async () => {
    for (let round = 0; round < 12; round += 1) {
      const name = `any-moment-${round}`;
      await openPromotion(towpath, name);
      void towpath.slack.type('U0DEV', CHANNEL, `/promote ${name} staging`).catch(() => undefined);
      // The moment moves on from round to round, over the commit and all that follows it.
      await new Promise((resolve) => setTimeout(resolve, round * 5));
      await towpath.kill();
      await towpath.start();
      await untilQuiet(towpath);
      expect(repeatedAnnouncements(towpath, [CHANNEL]), `round ${round}`).toEqual([]);
      expect(await unsent(towpath), `round ${round}`).toBe(0);
    }
    const { items } = await get<{ items: { id: string }[] }>(towpath, '/promotions?limit=100');
    const cards = publicMessages(towpath, CHANNEL).filter((m) => JSON.stringify(m.blocks).includes(`"${APPROVE}"`));
    expect(cards).toHaveLength(items.length);
  }, 300_000);
});

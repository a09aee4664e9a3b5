import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../support/slack/wait-until.ts';
import { publicMessages, push, workflowSource } from '../support/towpath/acts.ts';
import { freePort } from '../support/towpath/free-port.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';
import { letTimePass } from '../support/use-cases/ask-more.ts';

const CONFIGURATION = `environments:
  - { name: development }
  - { name: staging, channel: C0STAGING, approvals: [], requires: { soak: { for: 2h } } }
people: { U0LEE: lead }
`;
const [HOUR, AHEAD] = [3_600_000, 2_000];
const WORKSPACE = { workspaceId: 'T0CANAL' };

let towpath: WholeTowpath;
let folder: string;
const processes: ChildProcess[] = [];
let client: Client;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-'));
  await writeFile(join(folder, 'towpath.yaml'), CONFIGURATION);
  towpath = await startWholeTowpath({ env: { TOWPATH_CONFIG: join(folder, 'towpath.yaml') } });
  processes.push(towpath.process());
  for (const port of [await freePort(), await freePort()]) {
    await towpath.start({ PORT: `${port}` });
    processes.push(towpath.process());
    const ready = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await waitUntil('another process to be ready', ready, 60_000);
  }
  client = new Client({ connectionString: towpath.database.url });
  await client.connect();
});
afterAll(async () => {
  for (const one of processes) one.kill('SIGKILL');
  await client?.end();
  await towpath?.stop();
  await rm(folder, { recursive: true, force: true });
});

const sql = async <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await client.query(text, values)).rows as Row[];
const type = (words: string) => towpath.slack.type('U0LEE', 'C0GENERAL', words);
const told = (what: string, words: string) =>
  waitUntil(what, () => towpath.slack.messages('C0GENERAL').findLast(({ text }) => text.includes(words)));
/** Everything that waits, that much earlier, but for a moment. */
const almost = (milliseconds: number) => letTimePass({ sql } as never, WORKSPACE, milliseconds - AHEAD);

const CASES: { what: string; flow: string; before?: string; ask: string; waits: number }[] = [
  { what: 'a soak’s end', flow: 'soaking', ask: '/promote soaking staging', waits: 2 * HOUR },
  { what: 'its time', flow: 'scheduled', ask: '/promote scheduled staging at "in 5h"', waits: 5 * HOUR },
  {
    ...{ what: 'a freeze’s end', flow: 'frozen', waits: 3 * HOUR },
    ...{ before: '/towpath freeze staging until "in 3h" a trade fair', ask: '/promote frozen staging' },
  },
];

describe('with three processes', () => {
  test.each(CASES)(
    '$what deploys within five seconds, once, and is told once',
    async ({ flow, before, ask, waits }) => {
      await push(towpath, flow, workflowSource(flow, 'One.'));
      await type(`/deploy ${flow}`);
      await told('the deployment', `${flow} v1 is live`);
      if (before !== undefined) {
        await type(before);
        await waitUntil('the freeze', async () => (await sql('SELECT 1 FROM "freeze"')).length === 1);
      }
      await type(ask);
      const ofFlow = `FROM promotion p JOIN workflow w ON w.id = p.workflow_id WHERE w.slug = $1`;
      await waitUntil('the request', async () => (await sql(`SELECT 1 ${ofFlow}`, [flow])).length === 1);
      await almost(waits);
      const due = Date.now() + AHEAD;
      const live = () =>
        sql<{ at: Date; by: string }>(
          `SELECT d.deployed_at AS at, d.deployed_by AS by FROM deployment d JOIN promotion p ON p.id = d.promotion_id
         JOIN workflow w ON w.id = p.workflow_id WHERE w.slug = $1`,
          [flow],
        );
      await waitUntil('it to be live', async () => (await live()).length > 0);
      const [deployed] = await live();
      expect(deployed?.by).toBe('clock');
      expect((deployed?.at.getTime() ?? 0) - due).toBeLessThan(5_000);
      const card = publicMessages(towpath, 'C0STAGING').find(({ text }) => text.includes(`${flow} v1`));
      const says = () =>
        publicMessages(towpath, 'C0STAGING').filter(
          (one) => one.threadTs === card?.ts && one.text.includes('it went live'),
        );
      await waitUntil('the channel to be told', () => says().length > 0);
      expect(await live()).toHaveLength(1);
      expect(says()).toHaveLength(1);
      expect(processes.every(({ exitCode, signalCode }) => exitCode === null && signalCode === null)).toBe(true);
    },
  );
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allRows } from '../support/database/all-rows.ts';
import { SAMPLES } from '../support/documents/secret-samples.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { get, push, workflowSource } from '../support/towpath/acts.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const CONFIGURATION = `
environments:
  - { name: development, aliases: [dev], runPayloads: true }
  - { name: production, aliases: [prod] }
runs: { keep: 30d, keepPayloads: 2d }
`;

let folder: string;
let towpath: WholeTowpath;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-runs-'));
  const file = join(folder, 'towpath.yaml');
  await writeFile(file, CONFIGURATION);
  towpath = await startWholeTowpath({ env: { TOWPATH_CONFIG: file, LOG_LEVEL: 'trace' } });
  await push(towpath, 'run-flow', workflowSource('run-flow', 'Summarise.'));
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/deploy run-flow');
  await waitUntil('the deployment', () => get(towpath, '/workflows/run-flow/environments/dev').catch(() => null));
});
afterAll(async () => {
  await towpath.stop();
  await rm(folder, { recursive: true, force: true });
});

const STARTED = new Date(Date.now() - 1_000).toISOString();

interface Told {
  accepted: number;
  duplicates: number;
  refused: { index: number; code: string }[];
}

async function report(runs: unknown[]): Promise<Told> {
  const answer = await fetch(`${towpath.url}/api/v1/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${towpath.apiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ runs }),
  });
  return (await answer.json()) as Told;
}

const batch = (name: string, size: number, more: object = {}) =>
  Array.from({ length: size }, (_, i) => ({
    ...{ runId: `${name}-${i}`, workflow: 'run-flow', version: 1, environment: 'dev' },
    started: STARTED,
    ...{ durationMs: 100 + i, outcome: i % 10 === 0 ? 'failed' : 'succeeded', ...more },
  }));

test('runs that are sent again after the process died in the middle are counted once', async () => {
  const batches = Array.from({ length: 20 }, (_, i) => batch(`died-${i}`, 500));
  const sending = Promise.allSettled(batches.map(report));
  await waitUntil('some runs to be kept', async () => {
    const { items } = await get<{ items: unknown[] }>(towpath, '/runs?limit=1');
    return items.length > 0;
  });
  await towpath.kill();
  await sending;
  await towpath.start();
  const again = await Promise.all([...batches, ...batches].map(report));
  expect(again.flatMap(({ refused }) => refused)).toEqual([]);
  const { items } = await get<{ items: { runs: number; failed: number; errorRate: number }[] }>(
    towpath,
    '/runs/summary?workflow=run-flow',
  );
  expect(items).toMatchObject([{ runs: 10_000, failed: 1_000, errorRate: 0.1 }]);
});

test('what a run says is kept without its secrets, large or small, and nothing else is told of them', async () => {
  const payload = {
    headers: { Authorization: `Bearer ${SAMPLES.jwt}` },
    text: `Use ${SAMPLES.openai}. `,
    pad: 'x '.repeat(20_000),
  };
  const told = await report(
    batch('said', 12, { input: payload, output: SAMPLES.github, error: `401 for ${SAMPLES.google}` }),
  );
  expect(told).toMatchObject({ accepted: 12, refused: [] });
  const { items } = await get<{ items: { input: typeof payload; output: string; error: string }[] }>(
    towpath,
    '/runs?runId=said-3&payloads=true',
  );
  expect(items[0]?.input.text).toMatch(/^Use masked~openai~[0-9a-f]{16}\. $/);
  expect(items[0]?.output).toMatch(/^masked~/);
  const everything = `${await allRows(towpath.database.url)}${towpath.output()}`;
  for (const secret of [SAMPLES.jwt, SAMPLES.openai, SAMPLES.github, SAMPLES.google])
    expect(everything).not.toContain(secret);
});

test('the parts of the table that the coming days need are there when it starts', async () => {
  const tomorrow = new Date(Date.now() + 23 * 3_600_000).toISOString();
  const weekAgo = new Date(Date.now() - 7 * 86_400_000 + 60_000).toISOString();
  expect(
    await report([...batch('ahead', 1, { started: tomorrow }), ...batch('late', 1, { started: weekAgo })]),
  ).toMatchObject({
    accepted: 2,
  });
});

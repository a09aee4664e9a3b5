import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KnownBlock } from '@slack/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SandboxMessage, SandboxState } from '../../../src/adapters/sandbox/protocol.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/create-test-database.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

const WITHIN = 60_000;

let folder: string;
let database: TestDatabase;
const running: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-test-starts-'));
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const child of running.splice(0)) await end(child);
  await database.drop();
  await rm(folder, { recursive: true });
});

/** Starts Towpath without Slack tokens and waits for its line. */
async function start(): Promise<{ url: string; output: () => string; child: ChildProcess }> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: {
      PATH,
      HOME,
      DATABASE_URL: database.url,
      TOWPATH_KEY: 'test-key-0123456789abcdef0123456789abcdef',
      TOWPATH_DATA: join(folder, 'data'),
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', collect);
  const url = await waitUntil(
    'the address',
    () => {
      if (child.exitCode !== null) throw new Error(`Towpath ended at its start: ${output}`);
      return /Open (http:\S+) /.exec(output)?.[1];
    },
    WITHIN,
  );
  return { url, output: () => output, child };
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  return child.exitCode;
}

async function look(url: string, as: string): Promise<SandboxState> {
  return (await (await fetch(`${url}/sandbox/state?as=${as}`)).json()) as SandboxState;
}

/** The samples' open promotion. */
function openCard({ messages }: SandboxState): SandboxMessage | undefined {
  return messages.find(({ blocks }) => approveIn(blocks) !== undefined);
}

function approveIn(blocks: readonly KnownBlock[]) {
  const elements = blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements.map((element) => ({ element, block_id: block.block_id })) : [],
  );
  const found = elements.find(({ element }) => element.type === 'button' && element.text.text === 'Approve');
  return found && { ...found.element, block_id: found.block_id };
}

test('after a restart the channels are full, and the open card can be approved', { timeout: 3 * WITHIN }, async () => {
  const first = await start();
  const card = await waitUntil('the open card', async () => openCard(await look(first.url, 'U0LEE')), WITHIN);
  const before = await look(first.url, 'U0LEE');
  expect(await end(first.child)).toBe(0);

  const second = await start();
  const after = await look(second.url, 'U0LEE');
  expect(after.messages.map(({ ts }) => ts)).toEqual(expect.arrayContaining(before.messages.map(({ ts }) => ts)));
  const clicked = await fetch(`${second.url}/sandbox/actions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      as: 'U0LEE',
      container: { type: 'message', channel: card.channel, ts: card.ts },
      action: approveIn(card.blocks),
      state: {},
    }),
  });
  expect(clicked.status).toBe(200);
  const shown = async () => (await look(second.url, 'U0LEE')).messages.find(({ ts }) => ts === card.ts);
  await waitUntil('the card to say so', async () => (await shown())?.text.includes('deployed by <@U0LEE>'), WITHIN);
  for (const { output } of [first, second]) expect(output()).toMatch(/^Towpath is ready\. Open \S+ to try it\.\n$/);
});

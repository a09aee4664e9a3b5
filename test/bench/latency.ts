import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../../src/adapters/persistence/start-embedded-postgres.ts';
import type { SlackStandIn, StandInMessage } from '../../src/adapters/sandbox/start-slack-stand-in.ts';
import { APPROVE } from '../../src/adapters/slack/actions/action-ids.ts';
import { startTestSlack, testCredentials } from '../support/slack/start-test-slack.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { push, withButton, workflowSource } from '../support/towpath/acts.ts';
import { freePort } from '../support/towpath/free-port.ts';
import { runTowpath, type WholeTowpath } from '../support/towpath/run-towpath.ts';

/** Acknowledging, approving and rolling back, beside a bare Bolt listener's acknowledgement, in one run on one machine. */

const ROUNDS = Number(process.argv[2] ?? 100);
const CHANNEL = 'C0GENERAL';
/** As a server that has been in use for a while answers. */
const WARM_UP = 50;
/** A person looks at a card before they click; what posting it left to do is done by then. */
const READING_MS = 100;

interface Figures {
  name: string;
  milliseconds: number[];
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'towpath-bench-'));
  const database = await startEmbeddedPostgres({ dataDir: folder, log: pino({ level: 'silent' }) });
  const towpath = await runTowpath({ url: database.connectionString, drop: async () => undefined });
  const bare = await startBare();
  try {
    const figures = await measure(towpath, bare.slack);
    print(figures);
  } finally {
    await bare.stop();
    await towpath.stop();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(towpath: WholeTowpath, bare: SlackStandIn): Promise<Figures[]> {
  const [bareAck, ack, approve, rollback] = [
    'bare Bolt: ack',
    'Towpath: ack of /promote',
    'Towpath: Approve to card updated',
    'Towpath: /rollback to receipt posted',
  ].map((name): Figures => ({ name, milliseconds: [] })) as [Figures, Figures, Figures, Figures];
  await prepare(towpath);
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    const timed = {
      bare: await time(() => bare.type('U0DEV', CHANNEL, '/promote bench staging')),
      ...(await oneRound(towpath, round)),
    };
    if (round < WARM_UP) continue;
    bareAck.milliseconds.push(timed.bare);
    ack.milliseconds.push(timed.ack);
    approve.milliseconds.push(timed.approve);
    rollback.milliseconds.push(timed.rollback);
  }
  return [bareAck, ack, approve, rollback];
}

async function prepare(towpath: WholeTowpath): Promise<void> {
  await towpath.slack.type('U0ADA', CHANNEL, '/towpath role @lee lead');
  await push(towpath, 'bench', workflowSource('bench', 'Round zero.'));
  await towpath.slack.type('U0DEV', CHANNEL, '/deploy bench');
  await waitUntil('the first receipt', () => withButton(towpath, CHANNEL, 'promote_version'));
  await decided(towpath, () => towpath.slack.type('U0DEV', CHANNEL, '/promote bench staging'));
}

async function oneRound(towpath: WholeTowpath, round: number) {
  await push(towpath, 'bench', workflowSource('bench', `Round ${round + 1}.`));
  await posted(towpath, () => towpath.slack.type('U0DEV', CHANNEL, '/deploy bench'));
  let ack = 0;
  const approve = await decided(towpath, async () => {
    ack = await time(() => towpath.slack.type('U0DEV', CHANNEL, '/promote bench staging'));
  });
  const rollback = await posted(towpath, () => towpath.slack.type('U0ONCALL', CHANNEL, '/rollback bench staging'));
  return { ack, approve, rollback };
}

/** Milliseconds from Lee's click until Slack has the card that says deployed. */
async function decided(towpath: WholeTowpath, ask: () => Promise<unknown>): Promise<number> {
  const drawn = nextMessage(towpath, (message) => isOpenCard(message));
  await ask();
  const card = await drawn;
  await wait(READING_MS);
  const updated = nextMessage(towpath, (message) => message.ts === card.ts && !isOpenCard(message));
  const start = performance.now();
  await towpath.slack.click('U0LEE', { channel: CHANNEL, ts: card.ts }, APPROVE);
  await updated;
  return performance.now() - start;
}

function isOpenCard(message: StandInMessage): boolean {
  return JSON.stringify(message.blocks).includes(`"${APPROVE}"`);
}

/** Milliseconds from typing until the message that everybody sees is there. */
async function posted(towpath: WholeTowpath, type: () => Promise<unknown>): Promise<number> {
  const message = nextMessage(
    towpath,
    (m) => m.ephemeralTo === undefined && m.threadTs === undefined && m.channel === CHANNEL && m.editedTs === undefined,
  );
  const start = performance.now();
  await type();
  await message;
  return performance.now() - start;
}

function nextMessage(towpath: WholeTowpath, wanted: (message: StandInMessage) => boolean): Promise<StandInMessage> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`Nothing came within 10 s.\n${towpath.output().slice(-2_000)}`)),
      10_000,
    );
    const stop = towpath.slack.onChange((change) => {
      if (change.type !== 'put' || !wanted(change.message)) return;
      clearTimeout(late);
      stop();
      resolve(change.message);
    });
  });
}

async function startBare(): Promise<{ slack: SlackStandIn; stop(): Promise<void> }> {
  const port = await freePort();
  const slack = await startTestSlack({ eventsUrl: `http://127.0.0.1:${port}/slack/events` });
  const { signingSecret, botToken } = testCredentials;
  const child = spawn(
    process.execPath,
    ['test/bench/bare-listener.ts', String(port), signingSecret, botToken, slack.apiUrl],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await once(child.stdout, 'data');
  const stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
    await slack.stop();
  };
  return { slack, stop };
}

async function time(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

function print(figures: Figures[]): void {
  const base = quantile(figures[0]?.milliseconds ?? [], 0.5);
  process.stdout.write(`${ROUNDS} rounds, milliseconds\n`);
  for (const { name, milliseconds } of figures) {
    const [median, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantile(milliseconds, q)) as [number, number, number];
    const row = [median, p95, p99].map((value) => value.toFixed(1).padStart(7)).join(' ');
    process.stdout.write(
      `${name.padEnd(38)} median ${row.slice(0, 7)}  p95 ${row.slice(8, 15)}  p99 ${row.slice(16)}  ${(median / base).toFixed(1)} × bare\n`,
    );
  }
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

await main();

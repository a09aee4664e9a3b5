import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../../src/adapters/persistence/start-embedded-postgres.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { get, push, workflowSource } from '../support/towpath/acts.ts';
import { runTowpath, type WholeTowpath } from '../support/towpath/run-towpath.ts';

/**
 * Run records that one process accepts in a second, over HTTP and into a PostgreSQL that keeps what it says it keeps, while a
 * deployment flips every second. Exits with 1 where it is fewer than 5,000.
 */

const SECONDS = Number(process.argv[2] ?? 10);
const AT_ONCE = 8;
const CHANNEL = 'C0GENERAL';
const BOUND = 5_000;
/** Inputs and outputs, where there are some, are masked and kept. */
const CONFIGURATION = 'environments: [{ name: development, runPayloads: true }, { name: production }]\n';

interface Load {
  name: string;
  batch: number;
  /** What a run says beside the rest. */
  more: (n: number) => object;
  /** Whether the bound holds for it. */
  isBound: boolean;
}

const plain = (n: number) => ({
  ...{ cost: 0.0123, tokens: { input: 1_200, output: 340 }, key: `customer-${n % 5_000}` },
  traceUrl: `https://traces.example.com/t/${n}`,
  ...(n % 50 === 0 && { outcome: 'failed', error: `The model answered 529 for request ${n}; try again later.` }),
});
const LOADS: readonly Load[] = [
  { name: 'batches of 1,000', batch: 1_000, more: plain, isBound: true },
  { name: 'batches of 100', batch: 100, more: plain, isBound: false },
  {
    ...{ name: 'batches of 100, input and output of 1 KB each', batch: 100, isBound: false },
    more: (n) => ({ ...plain(n), input: { ticket: text(n) }, output: { summary: text(n + 1) } }),
  },
];

function text(n: number): string {
  return `Order ${n} arrived late and the customer asks for a refund. `.repeat(17);
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'towpath-bench-'));
  const database = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: pino({ level: 'silent' }) });
  const file = join(folder, 'towpath.yaml');
  await writeFile(file, CONFIGURATION);
  const empty = { url: database.connectionString, drop: async () => undefined };
  const towpath = await runTowpath(empty, { env: { TOWPATH_CONFIG: file } });
  try {
    await prepare(towpath);
    const flipping = flip(towpath);
    let isEnough = true;
    for (const load of LOADS) {
      await measure(towpath, load, 2);
      const { perSecond, p99 } = await measure(towpath, load, SECONDS);
      const rate = Math.round(perSecond).toLocaleString('en').padStart(7);
      console.log(`${load.name.padEnd(48)} ${rate} records a second, a batch ${Math.round(p99)} ms at p99`);
      isEnough &&= !load.isBound || perSecond >= BOUND;
    }
    const flips = await flipping.stop();
    const { items } = await get<{ items: { runs: number }[] }>(towpath, '/runs/summary?workflow=bench');
    const [asked, started] = [items.reduce((sum, { runs }) => sum + runs, 0), performance.now()];
    await get(towpath, '/runs/summary?workflow=bench&environment=dev');
    console.log(
      `Summing ${asked.toLocaleString('en')} runs up took ${Math.round(performance.now() - started)} ms. ${flips} deployments meanwhile.`,
    );
    if (!isEnough) console.log(`Fewer than ${BOUND} a second.`);
    process.exitCode = isEnough ? 0 : 1;
  } finally {
    await towpath.stop();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(towpath: WholeTowpath): Promise<void> {
  for (const round of [1, 2]) {
    await push(towpath, 'bench', workflowSource('bench', `Round ${round}.`));
    await deploy(towpath, round);
  }
}

async function deploy(towpath: WholeTowpath, version: number): Promise<void> {
  await towpath.slack.type('U0DEV', CHANNEL, `/deploy bench v${version}`);
  await waitUntil('the deployment', async () => {
    const live = await get<{ version: { number: number } }>(towpath, '/workflows/bench/environments/dev').catch(
      () => null,
    );
    return live?.version.number === version;
  });
}

/** Deploys the other version every second, until it is stopped. */
function flip(towpath: WholeTowpath): { stop(): Promise<number> } {
  let isStopping = false;
  let flips = 0;
  const done = (async () => {
    while (!isStopping) {
      flips += 1;
      const rest = new Promise((resolve) => setTimeout(resolve, 1_000));
      await deploy(towpath, (flips % 2) + 1);
      await rest;
    }
  })();
  return {
    async stop() {
      isStopping = true;
      await done;
      return flips;
    },
  };
}

let sent = 0;

async function measure(
  towpath: WholeTowpath,
  load: Load,
  seconds: number,
): Promise<{ perSecond: number; p99: number }> {
  const until = performance.now() + seconds * 1_000;
  const [began, took] = [performance.now(), [] as number[]];
  let accepted = 0;
  const one = async () => {
    while (performance.now() < until) {
      const body = batchOf(load);
      const start = performance.now();
      // Not `accepted += await …`, which would forget what others added meanwhile.
      const added = await send(towpath, body, load.batch);
      accepted += added;
      took.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  took.sort((a, b) => a - b);
  return {
    perSecond: accepted / ((performance.now() - began) / 1_000),
    p99: took[Math.floor(took.length * 0.99)] ?? Number.NaN,
  };
}

function batchOf({ batch, more }: Load): string {
  const started = new Date().toISOString();
  const runs = Array.from({ length: batch }, () => {
    sent += 1;
    const run = {
      runId: `bench-${sent}`,
      workflow: 'bench',
      version: (sent % 2) + 1,
      environment: 'development',
      started,
    };
    return { ...run, durationMs: 200 + (sent % 900), outcome: 'succeeded', ...more(sent) };
  });
  return JSON.stringify({ runs });
}

async function send(towpath: WholeTowpath, body: string, size: number): Promise<number> {
  const answer = await fetch(`${towpath.url}/api/v1/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${towpath.apiToken}`, 'content-type': 'application/json' },
    body,
  });
  const told = (await answer.json()) as { accepted?: number };
  if (answer.status !== 200 || told.accepted !== size)
    throw new Error(`A batch was answered ${answer.status}: ${JSON.stringify(told).slice(0, 500)}`);
  return told.accepted;
}

await main();

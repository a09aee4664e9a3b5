import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { migrate } from '../../src/adapters/persistence/migrate.ts';
import { startEmbeddedPostgres } from '../../src/adapters/persistence/start-embedded-postgres.ts';
import { readStream } from '../support/data-plane/read-stream.ts';
import { besidePeer } from './resolve/beside-peer.ts';
import { print, printRows, quantiles } from './resolve/figures.ts';
import { type Filled, fillDatabase } from './resolve/fill-database.ts';
import { judge, ROWS } from './resolve/goals.ts';
import { CONNECTIONS, type Counted, load, loadOnce, type Server, start, taken } from './resolve/servers.ts';

/**
 * What running workflows wait for: resolving, beside a bare Fastify route that returns the same bytes and Unleash with as many
 * features, in one run on one machine. Ends with the goals and whether they were reached; exits with 1 where one was not.
 * Arguments: workflows (10,000), seconds a measurement (8); what is compared round by round takes a quarter of that each time.
 */

const WORKFLOWS = Number(process.argv[2] ?? 10_000);
const DURATION = Number(process.argv[3] ?? 8) * 1_000;
/** How many of the workflows are asked for again and again. */
const WARM = 1_000;
/** How many, others than those, are asked for once before. */
const COLD = Math.min(1_550, WORKFLOWS);
/** Many short ones: what is compared was measured within seconds, so that a machine that is slower for a minute is so for both. */
const ROUNDS = 15;
const log = pino({ level: 'silent' });

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'towpath-bench-'));
  await chmod(folder, 0o711);
  const database = await startEmbeddedPostgres({ dataDir: folder, log });
  await migrate(database.connectionString, log);
  print(
    `${WORKFLOWS.toLocaleString('en')} workflows × 3 environments, ${CONNECTIONS} connections, ${DURATION / 1_000} s each, a deployment a second beside what is compared`,
  );
  const filled = await fillDatabase(database.connectionString, WORKFLOWS);
  const towpath = await start('towpath-server.ts', [database.connectionString, filled.workspaceId]);
  try {
    await measure(database.connectionString, filled, towpath);
  } finally {
    towpath.child.kill();
    await filled.end();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(connectionString: string, filled: Filled, towpath: Server): Promise<void> {
  const headers = { authorization: `Bearer ${filled.token}` };
  const answeredCold = await cold(towpath, headers);
  const one = await fetch(`http://127.0.0.1:${towpath.port}${pathOf(1)}`, { headers });
  const body = Buffer.from(await one.arrayBuffer());
  const etag = one.headers.get('etag') ?? '';
  print(`an answer is ${body.length} bytes`);
  const paths = Array.from({ length: WARM }, (_, n) => pathOf(n + 1));
  const tagged = { ...headers, 'if-none-match': etag };
  const rows: Record<string, Counted[]> = {};
  const row = async (name: string, asked: Promise<Counted>) => {
    rows[name] = [...(rows[name] ?? []), await asked];
  };
  const ask = (server: Server, asked: string[], own: Record<string, string>, expected: number) =>
    load(server, asked, own, expected, DURATION);
  const bodies: Record<string, string> = {};
  for (const path of paths)
    bodies[path] = await (await fetch(`http://127.0.0.1:${towpath.port}${path}`, { headers })).text();
  const bare = await start('bare-server.ts', ['0'], Buffer.from(JSON.stringify(bodies)));
  for (const server of [bare, towpath]) await load(server, paths, headers, 200, 2_000);
  const first = [pathOf(1)];
  const compared: [name: string, server: Server, asked: string[], own: Record<string, string>, expected: number][] = [
    [ROWS.bare, bare, paths, headers, 200],
    [ROWS.resolved, towpath, paths, headers, 200],
    [ROWS.bareOne, bare, first, headers, 200],
    [ROWS.one, towpath, first, headers, 200],
    [ROWS.unchanged, towpath, first, tagged, 304],
  ];
  // Beside a deployment a second, which costs the machine the same whoever is asked meanwhile.
  const flipping = flipEverySecond(filled);
  // There and back, so that none is always the one that comes after another.
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, ...asked] of round % 2 === 0 ? compared : compared.toReversed())
      await row(name, load(...asked, DURATION / 4));
  await flipping.stop();
  bare.child.kill();
  await besidePeer(connectionString, WORKFLOWS, (name, server, path, own) => row(name, ask(server, [path], own, 200)));
  printRows(rows);
  const told = await events(filled, towpath);
  await memory(towpath);
  judge(rows, answeredCold, told);
}

/** Each asked for once, one after the other: nothing of it is remembered. */
async function cold(towpath: Server, headers: Record<string, string>): Promise<Counted> {
  const paths = Array.from({ length: COLD }, (_, n) => pathOf(WORKFLOWS - n));
  const counted = await loadOnce(towpath, paths, headers);
  const [median, p95, p99] = [counted.median, counted.p95, counted.p99].map((time) => time.toFixed(1));
  print(`resolve, cold: median ${median} ms  p95 ${p95} ms  p99 ${p99} ms`);
  return counted;
}

/** From a deployment's commit until a subscriber of the process has read of it. */
async function events(filled: Filled, { port }: Server): Promise<number[]> {
  const stream = await readStream(`http://127.0.0.1:${port}`, 'staging', { token: filled.token });
  const times: number[] = [];
  for (let n = 0; n < 220; n++) {
    const from = stream.events.length;
    await filled.flip(1 + (n % WARM));
    const committed = performance.now();
    while (stream.events.length === from) await new Promise((resolve) => setImmediate(resolve));
    if (n >= 20) times.push(performance.now() - committed);
  }
  stream.close();
  print(`a deployment's commit to its event: ${quantiles(times)}`);
  return times;
}

async function memory(server: Server): Promise<void> {
  const { heapUsed, external, rss } = await taken(server);
  const [heap, beside, all] = [heapUsed, external, rss].map((bytes) => `${Math.round(bytes / 1_048_576)} MB`);
  print(`memory: heap ${heap}, beside it ${beside}, resident ${all}`);
}

function flipEverySecond(filled: Filled): { stop(): Promise<void> } {
  let isOver = false;
  const flips = async () => {
    for (let n = 0; !isOver; n++) {
      // Not the first, whose tag is asked with all the time.
      await filled.flip(2 + (n % (WARM - 1)));
      await wait(1_000);
    }
  };
  const running = flips();
  return {
    async stop() {
      isOver = true;
      await running;
    },
  };
}

function pathOf(workflow: number): string {
  return `/api/v1/workflows/flow-${workflow}/environments/staging/resolved`;
}

await main();

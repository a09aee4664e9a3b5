import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { migrate } from '../../src/adapters/persistence/migrate.ts';
import { startEmbeddedPostgres } from '../../src/adapters/persistence/start-embedded-postgres.ts';
import { readStream } from '../support/data-plane/read-stream.ts';
import { type Filled, fillDatabase } from './resolve/fill-database.ts';

/**
 * What running workflows wait for: resolving, beside a bare Fastify route that returns the same bytes, in one run on one machine.
 * Arguments: workflows (10,000), seconds a measurement (8).
 */

const WORKFLOWS = Number(process.argv[2] ?? 10_000);
const DURATION = Number(process.argv[3] ?? 8) * 1_000;
const CONNECTIONS = 50;
/** How many of the workflows are asked for again and again. */
const WARM = 1_000;
const ROUNDS = 3;
const log = pino({ level: 'silent' });

interface Counted {
  perSecond: number;
  median: number;
  p99: number;
  longest: number;
  others: number;
  answers: number;
  /** Microseconds of the server's processor for each answer: says the same however busy the machine is with other things. */
  cpu: number;
}
interface Server {
  port: number;
  child: ChildProcess;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'towpath-bench-'));
  await chmod(folder, 0o711);
  const database = await startEmbeddedPostgres({ dataDir: folder, log });
  await migrate(database.connectionString, log);
  print(
    `${WORKFLOWS.toLocaleString('en')} workflows × 3 environments, ${CONNECTIONS} connections, ${DURATION / 1_000} s each`,
  );
  const filled = await fillDatabase(database.connectionString, WORKFLOWS);
  const towpath = await start('towpath-server.ts', [database.connectionString, filled.workspaceId]);
  try {
    await measure(filled, towpath);
  } finally {
    towpath.child.kill();
    await filled.end();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(filled: Filled, towpath: Server): Promise<void> {
  const headers = { authorization: `Bearer ${filled.token}` };
  await cold(filled, towpath, headers);
  const one = await fetch(`http://127.0.0.1:${towpath.port}${pathOf(1)}`, { headers });
  const body = Buffer.from(await one.arrayBuffer());
  const etag = one.headers.get('etag') ?? '';
  print(`an answer is ${body.length} bytes`);
  const bare = await start('bare-server.ts', ['0'], body);
  const paths = Array.from({ length: WARM }, (_, n) => pathOf(n + 1));
  const tagged = { ...headers, 'if-none-match': etag };
  const rows: Record<string, Counted[]> = {};
  const row = async (name: string, asked: Promise<Counted>) => {
    rows[name] = [...(rows[name] ?? []), await asked];
  };
  for (const path of paths) await (await fetch(`http://127.0.0.1:${towpath.port}${path}`, { headers })).arrayBuffer();
  for (const server of [bare, towpath]) await load(server, paths, headers, 200, 2_000);
  // In turns, so that whatever else the machine does is shared out.
  for (let round = 0; round < ROUNDS; round++) {
    await row('bare Fastify, same bytes', load(bare, paths, headers, 200));
    await row(`resolve, warm (${WARM} workflows)`, load(towpath, paths, headers, 200));
    await row('resolve, 304', load(towpath, [pathOf(1)], tagged, 304));
  }
  const flipping = flipEverySecond(filled);
  await row('resolve, a deployment a second', load(towpath, paths, headers, 200));
  await flipping.stop();
  bare.child.kill();
  printRows(rows);
  await events(filled, towpath);
  await memory(towpath);
}

/** Each asked for once, one after the other: nothing of it is remembered. */
async function cold(filled: Filled, towpath: Server, headers: Record<string, string>): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 550; n++) {
    const began = performance.now();
    const answer = await fetch(`http://127.0.0.1:${towpath.port}${pathOf(WORKFLOWS - n)}`, { headers });
    await answer.arrayBuffer();
    // As a server that has been in use for a while answers.
    if (n >= 50) times.push(performance.now() - began);
    if (answer.status !== 200) throw new Error(`${filled.workspaceId} was answered ${answer.status}.`);
  }
  print(`resolve, cold: ${quantiles(times)}`);
}

/** From a deployment's commit until a subscriber of the process has read of it. */
async function events(filled: Filled, { port }: Server): Promise<void> {
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
}

interface Taken {
  heapUsed: number;
  external: number;
  rss: number;
  cpu: { user: number; system: number };
}

async function taken({ child }: Server): Promise<Taken> {
  child.kill('SIGUSR2');
  const [text] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return JSON.parse(String(text)) as Taken;
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
      await filled.flip(1 + (n % WARM));
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

async function start(file: string, args: string[], input?: Buffer): Promise<Server> {
  const child = spawn(process.execPath, [join('test/bench/resolve', file), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin?.end(input ?? '');
  const [text] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return { port: Number(String(text)), child };
}

async function load(
  server: Server,
  paths: string[],
  headers: Record<string, string>,
  expected: number,
  duration = DURATION,
): Promise<Counted> {
  const { cpu: before } = await taken(server);
  const asked = JSON.stringify({ port: server.port, paths, headers, expected, duration, connections: CONNECTIONS });
  const child = spawn(process.execPath, ['test/bench/resolve/generate-load.ts', asked], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  const counted = JSON.parse(text) as Counted;
  const { user, system } = (await taken(server)).cpu;
  counted.cpu = (user + system - before.user - before.system) / counted.answers;
  if (counted.others > 0) throw new Error(`${counted.others} answers were not ${expected}.`);
  return counted;
}

function printRows(rows: Record<string, Counted[]>): void {
  const median = (all: Counted[], part: (one: Counted) => number) => quantile(all.map(part), 0.5);
  const base = median(Object.values(rows)[0] ?? [], (one) => one.perSecond);
  for (const [name, all] of Object.entries(rows)) {
    const perSecond = median(all, (one) => one.perSecond);
    const times = `median ${median(all, (one) => one.median).toFixed(2)} ms  p99 ${median(all, (one) => one.p99).toFixed(2)} ms`;
    print(
      `${name.padEnd(32)} ${Math.round(perSecond).toLocaleString('en').padStart(7)}/s  ${times}  ${median(all, (one) => one.cpu).toFixed(1)} µs of processor  ${((perSecond / base) * 100).toFixed(0)}% of bare`,
    );
  }
}

function quantiles(times: readonly number[]): string {
  const [median, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantile(times, q).toFixed(1));
  return `median ${median} ms  p95 ${p95} ms  p99 ${p99} ms`;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();

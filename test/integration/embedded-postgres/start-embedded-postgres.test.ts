import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ensureKey } from '../../../src/adapters/persistence/embedded-secrets.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/adapters/persistence/start-embedded-postgres.ts';
import { crash, query, type Running, runInProcess } from '../../support/embedded-postgres/run.ts';

let root: string;
let folder: string;
let servers: EmbeddedPostgres[];
let processes: Running[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'towpath-embedded-'));
  await chmod(root, 0o755);
  folder = join(root, '.towpath');
  servers = [];
  processes = [];
});
afterEach(async () => {
  for (const { child } of processes) await crash(child);
  // What a crash left running is stopped by the next start.
  if (processes.length > 0) await start().catch(() => undefined);
  for (const server of servers) await server.stop();
  await rm(root, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    systemFolder: join(root, 'system'),
    log: pino({ level: 'silent' }),
  });
  servers.push(server);
  return server;
}
async function run(): Promise<Running> {
  const running = await runInProcess(folder, join(root, 'system'));
  processes.push(running);
  return running;
}

async function serverPid(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postmaster.pid'), 'utf8'), 10);
}

test('what was written is there after a stop and a start', async () => {
  const first = await start();
  await query(first.connectionString, "CREATE TABLE kept AS SELECT 'it' AS what");
  await first.stop();
  const second = await start();
  expect(await query(second.connectionString, 'SELECT what FROM kept')).toEqual([{ what: 'it' }]);
  expect(second.dataDir).toBe(first.dataDir);
  expect(second.notice).toBeUndefined();
});

test('it is a database in UTF-8, sorted alike everywhere, that takes a password only', async () => {
  const { connectionString } = await start();
  expect(
    await query(
      connectionString,
      "SELECT current_database() AS name, current_setting('server_encoding') AS encoding, datlocprovider AS provider FROM pg_database WHERE datname = current_database()",
    ),
  ).toEqual([{ name: 'towpath', encoding: 'UTF8', provider: 'b' }]);
  const url = new URL(connectionString);
  expect(url.password.length).toBeGreaterThanOrEqual(32);
  url.password = 'wrong';
  await expect(query(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
});

test('it listens on the loopback address alone', async () => {
  const { connectionString } = await start();
  const { hostname, port } = new URL(connectionString);
  expect(hostname).toBe('127.0.0.1');
  expect(
    await query(
      connectionString,
      "SELECT current_setting('listen_addresses') AS tcp, current_setting('unix_socket_directories') AS local",
    ),
  ).toEqual([{ tcp: '127.0.0.1', local: '' }]);
  const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  for (const { address, scopeid } of others.filter(({ address }) => address !== '127.0.0.1')) {
    const socket = connect({
      host: scopeid === undefined || scopeid === 0 ? address : `${address}%${scopeid}`,
      port: Number(port),
    });
    const [outcome] = await Promise.race([
      once(socket, 'connect').then(() => ['connected']),
      once(socket, 'error'),
    ]).catch((error: unknown) => [error]);
    socket.destroy();
    expect(outcome, address).toBeInstanceOf(Error);
  }
});

test('secrets are kept in files that only their owner reads', async () => {
  const { connectionString } = await start();
  const key = await ensureKey(folder);
  expect(key.length).toBeGreaterThanOrEqual(32);
  expect(await ensureKey(folder)).toBe(key);
  expect(key).not.toBe(new URL(connectionString).password);
  for (const name of ['key', 'password']) expect((await stat(join(folder, name))).mode & 0o777, name).toBe(0o600);
  expect((await stat(join(folder, 'postgres'))).mode & 0o077).toBe(0);
});

test('processes that make the key at once all get the same one', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => ensureKey(folder)));
  expect(new Set(keys).size).toBe(1);
});

test('a key file that was shortened is refused, not used', async () => {
  await ensureKey(folder);
  await writeFile(join(folder, 'key'), 'short\n');
  await expect(ensureKey(folder)).rejects.toMatchObject({
    code: 'folder_unusable',
    userMessage: expect.stringContaining(join(folder, 'key')),
  });
});

test('a second start on the same folder is refused, naming the process that runs', async () => {
  const running = await run();
  await expect(start()).rejects.toMatchObject({
    code: 'folder_in_use',
    userMessage: expect.stringContaining(`process ${running.child.pid}`),
  });
  expect(await query(running.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('of two starts at once on one folder, one is refused', async () => {
  await (await start()).stop();
  const outcomes = await Promise.allSettled([start(), start()]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'folder_in_use' } });
});

test('after a crash that left the server running, the next start takes its place with all its data', async () => {
  const running = await run();
  await query(running.connectionString, "CREATE TABLE kept AS SELECT 'it' AS what");
  const orphan = await serverPid(running.dataDir);
  await crash(running.child);
  expect(await query(running.connectionString, 'SELECT what FROM kept')).toEqual([{ what: 'it' }]);
  const server = await start();
  expect(await serverPid(server.dataDir)).not.toBe(orphan);
  expect(await query(server.connectionString, 'SELECT what FROM kept')).toEqual([{ what: 'it' }]);
});

test('after both were killed, the next start recovers', async () => {
  const running = await run();
  await query(running.connectionString, "CREATE TABLE kept AS SELECT 'it' AS what");
  const orphan = await serverPid(running.dataDir);
  await crash(running.child);
  process.kill(orphan, 'SIGKILL');
  const server = await start();
  expect(await query(server.connectionString, 'SELECT what FROM kept')).toEqual([{ what: 'it' }]);
});

test('a process that has got the number of the killed server is left alone, and in nobody’s way', async () => {
  const first = await start();
  const pidFile = join(first.dataDir, 'postmaster.pid');
  const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n');
  const { uid, gid } = await stat(first.dataDir);
  await first.stop();
  // As the server's own user: PostgreSQL itself would take this one for a running server and refuse to start.
  const bystander = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid, gid } : {});
  await once(bystander, 'spawn');
  await writeFile(pidFile, [bystander.pid, ...rest].join('\n'), { mode: 0o600 });
  if (process.getuid?.() === 0) await chown(pidFile, uid, gid);
  try {
    const second = await start();
    expect(await query(second.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  } finally {
    bystander.kill();
  }
});

test('the server of another folder, though it has got the number of the killed one, is left alone', async () => {
  const first = await start();
  const pidFile = join(first.dataDir, 'postmaster.pid');
  const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n');
  await first.stop();
  const log = pino({ level: 'silent' });
  const other = await startEmbeddedPostgres({ dataDir: join(root, 'other'), systemFolder: join(root, 'system'), log });
  servers.push(other);
  await writeFile(pidFile, [await serverPid(other.dataDir), ...rest].join('\n'), { mode: 0o600 });
  const { uid, gid } = await stat(first.dataDir);
  if (process.getuid?.() === 0) await chown(pidFile, uid, gid);
  const pid = await serverPid(other.dataDir);
  const second = await start();
  expect(await query(second.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await serverPid(other.dataDir)).toBe(pid);
  expect(await query(other.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a lock whose process is gone, though its number is taken again, does not hold', async () => {
  await (await start()).stop();
  await writeFile(join(folder, 'towpath.pid'), JSON.stringify({ pid: process.pid, startMark: 'long ago' }));
  await (await start()).stop();
  await writeFile(join(folder, 'towpath.pid'), '');
  await start();
});

test('Ctrl+C in the terminal leaves the server to Towpath, which ends it when it has finished', async () => {
  const running = await run();
  const gone = once(running.child, 'exit');
  process.kill(-(running.child.pid ?? 0), 'SIGINT');
  expect(await running.said()).toEqual({ stopped: true, answer: 1 });
  expect(await gone).toEqual([0, null]);
  await expect(query(running.connectionString, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a server that is killed is started again at the same address', async () => {
  const server = await start();
  await query(server.connectionString, "CREATE TABLE kept AS SELECT 'it' AS what");
  const killed = await serverPid(server.dataDir);
  process.kill(killed, 'SIGKILL');
  await vi.waitFor(async () => {
    expect(await query(server.connectionString, 'SELECT what FROM kept')).toEqual([{ what: 'it' }]);
    expect(await serverPid(server.dataDir)).not.toBe(killed);
  }, 20_000);
});

test('a password that is not the database’s own is told of, and nothing is left running', async () => {
  const first = await start();
  await first.stop();
  await writeFile(join(folder, 'password'), 'x'.repeat(40));
  await expect(start()).rejects.toMatchObject({
    code: 'folder_unusable',
    userMessage: expect.stringContaining('password'),
  });
  await expect(readFile(join(first.dataDir, 'postmaster.pid'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a server that can’t start says why', async () => {
  const first = await start();
  await first.stop();
  await writeFile(join(first.dataDir, 'postgresql.conf'), 'no_such_setting = 1\n');
  await expect(start()).rejects.toMatchObject({
    code: 'database_not_started',
    userMessage: expect.stringContaining('no_such_setting'),
  });
});

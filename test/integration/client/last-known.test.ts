import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelIn, opening } from '../../support/client/open-clients.ts';
import { resolvedAs, status, TOKEN } from '../../support/client/start-strict-towpath.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

const open = opening();
let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'towpath-client-')), 'cache');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

async function known(options = {}) {
  const towpath = await open.towpath();
  towpath.publish('triage', 'small');
  towpath.streams = status(403);
  const { client, warnings } = open.client(towpath, { pollInterval: 10, ...options });
  await client.resolve('triage');
  return { towpath, client, warnings };
}

/** A client that ran once and ended, and the one file that it left. */
async function left() {
  const { towpath, client } = await known({ cacheDirectory: folder });
  await client.close();
  const [name, ...others] = await readdir(folder);
  expect(others).toEqual([]);
  return { towpath, file: join(folder, name ?? '') };
}

describe('what was last known, in memory', () => {
  it.each([
    ['is gone', null],
    ['answers 500', status(500)],
    ['answers 503', status(503, { 'retry-after': '1' })],
    ['takes the token no more', status(401)],
    ['knows the workflow no more', status(404)],
    ['can’t fill it any more', status(409)],
    ['answers nonsense', status(200)],
    ['breaks off', (_: unknown, response: { socket: { destroy(): void } | null }) => response.socket?.destroy()],
    ['hangs', () => undefined],
  ])('is answered while Towpath %s, marked stale', async (_what, behaviour) => {
    const { towpath, client, warnings } = await known({ timeout: 1_500 });
    if (behaviour === null) await towpath.stop();
    else towpath.resolves = behaviour as typeof towpath.resolves;
    const stale = await waitUntil('an answer marked stale', async () => {
      const answer = await client.resolve('triage');
      return answer.stale ? answer : null;
    });
    expect(modelIn(stale)).toBe('small');
    await waitUntil('a warning', () => warnings.some(({ code }) => code === 'stale'));
    expect(warnings.filter(({ code }) => code === 'stale')).toHaveLength(1);
  });

  it('is not held up by a Towpath that takes its time, whose answer is taken when it comes', async () => {
    const { towpath, client } = await known({ timeout: 600_000 });
    let answer = (): void => undefined;
    towpath.resolves = (_request, response) => {
      answer = () =>
        response.writeHead(200, { etag: '"late"' }).end(JSON.stringify(resolvedAs('triage', 'staging', 'late')));
    };
    await waitUntil('an answer marked stale', async () => (await client.resolve('triage')).stale);
    answer();
    await waitUntil('the late answer', async () => modelIn(await client.resolve('triage')) === 'late');
  });

  it('is marked stale while Towpath itself can only say what it last knew, and confirmed afterwards', async () => {
    const { towpath, client } = await known();
    towpath.isStale = true;
    await waitUntil('an answer marked stale', async () => (await client.resolve('triage')).stale);
    towpath.isStale = false;
    await waitUntil('a confirmed answer', async () => !(await client.resolve('triage')).stale);
  });

  it('is not asked for again at every turn while Towpath is gone', async () => {
    const { towpath, client } = await known();
    towpath.resolves = status(503, { 'retry-after': '20' });
    await waitUntil('an answer marked stale', async () => (await client.resolve('triage')).stale);
    const asked = towpath.resolveCount('triage');
    for (let nth = 0; nth < 1_000; nth += 1) await client.resolve('triage');
    expect(towpath.resolveCount('triage')).toBe(asked);
  });

  it('is answered after closing as well; what was never known is refused', async () => {
    const { client } = await known();
    await client.close();
    await waitUntil('an answer marked stale', async () => (await client.resolve('triage')).stale);
    await expect(client.resolve('other')).rejects.toMatchObject({ code: 'closed' });
  });

  it('is of a thousand workflows, those used last, which names that are none do not push out', async () => {
    const { towpath, client } = await known({ pollInterval: 3_600_000 });
    for (let nth = 0; nth < 1_100; nth += 1) {
      towpath.publishSilently(`w-${nth}`, 'small');
      await client.resolve(`w-${nth}`);
      await client.resolve('triage');
      await client.resolve(`none-${nth}`).catch(() => undefined);
    }
    await towpath.stop();
    expect(modelIn(await client.resolve('triage'))).toBe('small');
    expect(modelIn(await client.resolve('w-101'))).toBe('small');
    await expect(client.resolve('w-100')).rejects.toMatchObject({ code: 'unavailable' });
  }, 60_000);
});

describe('what was last known, on disk', () => {
  it('is answered by a later process while Towpath is gone', async () => {
    const { towpath } = await left();
    await towpath.stop();
    const { client } = open.client(towpath, { cacheDirectory: folder });
    const answer = await client.resolve('triage');
    expect([modelIn(answer), answer.stale]).toEqual(['small', true]);
    const keyed = await client.resolve('triage', { key: 'new-1' });
    expect([modelIn(keyed), keyed.stale]).toEqual(['small', true]);
  });

  it('is asked for with its tag by a later process, and needs no body', async () => {
    const { towpath } = await left();
    towpath.requests.length = 0;
    const { client } = open.client(towpath, { cacheDirectory: folder });
    const answer = await client.resolve('triage');
    expect([modelIn(answer), answer.stale]).toEqual(['small', false]);
    expect(towpath.requests.filter(({ line }) => line.includes('/resolved')).map((request) => request.status)).toEqual([
      304,
    ]);
  });

  it('is replaced by each newer answer, as the stream tells of it', async () => {
    const { towpath } = await left();
    towpath.streams = null;
    const { client } = open.client(towpath, { cacheDirectory: folder, pollInterval: 3_600_000 });
    await client.resolve('triage');
    await waitUntil('the stream', () => towpath.openStreams() === 1);
    // Nobody asks for it in the time between.
    towpath.publish('triage', 'large');
    await waitUntil('the newer answer on disk', async () => {
      const [name = ''] = await readdir(folder);
      return (await readFile(join(folder, name), 'utf8')).includes('large');
    });
  });

  it('holds no token, not even in its name, and is for its owner alone', async () => {
    const { file } = await left();
    expect(file).toMatch(/[0-9a-f]{64}\.json$/);
    expect(await readFile(file, 'utf8')).not.toContain(TOKEN);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('is cleared of what a killed process left half written, and of nothing else', async () => {
    const { towpath, file } = await left();
    const abandoned = `${file}.0190a0b0-0000-7000-8000-000000000002.new`;
    const underWay = `${file}.0190a0b0-0000-7000-8000-000000000003.new`;
    const foreign = join(folder, 'notes.new');
    for (const path of [abandoned, underWay, foreign]) await writeFile(path, 'half');
    for (const path of [abandoned, foreign]) await utimes(path, 0, 0);
    const { client } = open.client(towpath, { cacheDirectory: folder });
    await client.resolve('triage');
    expect((await readdir(folder)).sort()).toEqual([file, underWay, foreign].map((path) => basename(path)).sort());
  });

  it('is the same for another token, and another for another environment', async () => {
    const { towpath } = await left();
    const other = { cacheDirectory: folder, timeout: 1_000 };
    await towpath.stop();
    const rotated = open.client(towpath, { ...other, token: 'tp_rotated' });
    expect(modelIn(await rotated.client.resolve('triage'))).toBe('small');
    const { client } = open.client(towpath, { ...other, environment: 'production' });
    await expect(client.resolve('triage')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it.each([
    ['is empty', () => ''],
    ['breaks off', (text: string) => text.slice(0, text.length / 2)],
    ['is of something else', () => '{"format":1}'],
    ['is null', () => 'null'],
    ['has one letter changed', (text: string) => text.replace('small', 'smoll')],
    ['is of another form', (text: string) => text.replace('"format":1', '"format":2')],
    ['is of another workflow', (text: string) => text.replace('"workflow":"triage"', '"workflow":"other"')],
  ])('is passed over when its file %s', async (_what, damage) => {
    const { towpath, file } = await left();
    const text = await readFile(file, 'utf8');
    const damaged = damage(text);
    expect(damaged).not.toBe(text);
    await writeFile(file, damaged);
    await towpath.stop();
    const { client } = open.client(towpath, { cacheDirectory: folder });
    await expect(client.resolve('triage')).rejects.toMatchObject({ code: 'unavailable' });
    await towpath.restart();
    expect(modelIn(await client.resolve('triage'))).toBe('small');
  });

  it('is passed over when others may write to its file', async () => {
    const { towpath, file } = await left();
    await chmod(file, 0o666);
    await towpath.stop();
    const { client } = open.client(towpath, { cacheDirectory: folder });
    await expect(client.resolve('triage')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is done without, with a warning, where it can’t be written', async () => {
    await writeFile(folder, 'a file in its place');
    const { client, warnings } = await known({ cacheDirectory: folder });
    await client.close();
    expect(warnings.filter(({ code }) => code === 'cache')).toHaveLength(1);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryOn } from '../support/database/on-server.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const file = (badge: string, workflows = '{}') => `environments:
  - { name: development, badge: ${badge}, workflows: ${workflows} }
  - { name: staging }
`;

let towpath: WholeTowpath;
let folder: string;
const write = (text: string) => writeFile(join(folder, 'towpath.yaml'), text);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-numbered-'));
  await write(file('green'));
  towpath = await startWholeTowpath({ env: { TOWPATH_CONFIG: join(folder, 'towpath.yaml') } });
});
afterAll(async () => {
  await towpath?.stop();
  await rm(folder, { recursive: true, force: true });
});

const badge = async () =>
  (await queryOn(towpath.database.url, `SELECT badge FROM environment WHERE name = 'development'`))[0]?.['badge'];
/** What a start wrote to its log. */
async function restart(words: string[] = []): Promise<string> {
  expect(await towpath.terminate()).toBe(0);
  const before = towpath.output().length;
  await towpath.start({}, words);
  return towpath.output().slice(before);
}
const warnings = (output: string) => output.split('\n').filter((line) => line.includes('"level":"warn"'));

test('a process with a file that was superseded starts without applying it and says so once; --apply-config applies it', async () => {
  await write(file('red', '{ typo: { model: a } }'));
  const [missing, ...others] = warnings(await restart());
  expect(others).toEqual([]);
  expect(missing).toContain('workflows that nobody pushed yet');
  expect(missing).toContain('"workflows":["typo"]');
  expect(await badge()).toBe(':red_circle:');

  await write(file('green'));
  const said = warnings(await restart());
  expect(said).toHaveLength(1);
  for (const part of ['number 1', 'number 2', '--apply-config']) expect(said[0]).toContain(part);
  expect(await badge()).toBe(':red_circle:');

  expect(warnings(await restart(['--apply-config']))).toEqual([]);
  expect(await badge()).toBe(':large_green_circle:');
});

test('a word that is no option is refused with those that there are', async () => {
  expect(await towpath.terminate()).toBe(0);
  await expect(towpath.start({}, ['--aply-config'])).rejects.toThrow(/--aply-config: is no option.*--apply-config/);
});

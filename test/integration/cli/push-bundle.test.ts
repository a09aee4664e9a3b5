import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseBundle } from '../../../src/domain/workflow/bundle/parse-bundle.ts';
import type { PushRequest } from '../../../src/use-cases/use-cases.ts';
import { exampleUseCases } from '../../support/http/example-views.ts';
import { startTestServer, type TestServer, TOKEN } from '../../support/http/start-test-server.ts';

const SUITE = `prompts: [file://prompts/greet.txt]
providers: [openai:gpt-4o]
tests: [{ vars: { name: Ada }, assert: [{ type: contains, value: Ada }] }]
`;

let pushed: PushRequest[] = [];
let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await startTestServer({
    useCases: {
      async pushVersion(request) {
        pushed.push(request);
        return exampleUseCases.pushVersion(request);
      },
    },
  });
});
beforeEach(async () => {
  pushed = [];
  folder = await mkdtemp(join(tmpdir(), 'towpath-bundle-'));
  return () => rm(folder, { recursive: true });
});
afterAll(() => server.stop());

async function put(path: string, content: string | Uint8Array): Promise<string> {
  const whole = join(folder, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, content);
  return whole;
}

async function towpath(...args: string[]) {
  const env = { TOWPATH_API_TOKEN: TOKEN, TOWPATH_SERVER: server.url };
  const child = spawn(process.execPath, ['src/adapters/cli/main.ts', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

const filesPushed = () => pushed.map(({ source }) => parseBundle(source)?.map(({ path }) => path));

describe('towpath push of a folder', () => {
  it('makes one version of its text files, and says which ones it took and which it left out', async () => {
    await put('greeter/promptfooconfig.yaml', SUITE);
    await put('greeter/prompts/greet.txt', 'Greet {{name}}. 🚀\r\n');
    await put('greeter/.env', 'KEY=hush');
    await put('greeter/.git/config', 'x');
    await put('greeter/node_modules/a/index.js', 'x');
    await put('greeter/logo.png', Uint8Array.of(0x89, 0x50, 0xff));
    await put('greeter/nul.txt', 'a\0b');
    await symlink('/etc/hostname', join(folder, 'greeter/link.txt'));
    const { code, out, err } = await towpath('push', join(folder, 'greeter'), '--label', 'first');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`Took 2 files of ${join(folder, 'greeter')}: promptfooconfig.yaml, prompts/greet.txt\n`);
    expect(out).toContain(
      'Left out: .env (dot file), .git (dot file), link.txt (a link, or no file), logo.png (no text), node_modules (made by a tool), nul.txt (no text)\n',
    );
    expect(pushed).toMatchObject([{ workflow: 'greeter', fileName: 'greeter', label: 'first' }]);
    expect(parseBundle(pushed[0]?.source ?? '')).toEqual([
      { path: 'promptfooconfig.yaml', content: SUITE },
      { path: 'prompts/greet.txt', content: 'Greet {{name}}. 🚀\r\n' },
    ]);
  });

  it('tells machines the same in its line of JSON', async () => {
    await put('greeter.v1.2/promptfooconfig.yaml', SUITE);
    await put('greeter.v1.2/logo.png', Uint8Array.of(0xff));
    const { out } = await towpath('push', join(folder, 'greeter.v1.2'), '--json');
    expect(pushed[0]).toMatchObject({ workflow: 'greeter-v1-2' });
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'pushed',
      files: ['promptfooconfig.yaml'],
      leftOut: [{ path: 'logo.png', reason: 'no text' }],
    });
  });

  it('is the same text whatever order the files were made in', async () => {
    for (const [name, order] of [
      ['a', ['x.txt', 'b/c.txt', 'b.txt']],
      ['b', ['b.txt', 'b/c.txt', 'x.txt']],
    ] as const) {
      for (const file of order) await put(`${name}/${file}`, file);
    }
    await towpath('push', join(folder, 'a'), join(folder, 'b'));
    expect(pushed).toHaveLength(2);
    expect(pushed[0]?.source).toBe(pushed[1]?.source);
    expect(filesPushed()[0]).toEqual(['b.txt', 'b/c.txt', 'x.txt']);
  });

  it('makes one version of several files and folders that are said to be one workflow', async () => {
    const paths = [
      await put('config/agents.yaml', 'a: 1'),
      await put('config/tasks.yaml', 'b: 1'),
      dirname(await put('tools/deep/search.py', 'pass')),
    ];
    const { code, out } = await towpath('push', ...paths, '--workflow', 'crew');
    expect([code, pushed.map(({ workflow }) => workflow)]).toEqual([0, ['crew']]);
    expect(filesPushed()).toEqual([['config/agents.yaml', 'config/tasks.yaml', 'tools/deep/search.py']]);
    expect(out).toContain('Took 3 files');
  });

  it('still pushes several files without that as a version each', async () => {
    await towpath('push', await put('a.yaml', 'name: a'), await put('b.yaml', 'name: b'));
    expect(pushed.map(({ workflow, source }) => [workflow, source])).toEqual([
      ['a', 'name: a'],
      ['b', 'name: b'],
    ]);
  });

  it.each<[string, string, () => Promise<unknown>]>([
    [
      'two files of more than 10 MB together',
      'larger than the 10 MB',
      () => Promise.all(['a', 'b'].map((name) => put(`flow/${name}.txt`, 'x'.repeat(6 * 1024 * 1024)))),
    ],
    ['one larger text', 'huge.txt is larger', () => put('flow/huge.txt', 'x'.repeat(11 * 1024 * 1024))],
    ['no text', 'holds no text file', () => put('flow/a.png', Uint8Array.of(0xff))],
    [
      'more than 1,000 files',
      'more than the 1,000 files',
      () => Promise.all(Array.from({ length: 1_001 }, (_, number) => put(`flow/${number}.txt`, ''))),
    ],
    ['a name that no other machine could have', 'Rename or move it', () => put('flow/a\\b.txt', 'x')],
    ['nothing at all, for it is not there', 'ENOENT', async () => {}],
  ])('refuses a folder with %s, and pushes nothing', async (_what, word, fill) => {
    await fill();
    const good = await put('good.yaml', 'name: good');
    const result = await towpath('push', good, join(folder, 'flow'));
    expect(result).toMatchObject({ code: 2, out: '', err: expect.stringContaining(word) });
    expect(pushed).toEqual([]);
  });

  it('leaves out what is large and no text, without reading it', async () => {
    await put('greeter/promptfooconfig.yaml', SUITE);
    await put('greeter/weights.bin', new Uint8Array(11 * 1024 * 1024));
    const { code, out } = await towpath('push', join(folder, 'greeter'));
    expect([code, filesPushed()]).toEqual([0, [['promptfooconfig.yaml']]]);
    expect(out).toContain('weights.bin (no text)');
  });
});

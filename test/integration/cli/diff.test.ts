import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DiffServer, HOSTILE, startDiffServer } from '../../support/http/start-diff-server.ts';
import { TOKEN } from '../../support/http/start-test-server.ts';

const flow = (model: string, more = '') => `apiVersion: towpath/v1
name: summarize-flow
steps:
  - { id: summarize, type: llm, label: Summarise, model: ${model}, task: Summarise it }
${more}`;

let folder: string;
let server: DiffServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-cli-'));
  server = await startDiffServer();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** The real program as a process of its own, with no variable but those given. */
async function towpath(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['src/adapters/cli/main.ts', 'diff', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err]: string[][] = [[], []];
  child.stdout.on('data', (chunk) => out?.push(String(chunk)));
  child.stderr.on('data', (chunk) => err?.push(String(chunk)));
  const [code] = await once(child, 'close');
  return { code, out: (out ?? []).join(''), err: (err ?? []).join('') };
}

describe('two files, without a server', () => {
  it('that do different things end with 1, after risk, sentences, steps and code', async () => {
    const paths = [await file('a.yaml', flow('one')), await file('b.yaml', flow('two'))];
    const { code, out, err } = await towpath(paths);
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain('Risk: high, model swapped (‘Summarise’)\n');
    expect(out).toContain('- Model of ‘Summarise’ changed from ‘one’ to ‘two’\n');
    expect(out).toContain('~ Summarise (llm): model\n');
    expect(out).toContain('-     model: one\n+     model: two\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing of the kind may be there
    expect(out).not.toMatch(/\x1b/);
  });

  it('that do the same end with 0, whether they are alike or differ in what does not run', async () => {
    const plain = await file('c.yaml', flow('one'));
    const moved = await file('d.yaml', flow('one', 'layout: { summarize: { x: 10 } }\n'));
    const bound = await file('e.yaml', flow('one', 'bindings: { slack: team-a }\n'));
    expect(await towpath([plain, plain])).toMatchObject({ code: 0, out: expect.stringContaining('Nothing differs.') });
    expect((await towpath([plain, moved])).code).toBe(0);
    const { code, out } = await towpath([plain, bound]);
    expect([code, out.includes('No functional change: 1 connection differs.')]).toEqual([0, true]);
  });

  it('come as one JSON object for a program', async () => {
    const paths = [await file('f.yaml', flow('one')), await file('g.yaml', flow('two'))];
    const { code, out } = await towpath([...paths, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      from: { file: paths[0] },
      to: { file: paths[1] },
      diff: { functional: true, risk: { level: 'high' } },
      total: 1,
      changes: [{ class: 'model', before: 'one', after: 'two' }],
    });
    expect(out.trimEnd().split('\n')).toHaveLength(1);
  });

  it('are shown in colours where these are seen, and never with NO_COLOR', async () => {
    const paths = [await file('h.yaml', flow('one')), await file('i.yaml', flow('two'))];
    const coloured = await towpath(paths, { FORCE_COLOR: '1' });
    expect(coloured.out).toContain('\u001b[32m+     model: two\u001b[39m');
    expect(coloured.out).toContain('\u001b[31m-     model: one\u001b[39m');
    expect((await towpath(paths, { NO_COLOR: '1' })).out).not.toContain('\u001b');
    expect((await towpath([...paths, '--json'], { FORCE_COLOR: '1' })).out).not.toContain('\u001b');
  });

  it('print no secret, but that one changed', async () => {
    const secret = (last: string) => `sk-ant-api03-${'aB3'.repeat(31)}${last}AA`;
    const withKey = (last: string) =>
      JSON.stringify({ nodes: [{ id: '1', name: 'Call', parameters: { apiKey: secret(last) } }] });
    const paths = [await file('j.json', withKey('x')), await file('k.json', withKey('y'))];
    for (const more of [[], ['--json']]) {
      const { out, err } = await towpath([...paths, ...more, '--format', 'generic']);
      expect(out + err).not.toContain('sk-ant-api03-aB3');
      expect(out).toMatch(/secret/i);
    }
  });

  it('may be folders, whose files belong together', async () => {
    const texts = ['Answer in one line.', 'Answer in two lines.'];
    const folders = await Promise.all(
      texts.map(async (text, index) => {
        const path = join(folder, `evals-${index}`);
        await mkdir(path);
        const config = 'prompts: [file://answer.txt]\nproviders: [openai:gpt-4.1]\ntests: [{ vars: { q: x } }]\n';
        await writeFile(join(path, 'promptfooconfig.yaml'), config);
        await writeFile(join(path, 'answer.txt'), text);
        return path;
      }),
    );
    const { code, out, err } = await towpath(folders);
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain('{+lines+}');
  });

  it.each([
    ['one file alone', ['a.yaml'], 'Two files are compared'],
    ['four words', ['a', 'b', 'c', 'd'], 'Two files are compared'],
    ['a file that is not there', ['a.yaml', 'nowhere.yaml'], 'nowhere.yaml can'],
    ['an unknown format', ['a.yaml', 'a.yaml', '--format', 'n9n'], 'is no known format; did you mean ‘n8n’'],
    ['an unknown option', ['a.yaml', 'a.yaml', '--jsonn'], 'unknown option'],
  ])('%s ends with 2 and says what is wrong', async (_, words, says) => {
    await file('a.yaml', flow('one'));
    const { code, out, err } = await towpath(words.map((word) => (word.endsWith('.yaml') ? join(folder, word) : word)));
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(says);
  });

  it('that can’t be read end with 2, with the line of what is wrong', async () => {
    const broken = await file('broken.yaml', `${flow('one')}  - { id: summarize, type: llm }\n`);
    const { code, err } = await towpath([broken, broken]);
    expect(code).toBe(2);
    expect(err).toMatch(/broken\.yaml can’t be compared:\n {2}line 5, steps\[1\]/);
  });
});

describe('two versions on the server', () => {
  const env = () => ({ TOWPATH_API_TOKEN: TOKEN, TOWPATH_SERVER: server.url });

  it('are compared there, and end with 1 where they do different things', async () => {
    const { code, out, err } = await towpath(['triage', '1', 'v3'], env());
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatch(/^triage: v1 → v3\nRisk: high, model swapped/);
    expect(out).toContain('Be brief and [-kind-].');
  });

  it('that are one and the same end with 0', async () => {
    expect(await towpath(['triage', 'v2', '2'], env())).toMatchObject({
      code: 0,
      out: 'triage: v2 → v2\nNothing differs.\n',
    });
  });

  it('come as the API gives them with --json', async () => {
    const { out } = await towpath(['triage', '1', '2', '--json'], env());
    expect(JSON.parse(out)).toMatchObject({ workflow: 'triage', from: { number: 1 }, to: { number: 2 }, total: 2 });
  });

  it('leave a terminal alone, whatever their steps are called', async () => {
    const { out } = await towpath(['triage', '1', '3'], env());
    expect(out).toContain(HOSTILE.slice(0, 20));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal would obey
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it.each([
    ['a version that is not there', ['triage', '1', '99'], {}, 'has no version “99”'],
    ['a workflow that is not there', ['nothing', '1', '2'], {}, 'There is no workflow'],
    ['no token', ['triage', '1', '2'], { TOWPATH_API_TOKEN: '' }, 'TOWPATH_API_TOKEN is not set'],
    ['no server', ['triage', '1', '2', '--server', 'http://127.0.0.1:9'], {}, "can't be reached"],
    ['a format', ['triage', '1', '2', '--format', 'n8n'], {}, '--format is for files'],
  ])('%s ends with 2 and says so', async (_, words, more, says) => {
    const { code, err } = await towpath(words, { ...env(), ...more });
    expect(code).toBe(2);
    expect(err).toContain(says);
  });
});

it('the help says how it is used and what it ends with', async () => {
  const { code, out } = await towpath(['--help']);
  expect(code).toBe(0);
  for (const words of ['two files or folders', '--json', 'Exit codes', 'production staging', 'NO_COLOR'])
    expect(out).toContain(words);
});

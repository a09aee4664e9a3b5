import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/domain/configuration/configuration.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { startTestServer, type TestServer, TOKEN } from '../../support/http/start-test-server.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';

const WORKSPACE = { id: 'T1', name: 'Canal', botUserId: 'U0BOT' };
const flow = (name: string, model: string) => `apiVersion: towpath/v1
name: ${name}
steps:
  - { id: summarize, type: llm, label: Summarise, model: ${model}, task: Summarise it }
`;

let folder: string;
let database: TestPersistence;
let server: TestServer;
let others: Server[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-cli-'));
  database = await openTestPersistence();
  const configuration = { ...defaultConfiguration(), departments: ['support'] };
  await makeApplyConfiguration(database.ports)({ workspace: WORKSPACE, configuration, admins: [] });
  server = await startTestServer({ useCases: makeUseCases(withTestDocuments(database.ports), testSecrets) });
});
afterEach(() => {
  for (const other of others) other.close().closeAllConnections();
  others = [];
});
afterAll(async () => {
  await server.stop();
  await database.end();
  await rm(folder, { recursive: true });
});

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Runs the real program as a process of its own, with no variable but those given. */
async function towpath(
  args: string[],
  env: Record<string, string> = { TOWPATH_API_TOKEN: TOKEN, TOWPATH_SERVER: server.url },
) {
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

/** Something that listens but is not Towpath. */
async function otherServer(listener: RequestListener): Promise<string> {
  const other = createServer(listener).listen(0, '127.0.0.1');
  await once(other, 'listening');
  others.push(other);
  return `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
}

describe('towpath push', () => {
  it('makes a workflow of a file, a version of a changed one, and nothing of an unchanged one', async () => {
    const path = await file('summarize.yaml', flow('Summarize Flow', 'claude-sonnet'));
    const first = await towpath(['push', path, '--department', 'support', '--owner', 'U0ADA', '--commit', 'abc123']);
    expect(first).toEqual({ code: 0, out: 'v1 of summarize-flow (created, a new workflow)\n', err: '' });
    expect(await towpath(['push', path])).toEqual({
      code: 0,
      out: 'identical to v1 of summarize-flow, nothing new\n',
      err: '',
    });

    await file('summarize.yaml', flow('Summarize Flow', 'claude-opus'));
    const changed = await towpath(['push', path, '--label', 'opus', '--note', 'better']);
    expect(changed).toMatchObject({ code: 0, err: '' });
    expect(changed.out).toMatch(
      /^v2 \(opus\) of summarize-flow \(created\)\n {2}Model of .*Summarise.*claude-sonnet.*claude-opus/,
    );
    const { json } = await server.call('GET', '/api/v1/workflows/summarize-flow/versions/opus');
    expect(json).toMatchObject({ note: 'better', author: 'api' });
    expect((await server.call('GET', '/api/v1/workflows/summarize-flow')).json).toMatchObject({
      department: 'support',
      owner: 'U0ADA',
    });
    expect((await server.call('GET', '/api/v1/workflows/summarize-flow/versions/1')).json.sourceCommit).toBe('abc123');
  });

  it('says where secrets were masked, and nothing of the secrets', async () => {
    const path = await file('secret.yaml', 'name: secret\nlogin: { password: hunter2hunter2 }\n# token=a1b2c3d4e5\n');
    const first = await towpath(['push', path, '--department', 'support']);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toBe(
      'v1 of secret (created, a new workflow)\n  2 secrets were masked before anything was kept; replace what is real\n    password at login.password (line 2)\n    secret, line 3\n',
    );
    expect((await towpath(['push', path])).out).toMatch(
      /^identical to v1 of secret, nothing new\n {2}2 secrets were masked/,
    );
  });

  it('reads a file as the format that is named, and refuses an unknown one with the nearest', async () => {
    const path = await file('odd-flow.yaml', flow('odd-flow', 'a').replace('type: llm', 'type: oddity'));
    expect(await towpath(['push', path, '--department', 'support'])).toMatchObject({ code: 1 });
    expect((await towpath(['push', path, '--department', 'support', '--format', 'generic'])).code).toBe(0);
    const refused = await towpath(['push', path, '--format', 'genric']);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('did you mean ‘generic’')]);
  });

  it('names a workflow as it is told, else as the file is called', async () => {
    const path = await file('Refund Agent.json', '{ "nodes": [{ "id": "a" }] }');
    expect((await towpath(['push', path, '--department', 'support'])).out).toContain('v1 of refund-agent (');
    expect((await towpath(['push', path, '--department', 'support', '--workflow', 'other'])).out).toContain(
      'v1 of other (',
    );
  });

  it('pushes several files one after the other and reports each; a refused one does not stop the next', async () => {
    const paths = [
      await file('a.yaml', flow('flow-a', 'm')),
      await file('b.yaml', `${flow('flow-b', 'm')}  - { id: summarize, type: llm, task: x }\n`),
      await file('c.yaml', flow('flow-c', 'm')),
    ];
    const { code, out, err } = await towpath(['push', ...paths, '--department', 'support']);
    expect(code).toBe(1);
    expect(out).toBe(
      `${paths[0]}: v1 of flow-a (created, a new workflow)\n${paths[2]}: v1 of flow-c (created, a new workflow)\n`,
    );
    expect(err).toMatch(/b\.yaml: .*line \d+.*push it again/i);
  });

  it('prints a line of JSON a file for machines, refusals included', async () => {
    const paths = [await file('j.yaml', flow('flow-j', 'm')), await file('k.yaml', 'a: [')];
    const { code, out, err } = await towpath(['push', ...paths, '--department', 'support', '--json']);
    expect([code, err]).toEqual([1, '']);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { file: paths[0], outcome: 'pushed', workflow: { name: 'flow-j' }, version: { number: 1 }, created: true },
      {
        file: paths[1],
        outcome: 'refused',
        workflow: { name: 'k' },
        code: 'invalid_definition',
        detail: expect.stringContaining('line 1'),
      },
    ]);
  });

  it('ends with 1 when the server refuses, in the words of the server', async () => {
    const path = await file('d.yaml', flow('flow-d', 'm'));
    const refused = await towpath(['push', path]);
    expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('Say which one: support') });
    const unknown = await towpath(['push', path], { TOWPATH_API_TOKEN: 'x'.repeat(40), TOWPATH_SERVER: server.url });
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('TOWPATH_API_TOKEN') });
  });

  it.each([
    ['no file', ['push'], {}, "missing required argument 'file'"],
    ['a file that is not there', ['push', 'nowhere.yaml'], {}, "nowhere.yaml can't be read (ENOENT)"],
    ['an unknown option', ['push', 'x', '--token', 'hush'], {}, "unknown option '--token'"],
    ['an unknown command', ['bless', 'x'], {}, "unknown command 'bless'"],
    ['no token', ['push', 'package.json'], { TOWPATH_API_TOKEN: '' }, 'TOWPATH_API_TOKEN is not set'],
    ['a token of two lines', ['push', 'package.json'], { TOWPATH_API_TOKEN: 'a\nb' }, 'Copy it again'],
    ['no address', ['push', 'package.json', '--server', 'towpath'], {}, '“towpath” is not the address'],
  ])('ends with 2 for %s, and pushes nothing', async (_what, args, env, message) => {
    const before = (await server.call('GET', '/api/v1/audit?limit=1')).json.items;
    const result = await towpath(args, { TOWPATH_API_TOKEN: TOKEN, TOWPATH_SERVER: server.url, ...env });
    expect(result).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
    expect((await server.call('GET', '/api/v1/audit?limit=1')).json.items).toEqual(before);
  });

  it('reads every file before it pushes the first', async () => {
    const good = await file('e.yaml', flow('flow-e', 'm'));
    const huge = await file('huge.yaml', 'x'.repeat(10 * 1024 * 1024 + 1));
    const binary = await file('binary.yaml', Uint8Array.of(0xff, 0xfe));
    for (const [bad, word] of [
      [huge, '10 MB'],
      [binary, 'UTF-8'],
      [join(folder, 'nowhere'), 'ENOENT'],
    ] as const) {
      expect(await towpath(['push', good, bad, '--department', 'support'])).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining(word),
      });
    }
    expect((await server.call('GET', '/api/v1/workflows/flow-e')).status).toBe(404);
  });

  it('ends with 3 when nothing answers, and does not go on to the next file', async () => {
    const gone = await otherServer(() => {});
    const paths = [await file('f.yaml', flow('flow-f', 'm')), await file('g.yaml', flow('flow-g', 'm'))];
    for (const other of others) other.close();
    const { code, out, err } = await towpath(['push', ...paths, '--server', gone]);
    expect([code, out, err.trim().split('\n').length]).toEqual([3, '', 1]);
    expect(err).toMatch(/can't be reached \(ECONNREFUSED\)\. Check the address/);
  });

  it.each<[string, RequestListener, string]>([
    ['answers with a page', (_request, response) => response.end('<h1>hello</h1>'), 'not as a Towpath server does'],
    ['answers 404 with a page', (_request, response) => response.writeHead(404).end('nope'), 'answered 404'],
    ['hangs up', (request) => request.socket.destroy(), "can't be reached"],
    [
      'has no database',
      (_request, response) =>
        response.writeHead(503).end(JSON.stringify({ code: 'unavailable', status: 503, detail: 'Try again.' })),
      'Try again.',
    ],
  ])('ends with 3 when the server %s', async (_what, listener, message) => {
    const path = await file('h.yaml', flow('flow-h', 'm'));
    const result = await towpath(['push', path, '--server', await otherServer(listener)]);
    expect(result).toMatchObject({ code: 3, out: '', err: expect.stringContaining(message) });
  });

  it('carries its token nowhere that a server sends it', async () => {
    const tokens: unknown[] = [];
    const thief = await otherServer((request, response) => {
      tokens.push(request.headers.authorization);
      response.end('{}');
    });
    const path = await file('i.yaml', flow('flow-i', 'm'));
    const sending = await otherServer((_request, response) =>
      response.writeHead(307, { location: `${thief}/x` }).end(),
    );
    expect(await towpath(['push', path, '--server', sending])).toMatchObject({
      code: 3,
      err: expect.stringContaining(`${thief}/x`),
    });
    expect(tokens).toEqual([]);
  });

  it('lets no answer move the cursor or change the colours of a terminal', async () => {
    const path = await file('l.yaml', flow('flow-l', 'm'));
    const detail = 'bad \u001b[2J\u202etxet\nnext';
    const rude = await otherServer((_request, response) =>
      response.writeHead(422).end(JSON.stringify({ code: 'x', status: 422, detail })),
    );
    expect((await towpath(['push', path, '--server', rude])).err).toBe('bad \ufffd[2J\ufffdtxet next\n');
  });

  it('explains itself, exit codes and the token included', async () => {
    const { code, out } = await towpath(['push', '--help'], {});
    expect(code).toBe(0);
    for (const word of ['--label', '--server', 'TOWPATH_API_TOKEN', 'Exit codes:', '  3 ']) expect(out).toContain(word);
    expect((await towpath(['--help'], {})).out).toContain('push');
  });
});

import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PushRequest } from '../../../src/use-cases/use-cases.ts';
import { exampleUseCases } from '../../support/http/example-views.ts';
import { startTestServer, type TestServer } from '../../support/http/start-test-server.ts';

const PATH = '/api/v1/workflows/summarize-flow/versions';
const yaml = { 'content-type': 'application/yaml' };
const json = { 'content-type': 'application/json' };
const MEGABYTE = 1024 * 1024;

let pushed: PushRequest[] = [];
let created = true;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    useCases: {
      async pushVersion(request) {
        pushed.push(request);
        return { ...(await exampleUseCases.pushVersion(request)), created };
      },
    },
  });
});
beforeEach(() => {
  pushed = [];
  created = true;
});
afterAll(() => server.stop());

describe('pushing a version', () => {
  it('takes the file with what is said around it, and tells where the version is', async () => {
    const around = {
      fileName: 'flow.yaml',
      label: 'fast',
      note: 'n',
      sourceCommit: 'abc',
      department: 'support',
      owner: 'U0ADA',
      format: 'towpath',
    };
    const answer = await server.call('POST', PATH, { body: { source: 'name: flow', ...around, onBehalfOf: 'U0DEV' } });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/api/v1/workflows/summarize-flow/versions/2');
    expect(pushed).toEqual([
      {
        actor: { workspaceId: 'T1', userId: 'U0DEV', via: 'api' },
        workflow: 'summarize-flow',
        source: 'name: flow',
        ...around,
      },
    ]);
  });

  it('is done by the token itself where nobody is named', async () => {
    await server.call('POST', PATH, { body: { source: 'x' } });
    expect(pushed).toEqual([
      { actor: { workspaceId: 'T1', userId: 'api', via: 'api' }, workflow: 'summarize-flow', source: 'x' },
    ]);
  });

  it('answers 200 for identical content, which is no new version', async () => {
    created = false;
    const answer = await server.call('POST', PATH, { body: { source: 'x' } });
    expect([answer.status, answer.json.created, answer.headers.get('location')]).toEqual([200, false, null]);
  });

  it.each(['application/yaml', 'text/yaml', 'application/x-yaml', 'text/yaml; charset=utf-8'])(
    'takes the file itself as %s, byte for byte',
    async (type) => {
      const source = '# Grüße 🚀\nname: flow\r\n';
      const answer = await server.call(
        'POST',
        `${PATH}?label=fast&department=support&fileName=flow.yaml&note=${encodeURIComponent('a & b')}`,
        { body: source, headers: { 'content-type': type } },
      );
      expect(answer.status).toBe(201);
      expect(pushed[0]).toMatchObject({
        source,
        label: 'fast',
        department: 'support',
        fileName: 'flow.yaml',
        note: 'a & b',
      });
    },
  );

  it('takes JSON without a text “source” as the file itself, as real exports are', async () => {
    const source = '{ "nodes": [{ "id": "a" }], "source": { "id": 1 } }';
    await server.call('POST', `${PATH}?onBehalfOf=U0DEV`, { body: source, headers: json });
    expect(pushed).toEqual([
      { actor: { workspaceId: 'T1', userId: 'U0DEV', via: 'api' }, workflow: 'summarize-flow', source },
    ]);
  });

  it.each([
    ['a misspelt key around the file', { body: { source: 'x', lable: 'fast' } }, 400, 'label'],
    ['an owner that is no user id', { body: { source: 'x', owner: 'ada' } }, 400, 'owner'],
    ['an unknown parameter', { body: 'x', headers: yaml, query: '?lable=x' }, 400, 'label'],
    ['nothing', { headers: yaml }, 400, 'body'],
    ['an empty source', { body: { source: '' } }, 400, 'source'],
    ['broken JSON, which might be YAML of another meaning', { body: "{source: 'x'}", headers: json }, 400, 'YAML'],
    ['what is no text', { body: Uint8Array.of(0xff, 0xfe, 0x41), headers: yaml }, 400, 'UTF-8'],
    [
      'a packed file',
      { body: gzipSync('name: x'), headers: { ...yaml, 'content-encoding': 'gzip' } },
      415,
      'ompressed',
    ],
    ['a picture', { body: 'x', headers: { 'content-type': 'image/png' } }, 415, 'yaml'],
  ])(
    'refuses %s',
    async (_what, {
      query = '',
      ...options
    }: { query?: string; body?: unknown; headers?: Record<string, string> }, status, word) => {
      const answer = await server.call('POST', `${PATH}${query}`, options);
      expect([answer.status, answer.json.detail]).toEqual([status, expect.stringContaining(word)]);
      expect(pushed).toEqual([]);
    },
  );

  it('takes 10 MB and not a byte more, in YAML, in JSON and around it', async () => {
    const full = 'x'.repeat(10 * MEGABYTE);
    expect((await server.call('POST', PATH, { body: full, headers: yaml })).status).toBe(201);
    expect((await server.call('POST', PATH, { body: `${full}x`, headers: yaml })).status).toBe(413);
    expect((await server.call('POST', PATH, { body: { source: full } })).status).toBe(201);
    expect((await server.call('POST', PATH, { body: `["${full}"]`, headers: json })).status).toBe(413);
    expect((await server.call('POST', PATH, { body: { source: full.repeat(3) } })).status).toBe(413);
    expect(pushed).toHaveLength(2);
  });
});

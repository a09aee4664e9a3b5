import { Agent, get as ask } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import { sideOf } from '../../../src/domain/rollout.ts';
import type { Version } from '../../../src/domain/version.ts';
import { aFlow, goLive, rollOut } from '../../support/data-plane/flows.ts';
import {
  type DataPlaneServer,
  makeToken,
  OPERATOR,
  startDataPlaneServer,
} from '../../support/data-plane/start-data-plane-server.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { seedWorkspace } from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';
import type { Answer } from '../../support/http/start-test-server.ts';

let db: TestPersistence;
let workspaceId: string;
let staging: Environment;
let server: DataPlaneServer;
let version: Version;
const PATH = '/api/v1/workflows/flow/environments/staging/resolved';
/** The same question, written so that it takes the usual way: capital letters do. */
const USUAL = PATH.replace('/flow/', '/FLOW/');

withTestPersistence((persistence) => {
  db = persistence;
});
beforeAll(async () => {
  ({ workspaceId, staging } = await seedWorkspace(db.ports));
  const { versions } = await aFlow(db.ports, workspaceId, { slug: 'flow', model: 'naïve “☃” claude' });
  version = versions[0]!;
  await goLive(db.ports, workspaceId, version, staging);
  server = await startDataPlaneServer({ url: db.url, workspaceId });
});
afterAll(() => server.stop());

const get = (path: string, token: string | null, headers: Record<string, string> = {}) =>
  server.call('GET', path, { token, headers });

it('what is remembered is answered as on the usual way, to the byte, and is counted', async () => {
  const token = await makeToken(db.ports, workspaceId, staging.id);
  for (const who of [OPERATOR, token]) {
    await expect.poll(async () => (await get(PATH, who)).status).toBe(200);
    const [quick, usual] = [await get(PATH, who), await get(USUAL, who)];
    expect([quick.status, quick.text]).toEqual([usual.status, usual.text]);
    expect(quick.text).toContain('naïve “☃” claude');
    for (const name of ['etag', 'cache-control', 'content-type', 'content-length', 'x-content-type-options'])
      expect([name, quick.headers.get(name)]).toEqual([name, usual.headers.get(name)]);
    const tag = { 'if-none-match': quick.headers.get('etag') ?? '' };
    const [unchanged, also] = [await get(PATH, who, tag), await get(USUAL, who, tag)];
    expect([unchanged.status, unchanged.text, unchanged.headers.get('etag')]).toEqual([
      304,
      '',
      also.headers.get('etag'),
    ]);
  }
  const { text } = await server.call('GET', '/metrics', { token: null });
  expect(text).toMatch(/^towpath_answers_at_once_total\{status="304"\} [2-9]/m);
});

it('a key means the same here as on the usual way, whatever is written in it', async () => {
  const { workflow, versions } = await aFlow(db.ports, workspaceId, { slug: 'canary', versions: 2, model: 'claude' });
  await goLive(db.ports, workspaceId, versions[0]!, staging);
  const { id: deploymentId } = await rollOut(db.ports, workspaceId, versions[1]!, staging, 5_000);
  const path = PATH.replace('/flow/', '/canary/');
  const ask = async (query: string) => {
    const answers = [
      await get(`${path}${query}`, OPERATOR),
      await get(`${path}${query}`.replace('/canary/', '/CANARY/'), OPERATOR),
    ];
    expect([query, answers[0]?.status, answers[0]?.text]).toEqual([query, answers[1]?.status, answers[1]?.text]);
    return answers[0] as Answer;
  };
  await ask('');
  const before = await answeredAtOnce();
  const signs = [
    'a',
    '+',
    ' ',
    '%',
    '&',
    '=',
    '#',
    '?',
    '/',
    '\\',
    "'",
    '"',
    '\0',
    '\n',
    'é',
    '☃',
    '😀',
    '%41',
    ';',
    ':',
    '@',
    '~',
  ];
  const keys = fc.sample(fc.string({ unit: fc.constantFrom(...signs), minLength: 1, maxLength: 12 }), 200);
  for (const key of [...keys, 'x'.repeat(500), '☃'.repeat(500)]) {
    const { json } = await ask(`?key=${encodeURIComponent(key)}`);
    expect([key, json.rollout.side]).toEqual([key, sideOf({ workflowId: workflow.id, deploymentId, key }, 5_000)]);
  }
  // Not all of them where the process was kept from hearing of changes for a moment.
  expect((await answeredAtOnce()) - before).toBeGreaterThan(keys.length / 2);
});

it.each([
  ['no key after all', '?key=', 400],
  ['no key by name alone', '?key', 400],
  ['two keys', '?key=a&key=b', 400],
  ['another word', '?kee=a', 400],
  ['a key that is too long', `?key=${'x'.repeat(501)}`, 400],
  ['a key that is too long once it is read', `?key=${encodeURIComponent('😀'.repeat(501))}`, 400],
  ['a key that may be too long', `?key=${encodeURIComponent('😀'.repeat(500))}`, 200],
  ['half of a sign', '?key=%C3%28', 200],
  ['a percent sign of its own', '?key=100%', 200],
  ['a blank as a plus', '?key=a+b', 200],
])('%s is left to the usual way', async (_what, query, status) => {
  await get(PATH, OPERATOR);
  const before = await answeredAtOnce();
  expect((await get(`${PATH}${query}`, OPERATOR)).status).toBe(status);
  expect(await answeredAtOnce()).toBe(before);
});

it('what is remembered for others is refused to who may not have it', async () => {
  const production = await getProduction();
  const elsewhere = await makeToken(db.ports, workspaceId, production.id);
  await goLive(db.ports, workspaceId, version, production);
  // What it may have is remembered too, under another name.
  await expect.poll(async () => (await get(PATH.replace('staging', 'production'), elsewhere)).status).toBe(200);
  const runs = await makeToken(db.ports, workspaceId, staging.id, ['runs']);
  await get(PATH, OPERATOR);
  // Twice: the second time the token is remembered.
  for (const [token, status] of [
    [null, 401],
    [`tp_${'x'.repeat(43)}`, 401],
    [elsewhere, 404],
    [runs, 403],
  ] as const)
    for (let time = 0; time < 2; time++) expect((await get(PATH, token)).status).toBe(status);
});

it('a token that is revoked has nothing of it from then on', async () => {
  const token = await makeToken(db.ports, workspaceId, staging.id);
  await expect.poll(async () => (await get(PATH, token)).status).toBe(200);
  await db.sql("UPDATE api_token SET revoked_at = now(), revoked_by = 'U0ADA' WHERE environment_id = $1", [staging.id]);
  await expect.poll(async () => (await get(PATH, token)).status).toBe(401);
});

it('each request over one connection has what its own token may, whatever was shown before it', async () => {
  const token = await makeToken(db.ports, workspaceId, staging.id);
  const runs = await makeToken(db.ports, workspaceId, staging.id, ['runs']);
  for (const known of [OPERATOR, token, runs]) await get(PATH, known);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  const statusFor = (shown: string | null) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = shown === null ? {} : { authorization: `Bearer ${shown}` };
      ask(`${server.url}${PATH}`, { agent, headers }, (answer) => {
        ports.add(answer.socket.localPort);
        answer.resume().on('end', () => resolve(answer.statusCode));
      }).on('error', reject);
    });
  const shown = [token, null, token, runs, token, `${token}x`, OPERATOR, `${OPERATOR}x`, OPERATOR, runs, token, token];
  const got = [];
  for (const one of shown) got.push(await statusFor(one));
  agent.destroy();
  expect(got).toEqual([200, 401, 200, 403, 200, 401, 200, 401, 200, 403, 200, 200]);
  expect(ports.size).toBe(1);
});

async function answeredAtOnce(): Promise<number> {
  const { text } = await server.call('GET', '/metrics', { token: null });
  return Number(/^towpath_answers_at_once_total\{status="200"\} (\d+)/m.exec(text)?.[1] ?? 0);
}

async function getProduction(): Promise<Environment> {
  const pipeline = await db.ports.reading(workspaceId, (tx) => tx.environments.pipeline());
  return pipeline.find(({ name }) => name === 'production') as Environment;
}

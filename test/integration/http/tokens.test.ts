import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTokenBook, type TokenBook } from '../../../src/adapters/http/token-book.ts';
import { connectPersistence } from '../../../src/adapters/persistence/connect.ts';
import { openNotices } from '../../../src/adapters/persistence/listen.ts';
import { hashToken } from '../../../src/domain/token.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { type StoppableDatabase, startStoppableDatabase } from '../../support/database/stoppable-database.ts';
import { startTestServer, type TestServer } from '../../support/http/start-test-server.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type Canal, canalOf, FLOW, openCanal, profile, sourceOf } from '../../support/use-cases/open-canal.ts';

const log = pino({ level: 'silent' });
/** So long that only a notice of the database can make a process look again. */
const FOR_EVER = 3_600_000;

/** What one process of several is made of. */
interface Process {
  canal: Canal;
  server: TestServer;
  book: TokenBook;
  stop(): Promise<void>;
}

async function startProcess(url: string, workspaceId: string, freshFor = FOR_EVER): Promise<Process> {
  const persistence = await connectPersistence({ connectionString: url, log });
  const canal = canalOf(persistence.ports, workspaceId);
  const { useCases } = canal;
  const book = makeTokenBook({
    lookUp: (hash) => useCases.findToken({ workspaceId, hash }),
    recordUses: (tokenIds) => useCases.recordTokenUses({ workspaceId, tokenIds }),
    log,
    freshFor,
  });
  const notices = openNotices({ connectionString: url, log });
  let begun = false;
  notices.on('towpath_tokens', book.forget, () => {
    begun = true;
    book.doubtAll();
  });
  await waitUntil('notices to be heard', () => begun);
  const server = await startTestServer({ useCases, api: { workspaceId, apiToken: null, tokens: book } });
  return {
    ...{ canal, server, book },
    async stop() {
      await server.stop();
      await notices.end();
      await book.end();
      await persistence.close();
    },
  };
}

const status = async (server: TestServer, path: string, token: string) =>
  (await server.call('GET', `/api/v1${path}`, { token })).status;

describe('with tokens of a workspace', () => {
  let db: TestPersistence;
  let canal: Canal;
  let here: Process;
  let there: Process;
  beforeAll(async () => {
    db = await openTestPersistence();
    canal = await openCanal(db.ports);
    await canal.reach('production', 'first');
    await canal.push('second');
    await canal.deploy();
    here = await startProcess(db.url, canal.workspaceId);
    there = await startProcess(db.url, canal.workspaceId);
  });
  afterAll(async () => {
    await here.stop();
    await there.stop();
    await db.end();
  });

  let nth = 0;
  const create = async (asked: { environment?: string; scopes: string[] }, by = 'U0ADA') => {
    nth += 1;
    const name = `token-${nth}`;
    return { name, ...(await canal.useCases.createToken({ actor: canal.as(by), name, ...asked })) };
  };
  const read = { scopes: ['read'] };
  const everywhere = async (expected: number, token: string, path = '/workflows') => {
    for (const { server } of [here, there])
      await waitUntil(`${expected} for ${path}`, async () => (await status(server, path, token)) === expected);
  };

  it('one for an environment sees that, by any of its names, and is told nothing of others', async () => {
    const { text: token } = await create({ environment: 'production', scopes: ['resolve'] });
    const live = (environment: string, flow = FLOW) =>
      here.server.call('GET', `/api/v1/workflows/${flow}/environments/${environment}`, { token });
    for (const name of ['production', 'prod', 'PROD', 'p'])
      expect((await live(name)).json, name).toMatchObject({ environment: 'production', version: { number: 1 } });
    for (const other of ['staging', 'development', 'dev', 'stg', 'nowhere']) {
      const { status, json, text } = await live(other);
      expect([status, json.code], other).toEqual([404, 'unknown_environment']);
      expect(text.replace(`“${other}”`, '')).not.toMatch(/staging|development|dev|stg/);
    }
    await canal.push('third', 'hidden-flow');
    const [hidden, unknown] = [await live('production', 'hidden-flow'), await live('production', 'hidden-flo')];
    expect([hidden.status, hidden.json.detail]).toEqual([404, unknown.json.detail]);
  });

  it('one for applications acts as its creator, whose role is looked up at the act', async () => {
    const { text: token } = await create({ scopes: ['deploy', 'promote', 'push'] });
    const call = (path: string, body: unknown) => here.server.call('POST', `/api/v1${path}`, { token, body });
    expect((await call(`/workflows/${FLOW}/versions`, { source: sourceOf('by a token') })).status).toBe(201);
    const deployed = await call(`/workflows/${FLOW}/deployments`, {});
    expect([deployed.status, deployed.json.deployment.deployedBy]).toEqual([201, 'U0ADA']);
    const asked = await call('/promotions', { workflow: FLOW, environment: 'staging' });
    expect([asked.status, asked.json.promotion.requestedBy]).toEqual([201, 'U0ADA']);
    await expect(canal.approve('U0ADA', asked.json.promotion.id)).rejects.toMatchObject({ code: 'own_request' });
    const other = await call('/promotions', { workflow: FLOW, environment: 'staging', onBehalfOf: 'U0DEV' });
    expect([other.status, other.json.code]).toEqual([403, 'not_permitted']);
    await canal.useCases.assignRole({ actor: canal.as('U0ABE'), userId: 'U0ADA', role: 'viewer', departments: [] });
    expect((await call(`/workflows/${FLOW}/deployments`, {})).json).toMatchObject({ code: 'not_permitted' });
    await canal.useCases.assignRole({ actor: canal.as('U0ABE'), userId: 'U0ADA', role: 'admin', departments: [] });
  });

  it('one whose creator is deactivated may nothing any more, but one that runs workflows goes on', async () => {
    const [application, runner] = [
      await create(read, 'U0ABE'),
      await create({ environment: 'prod', scopes: ['resolve'] }, 'U0ABE'),
    ];
    expect(await status(here.server, '/workflows', application.text)).toBe(200);
    const account = (standing: 'deactivated' | 'member') =>
      canal.useCases.recordProfiles({ workspaceId: canal.workspaceId, profiles: [profile('U0ABE', { standing })] });
    await account('deactivated');
    here.book.doubtAll();
    expect(await status(here.server, '/workflows', application.text)).toBe(403);
    expect(await status(here.server, `/workflows/${FLOW}/environments/prod`, runner.text)).toBe(200);
    await account('member');
    here.book.doubtAll();
  });

  it('one without the scope is told which it takes', async () => {
    const { text: token } = await create({ scopes: ['push'] });
    const answer = await here.server.call('GET', '/api/v1/workflows', { token });
    expect([answer.status, answer.json.code]).toEqual([403, 'insufficient_scope']);
    expect(answer.json.detail).toContain('the scope read');
  });

  it('one that was revoked lets nobody in in any process, which they hear of at once', async () => {
    const { name, text } = await create(read);
    await everywhere(200, text);
    await canal.useCases.revokeToken({ actor: canal.as('U0ADA'), name });
    await everywhere(401, text);
  });

  it('one that was tried before it was made is good everywhere as soon as it is', async () => {
    const { text } = await create(read);
    const [row] = await db.sql('DELETE FROM api_token WHERE hash = $1 RETURNING *', [hashToken(text)]);
    for (const { server } of [here, there]) expect(await status(server, '/workflows', text)).toBe(401);
    await db.sql('INSERT INTO api_token SELECT * FROM json_populate_record(NULL::api_token, $1)', [
      JSON.stringify(row),
    ]);
    await everywhere(200, text);
  });

  it('one that another takes the place of is good for as long as was asked', async () => {
    const old = await create(read);
    await everywhere(200, old.text);
    const next = await canal.useCases.rotateToken({ actor: canal.as('U0ADA'), name: old.name });
    await everywhere(200, next.text);
    await everywhere(200, old.text);
    const last = await canal.useCases.rotateToken({ actor: canal.as('U0ADA'), name: old.name, overlap: 0 });
    await everywhere(401, next.text);
    await everywhere(200, last.text);
  });

  it('one is noted to be used, and never logged', async () => {
    const { name, text } = await create(read);
    expect(await status(here.server, '/workflows', text)).toBe(200);
    const lastUse = async () => {
      const { items } = await canal.useCases.listTokens({ actor: canal.as('U0ADA'), page: { limit: 100 } });
      return items.find((token) => token.name === name)?.lastUsedAt ?? null;
    };
    await waitUntil('the last use', async () => (await lastUse()) !== null);
    expect(here.server.log()).not.toContain(text);
    expect(here.server.log()).not.toContain(text.slice(3));
  });
});

describe('while the database is down', () => {
  let database: StoppableDatabase;
  let process: Process;
  beforeAll(async () => {
    database = await startStoppableDatabase();
    const first = await connectPersistence({ connectionString: database.url, log });
    const { workspaceId } = await openCanal(first.ports);
    await first.close();
    process = await startProcess(database.url, workspaceId, 100);
  });
  afterAll(async () => {
    await process.stop();
    await database.end();
  });

  /** Nothing is there, which only whoever is let in is told, and it takes no database. */
  const tried = (token: string) => status(process.server, '/nothing', token);

  it('a token counts as last known until it expires, and one that nobody has seen is not called wrong', async () => {
    const { canal } = process;
    const create = async (name: string) =>
      (await canal.useCases.createToken({ actor: canal.as('U0ADA'), name, scopes: ['read'] })).text;
    const [lasting, ending, unseen] = [await create('lasting'), await create('ending'), await create('unseen')];
    const expiry = `UPDATE api_token SET expires_at = now() + interval '4 seconds' WHERE name = 'ending'`;
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(expiry);
    await client.end();
    expect([await tried(lasting), await tried(ending)]).toEqual([404, 404]);
    await database.stop();
    expect([await tried(lasting), await tried(unseen)]).toEqual([404, 503]);
    await waitUntil('the other one to expire', async () => (await tried(ending)) === 401, 20_000);
    expect(await tried(lasting)).toBe(404);
    await database.start();
    await waitUntil('the third to be looked up', async () => (await tried(unseen)) === 404, 20_000);
  });
});

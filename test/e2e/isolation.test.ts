import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemSchema } from '../../src/adapters/http/problem.ts';
import {
  APPLICATION_SCOPES,
  ENVIRONMENT_SCOPES,
  hashToken,
  PERSONAL_SCOPES,
  type Scope,
  tokenText,
} from '../../src/domain/token.ts';
import { openPersistence, type TestPersistence } from '../support/database/open-test-persistence.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { CANARY_FLOW, NAME, OTHER, ROUTES, type Row, there } from '../support/towpath/every-route.ts';
import { startCanaries } from '../support/towpath/start-canaries.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';
import { logIn as logInto } from '../support/use-cases/log-in.ts';
import { type Canal, canalOf, openCanal, profile } from '../support/use-cases/open-canal.ts';

const CONFIGURATION = `
environments:
  - { name: development, aliases: [dev] }
  - { name: staging, aliases: [stg], approvals: [{ role: lead, count: 1 }] }
  - name: production
    aliases: [prod]
    approvals: [{ role: admin, count: 1 }]
    settings: { secrets: { MODEL_KEY: { env: PRODUCTION_MODEL_KEY } }, limits: { timeout: 1s } }
people: { U0ADA: admin, U0LEE: lead }
`;
const file = join(tmpdir(), `towpath-${randomBytes(6).toString('hex')}.yaml`);

let towpath: WholeTowpath;
let db: TestPersistence;
let canal: Canal;
/** Tokens that nobody may come in by, whatever their scopes. */
const shut: Record<string, string> = {};
/** Good ones, by what they are for and the scopes that they lack. */
const made = new Map<string, Promise<string>>();

beforeAll(async () => {
  await writeFile(file, CONFIGURATION);
  towpath = await startWholeTowpath({
    env: { TOWPATH_CONFIG: file, PRODUCTION_MODEL_KEY: 'the key of the model of production' },
  });
  db = await openPersistence(towpath.database.url);
  canal = canalOf(db.ports, 'T0CANAL');
  await canal.reach(NAME, 'first', 'second');
  await startCanaries(canal, CANARY_FLOW);
  await canal.push('third');
  await canal.deploy();
  there.promotionId = (await canal.useCases.listPromotions({ workspaceId: canal.workspaceId, page: { limit: 1 } }))
    .items[0]?.id as string;
  await closeAll();
});
afterAll(async () => {
  await db?.end();
  await towpath?.stop();
  await rm(file, { force: true });
});

let nth = 0;
/** With all the scopes that a token for this can have, but for those that are lacking. */
async function create(where: string | null, lacking: readonly Scope[] = [], by = canal): Promise<string> {
  nth += 1;
  const all: readonly Scope[] = where === null ? APPLICATION_SCOPES : ENVIRONMENT_SCOPES;
  const { text } = await by.useCases.createToken({
    ...{ actor: by.as('U0ADA'), name: `token-${nth}`, scopes: all.filter((scope) => !lacking.includes(scope)) },
    ...(where === null ? {} : { environment: where }),
  });
  return text;
}
function token(where: string | null, lacking: readonly Scope[] = []): Promise<string> {
  const key = JSON.stringify([where, [...lacking].sort()]);
  const known = made.get(key) ?? create(where, lacking);
  made.set(key, known);
  return known;
}

const logIn = async (userId: string, { useCases, workspaceId } = canal) =>
  (await logInto(useCases, { workspaceId, userId })).text;

function personal(userId: string): Promise<string> {
  const known = made.get(userId) ?? logIn(userId);
  made.set(userId, known);
  return known;
}

async function shutPersonal(neighbour: Canal): Promise<void> {
  shut['an expired personal token'] = await logIn('U0ADA');
  await db.sql("UPDATE api_token SET expires_at = now() - interval '1 second' WHERE hash = $1", [
    hashToken(shut['an expired personal token'] as string),
  ]);
  shut['a personal token that ended'] = await logIn('U0ADA');
  const [ended] = await db.sql<{ name: string }>('SELECT name FROM api_token WHERE hash = $1', [
    hashToken(shut['a personal token that ended'] as string),
  ]);
  await canal.useCases.revokeToken({ actor: canal.as('U0ADA'), name: ended?.name as string });
  shut["another workspace's personal token"] = await logIn('U0ADA', neighbour);
  for (const standing of ['deactivated', 'guest', 'foreign', 'bot'] as const) {
    const userId = `U0${standing.toUpperCase()}`;
    const save = (now: typeof standing | 'member') =>
      canal.useCases.recordProfiles({ workspaceId: canal.workspaceId, profiles: [profile(userId, { standing: now })] });
    await save('member');
    shut[`a token of somebody who is ${standing} by now`] = await logIn(userId);
    await save(standing);
  }
}

async function closeAll(): Promise<void> {
  const neighbour = await openCanal(db.ports, { workspaceId: 'T0NEIGHBOUR' });
  await neighbour.reach(NAME, 'first', 'second');
  for (const [kind, where] of [
    ['of an application', null],
    ['of an environment', NAME],
  ] as const) {
    shut[`an expired token ${kind}`] = await create(where);
    await db.sql("UPDATE api_token SET expires_at = now() - interval '1 second' WHERE hash = $1", [
      hashToken(shut[`an expired token ${kind}`] as string),
    ]);
    shut[`a revoked token ${kind}`] = await create(where);
    await canal.useCases.revokeToken({ actor: canal.as('U0ADA'), name: `token-${nth}` });
    shut[`another workspace's token ${kind}`] = await create(where, [], neighbour);
  }
  await shutPersonal(neighbour);
  shut['a token that nobody made'] = tokenText(randomBytes(32));
  shut['something that is no token'] = 'x'.repeat(40);
}

async function ask(
  route: string,
  bearer: string | null,
  environment = NAME,
): Promise<{ status: number; text: string }> {
  const { path, body } = (ROUTES[route] as Row).request(environment);
  const answer = await fetch(`${towpath.url}/api/v1${path}`, {
    method: route.split(' ')[0] as string,
    headers: {
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (answer.headers.get('content-type')?.startsWith('text/event-stream') !== true)
    return { status: answer.status, text: await answer.text() };
  await answer.body?.cancel();
  return { status: answer.status, text: '' };
}

/** Refused so, in words that tell nothing of what is there. */
function expectRefused({ status, text }: { status: number; text: string }, expected: number): void {
  expect([status, text]).toEqual([expected, expect.any(String)]);
  expect(problemSchema.parse(JSON.parse(text)).status).toBe(expected);
  expect(text).not.toMatch(/claude|U0DEV|the key of the model/);
}

const isOf = (scope: Scope, scopes: readonly Scope[]) => scopes.includes(scope);
const ofEnvironments = (row: Row) => row.scopes.some((scope) => isOf(scope, ENVIRONMENT_SCOPES));

it('knows every route of the OpenAPI document, with the scopes that it takes', async () => {
  const answer = await fetch(`${towpath.url}/api/v1/openapi.json`);
  const document = (await answer.json()) as {
    paths: Record<string, Record<string, { security: { token?: string[]; person?: [] }[] }>>;
  };
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => [
      `${method.toUpperCase()} ${path.replace('/api/v1', '')}`,
      { scopes: security.flatMap(({ token = [] }) => token).sort(), persons: security.some(({ person }) => person) },
    ]),
  );
  expect(Object.fromEntries(documented)).toEqual(
    Object.fromEntries(
      Object.entries(ROUTES).map(([route, row]) => [
        route,
        { scopes: [...row.scopes].sort(), persons: isPersons(row) },
      ]),
    ),
  );
});

/** Whether somebody's own token may, as far as its person may. */
function isPersons({ only, scopes }: Row): boolean {
  return only === undefined ? scopes.some((scope) => isOf(scope, PERSONAL_SCOPES)) : only !== 'open';
}

it('begins logins and hears gates, which are the only routes without a token, with nothing of what is there', async () => {
  const open = Object.keys(ROUTES).filter((route) => ROUTES[route]?.only === 'open');
  expect(open).toEqual(['POST /login', 'POST /login/token', 'POST /gates/answer']);
  // An address may begin ten a minute.
  for (const bearer of [null, ...Object.values(shut).slice(-5)])
    for (const route of open) {
      const { status, text } = await ask(route, bearer);
      expect([route, status]).toEqual([route, ROUTES[route]?.right]);
      expect(text).not.toMatch(/claude|U0DEV|summarize|production/);
    }
});

const CLOSED = Object.keys(ROUTES).filter((route) => ROUTES[route]?.only !== 'open');

describe.each(CLOSED)('%s', (route) => {
  const row = ROUTES[route] as Row;

  it('lets in nobody without a token, nor with one that is not good here', async () => {
    expectRefused(await ask(route, null), 401);
    for (const [what, bearer] of Object.entries(shut)) {
      const answer = await ask(route, bearer);
      expect([what, answer.status]).toEqual([what, 401]);
      expectRefused(answer, 401);
    }
  });

  it('tells no more to a request for its headers alone', async () => {
    const { path } = row.request(NAME);
    const head = async (bearer: string | null) => {
      const headers = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
      return (await fetch(`${towpath.url}/api/v1${path}`, { method: 'HEAD', headers })).status;
    };
    expect(await head(null)).toBe(401);
    // 404 where nothing is served for headers alone.
    if (row.only !== 'anybody') expect([403, 404]).toContain(await head(await token(NAME, row.scopes)));
  });

  it('takes no token with every scope but its own', async () => {
    if (row.only === 'anybody') return expect((await ask(route, await token(null))).status).toBe(200);
    expectRefused(await ask(route, await token(null, row.scopes)), 403);
    expectRefused(await ask(route, await token(NAME, row.scopes)), 403);
  });

  it('shows a token for another environment nothing of this one', async () => {
    const answer = await ask(route, await token(OTHER));
    if (row.only === 'anybody') return expect([answer.status, answer.text.includes(NAME)]).toEqual([200, false]);
    if (!ofEnvironments(row)) return expectRefused(answer, 403);
    if (row.elsewhere !== undefined) return row.elsewhere(answer);
    expectRefused(answer, 404);
    // As if it were not there: in the very words for one that never was.
    const never = await ask(route, await token(OTHER), 'nowhere');
    expect(told(answer.text, NAME)).toEqual(told(never.text, 'nowhere'));
  });
});

/** What a refusal says, but for what names this answer and this environment. */
function told(text: string, environment: string): unknown {
  const { instance: _, detail, ...rest } = JSON.parse(text);
  return { ...rest, detail: detail.replaceAll(environment, 'ENVIRONMENT') };
}

describe('whoever may', () => {
  // One after the other, once nobody else tries: some change what the others read.
  it.each(CLOSED)('is answered by %s', async (route) => {
    const row = ROUTES[route] as Row;
    for (const scope of row.scopes) {
      const where = isOf(scope, ENVIRONMENT_SCOPES) ? NAME : null;
      const all: readonly Scope[] = where === null ? APPLICATION_SCOPES : ENVIRONMENT_SCOPES;
      const answer = await ask(
        route,
        await token(
          where,
          all.filter((other) => other !== scope),
        ),
      );
      expect([scope, answer.status, answer.text]).toEqual([scope, row.right, expect.any(String)]);
    }
  });

  // After the others: it does what they did once more.
  it.each(CLOSED)('a person’s own token may %s as its person may, or not at all', async (route) => {
    const row = ROUTES[route] as Row;
    const answer = await ask(route, await personal('U0ADA'));
    expect(answer.status).not.toBe(401);
    if (!isPersons(row)) {
      expectRefused(answer, 403);
      return expect(answer.text).toContain('insufficient_scope');
    }
    expect([403, 500]).not.toContain(answer.status);
    if (row.only !== undefined) expect([answer.status, answer.text]).toEqual([row.right, expect.any(String)]);
    if (row.only === 'admin') expectRefused(await ask(route, await personal('U0LEE')), 403);
  });

  it('may no more once their account is deactivated, which every process hears of long before it would look', async () => {
    const text = await logIn('U0LEAVER');
    expect((await ask('GET /whoami', text)).status).toBe(200);
    const profiles = [profile('U0LEAVER', { standing: 'deactivated' })];
    await canal.useCases.recordProfiles({ workspaceId: canal.workspaceId, profiles });
    await waitUntil('the token to be refused', async () => (await ask('GET /whoami', text)).status === 401, 3_000);
  });

  it('may no more once another process revoked the token, which this one hears of long before it would look', async () => {
    const { text } = await canal.useCases.createToken({ actor: canal.as('U0ADA'), name: 'ending', scopes: ['read'] });
    expect((await ask('GET /audit', text)).status).toBe(200);
    await canal.useCases.revokeToken({ actor: canal.as('U0ADA'), name: 'ending' });
    await waitUntil('the token to be refused', async () => (await ask('GET /audit', text)).status === 401, 3_000);
  });

  it('is not told by any answer what another environment has', async () => {
    const { text } = await ask('GET /agents', await token(OTHER), OTHER);
    expect(text).not.toContain(NAME);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FlowServer, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';
import { startTestServer } from '../../support/http/start-test-server.ts';

let server: FlowServer;
beforeAll(async () => {
  server = await startFlowServer();
});
afterAll(() => server.stop());

const open = (path: string, body: unknown) => server.call('POST', `/api/v1${path}`, { token: null, body });
const start = async () => (await open('/login', { device: 'adas-laptop' })).json;
const ask = (deviceCode: string) => open('/login/token', { deviceCode });
const find = (userId: string, code: string) => server.useCases.findLogin({ actor: inSlack(userId), code });
async function confirm(userId: string, code: string): Promise<void> {
  const { id: loginId } = await find(userId, code);
  await server.useCases.confirmLogin({ actor: inSlack(userId), loginId });
}
const as = (token: string) => (method: string, path: string, body?: unknown) =>
  server.call(method, `/api/v1${path}`, { token, ...(body === undefined ? {} : { body }) });

describe('logging a program in', () => {
  it('takes no token: it begins, waits, and is handed one once', async () => {
    const begun = await open('/login', { device: 'adas-laptop' });
    expect([begun.status, begun.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(begun.json).toEqual({
      deviceCode: expect.stringMatching(/^[\w-]{43}$/),
      code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
      expiresAt: expect.any(String),
      interval: 5,
    });
    const { deviceCode, code } = begun.json;
    const waiting = await ask(deviceCode);
    expect([waiting.status, waiting.json]).toEqual([202, { status: 'pending', expiresAt: begun.json.expiresAt }]);
    await confirm('U0LEE', code);
    const done = await ask(deviceCode);
    expect([done.status, done.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(done.json).toMatchObject({ status: 'done', userId: 'U0LEE', name: expect.stringMatching(/^login-adas/) });
    const { token } = done.json;
    expect((await as(token)('GET', '/workflows')).status).toBe(200);
    // The answer was lost, or taken: the program is told so, and what was handed out lets nobody in.
    const again = await ask(deviceCode);
    expect([again.status, again.json.code]).toEqual([410, 'login_ended']);
    server.lookAgain();
    const tried = await as(token)('GET', '/workflows');
    expect([tried.status, tried.json.detail]).toEqual([401, expect.stringContaining('`towpath login`')]);
    for (const secret of [code, code.replace('-', ''), deviceCode, token, token.slice(3)])
      expect(server.log()).not.toContain(secret);
  });

  it('is over once it was refused, and for codes that nobody has', async () => {
    const { deviceCode, code } = await start();
    const { id: loginId } = await find('U0LEE', code);
    await server.useCases.refuseLogin({ actor: inSlack('U0LEE'), loginId });
    expect(await ask(deviceCode)).toMatchObject({ status: 410, json: { code: 'login_refused' } });
    for (const made of ['x', 'A'.repeat(43)])
      expect(await ask(made)).toMatchObject({ status: 410, json: { code: 'login_ended' } });
  });

  it.each([
    ['/login', {}, 400],
    ['/login', { device: '' }, 400],
    ['/login', { device: 'x', scopes: ['read'] }, 400],
    ['/login', { device: 'x'.repeat(3_000) }, 413],
    ['/login/token', {}, 400],
    ['/login/token', { deviceCode: 7 }, 400],
  ])('is told what is wrong with %s %j', async (path, body, status) => {
    const answer = await open(path, body);
    expect([answer.status, answer.json.status]).toEqual([status, status]);
  });

  it('is for an address as often as an office needs it, and no more', async () => {
    let started = 0;
    const busy = await startTestServer({
      useCases: {
        startLogin: async () => {
          started += 1;
          return { deviceCode: 'd', code: 'c', expiresAt: new Date(), interval: 5_000 };
        },
        collectLogin: async () => ({ kind: 'waiting', expiresAt: new Date() }),
      },
    });
    const answers = [];
    for (let i = 0; i < 15; i++)
      answers.push(await busy.call('POST', '/api/v1/login', { token: null, body: { device: 'x' } }));
    expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(201), ...Array(5).fill(429)]);
    expect(started).toBe(10);
    const last = answers.at(-1);
    expect([last?.json.code, last?.headers.get('retry-after')]).toEqual(['too_many_requests', '5']);
    // Those who began may go on asking.
    const asked = await busy.call('POST', '/api/v1/login/token', { token: null, body: { deviceCode: 'x' } });
    expect(asked.status).toBe(202);
    await busy.stop();
  });
});

describe('a personal token', () => {
  it('is told who it is, and so are the others', async () => {
    const lee = as(await server.logIn('U0LEE'));
    expect((await lee('GET', '/whoami')).json).toMatchObject({
      ...{ kind: 'person', person: { userId: 'U0LEE', role: 'lead' }, environment: null },
      token: { name: expect.stringContaining('login-test-'), expiresAt: expect.any(String) },
    });
    expect((await server.call('GET', '/api/v1/whoami')).json).toMatchObject({
      kind: 'operator',
      token: null,
      person: null,
    });
    const actor = inSlack('U0ADA');
    const { text: ci } = await server.useCases.createToken({ actor, name: 'ci-who', scopes: ['read'] });
    expect((await as(ci)('GET', '/whoami')).json).toMatchObject({
      ...{ kind: 'application', person: { userId: 'U0ADA' }, scopes: ['read'] },
      token: { name: 'ci-who', expiresAt: null },
    });
    const asked = { actor, name: 'runner-who', scopes: ['resolve'], environment: 'prod' };
    const { text: runner } = await server.useCases.createToken(asked);
    expect((await as(runner)('GET', '/whoami')).json).toMatchObject({
      ...{ kind: 'environment', person: null, environment: 'production' },
    });
  });

  it('approves what was shown, and what moved since then it does not', async () => {
    const name = await server.nextFlow();
    const { promotion } = (
      await server.call('POST', '/api/v1/promotions', {
        body: { workflow: name, environment: 'staging', onBehalfOf: 'U0DEV' },
      })
    ).json;
    const lee = as(await server.logIn('U0LEE'));
    const path = `/promotions/${promotion.id}/approval`;
    const moved = await lee('POST', path, { fingerprint: 'of something else' });
    expect([moved.status, moved.json.code]).toEqual([409, 'review_changed']);
    expect((await lee('POST', path, {})).status).toBe(400);
    const { fingerprint } = (await lee('GET', `/promotions/${promotion.id}`)).json;
    const done = await lee('POST', path, { fingerprint });
    expect([done.status, done.json]).toMatchObject([
      200,
      { changed: true, deployed: true, promotion: { status: 'deployed', approvals: [{ by: 'U0LEE' }] } },
    ]);
    expect((await lee('POST', path, { fingerprint })).json).toMatchObject({ changed: false, deployed: true });
    const { items } = (await lee('GET', '/audit?action=promotion.approved')).json;
    expect(items[0]).toMatchObject({ actor: 'U0LEE', via: 'api', token: expect.stringContaining('login-test-') });
  });

  it('rejects with a reason, and not what its person asked for', async () => {
    const name = await server.nextFlow();
    const lee = as(await server.logIn('U0LEE'));
    const { promotion } = (await lee('POST', '/promotions', { workflow: name, environment: 'staging' })).json;
    expect(promotion.requestedBy).toBe('U0LEE');
    const path = `/promotions/${promotion.id}/rejection`;
    expect((await lee('POST', path, { reason: 'no' })).json.code).toBe('own_request');
    const ada = as(await server.logIn('U0ADA'));
    expect((await ada('POST', path, { reason: ' ' })).status).toBe(400);
    const rejected = await ada('POST', path, { reason: 'not yet' });
    expect(rejected.json.promotion).toMatchObject({ status: 'rejected', closedBy: 'U0ADA', closeReason: 'not yet' });
  });

  it('acts for nobody else, reads no secret, reports no run and shows nobody what runs were given', async () => {
    const name = await server.nextFlow();
    const lee = as(await server.logIn('U0LEE'));
    const other = await lee('POST', `/workflows/${name}/deployments`, { onBehalfOf: 'U0DEV' });
    expect([other.status, other.json.code]).toEqual([403, 'not_permitted']);
    for (const [method, path, body] of [
      ['GET', `/workflows/${name}/environments/staging/secrets/KEY`],
      ['POST', '/runs', { runs: [] }],
      ['POST', '/agents', { name: 'x' }],
      ['GET', '/runs?payloads=true'],
    ] as const)
      expect((await lee(method, path, body)).json, path).toMatchObject({ status: 403, code: 'insufficient_scope' });
    expect((await lee('GET', '/runs')).status).toBe(200);
  });

  it('ends itself, and lets nobody in then', async () => {
    const lee = as(await server.logIn('U0LEE'));
    const ended = await lee('DELETE', '/login');
    expect([ended.status, ended.json.name]).toEqual([200, expect.stringContaining('login-test-')]);
    server.lookAgain();
    expect((await lee('GET', '/whoami')).status).toBe(401);
  });
});

describe('tokens by HTTP', () => {
  const listOf = async (call: ReturnType<typeof as>) => call('GET', '/tokens');

  it('are made, listed, rotated and ended by an admin who logged in, and shown once each', async () => {
    const ada = as(await server.logIn('U0ADA'));
    const made = await ada('POST', '/tokens', {
      name: 'by-http',
      environment: 'prod',
      scopes: ['resolve'],
      expiresIn: '90d',
    });
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(made.json).toMatchObject({
      ...{ name: 'by-http', environment: 'production', scopes: ['resolve'], createdBy: 'U0ADA', personal: false },
      token: expect.stringMatching(/^tp_/),
    });
    const rotated = await ada('POST', '/tokens/by-http/rotate', { overlap: '10m' });
    expect(rotated.json).toMatchObject({ name: 'by-http', oldGoodUntil: expect.any(String) });
    const list = await listOf(ada);
    for (const { token } of [made.json, rotated.json]) expect(list.text + server.log()).not.toContain(token.slice(3));
    expect(list.json.items.filter((one: { name: string }) => one.name === 'by-http')).toHaveLength(2);
    expect((await ada('DELETE', '/tokens/by-http')).json).toEqual({ name: 'by-http', revoked: 2 });
    expect((await ada('DELETE', '/tokens/by-http')).json.code).toBe('unknown_token');
  });

  it('are the operator’s to make in an admin’s name, and to end', async () => {
    const body = { name: 'by-operator', scopes: ['read'] };
    expect((await server.call('POST', '/api/v1/tokens', { body })).status).toBe(400);
    const of = (onBehalfOf: string) => server.call('POST', '/api/v1/tokens', { body: { ...body, onBehalfOf } });
    expect((await of('U0LEE')).json.code).toBe('not_permitted');
    expect((await of('U0ADA')).json).toMatchObject({ name: 'by-operator', createdBy: 'U0ADA' });
    expect((await server.call('DELETE', '/api/v1/tokens/by-operator')).status).toBe(200);
  });

  it('are nothing that an application’s token, or who is no admin, may touch', async () => {
    const actor = inSlack('U0ADA');
    const { text } = await server.useCases.createToken({
      ...{ actor, name: 'greedy', scopes: ['read', 'push', 'deploy', 'promote'] },
    });
    const lee = await server.logIn('U0LEE');
    const tries = [
      ['GET', '/tokens'],
      ['POST', '/tokens', { name: 'more', scopes: ['read'] }],
      ['POST', '/tokens/greedy/rotate', {}],
      ['DELETE', '/tokens/greedy'],
    ] as const;
    const decisions = ['approval', 'rejection'].map((act) => `/promotions/0190a0b0-0000-7000-8000-000000000001/${act}`);
    for (const path of [...decisions, '/tokens']) {
      const { status, json } = await as(text)('POST', path, {});
      expect([path, status, json.code]).toEqual([path, 403, 'insufficient_scope']);
    }
    for (const token of [text, lee])
      for (const [method, path, body] of tries)
        expect((await as(token)(method, path, body)).status, `${method} ${path}`).toBe(403);
    // Their own login they end by itself, or in Slack.
    const { name } = (await as(lee)('GET', '/whoami')).json.token;
    expect((await as(lee)('DELETE', `/tokens/${name}`)).status).toBe(403);
  });
});

describe('whose person', () => {
  it('is demoted may only what is left; who is deactivated or no member any more is let in no longer', async () => {
    const name = await server.nextFlow();
    const call = as(await server.logIn('U0DEV'));
    const role = (userId: string, to: 'viewer' | 'member') =>
      server.useCases.assignRole({ actor: inSlack('U0ADA'), userId, role: to, departments: [] });
    await role('U0DEV', 'viewer');
    expect((await call('POST', `/workflows/${name}/deployments`, {})).json.code).toBe('not_permitted');
    expect((await call('GET', '/workflows')).status).toBe(200);
    await role('U0DEV', 'member');
    for (const standing of ['deactivated', 'guest', 'foreign', 'bot', 'member'] as const) {
      const profile = { userId: 'U0DEV', name: 'dev', slackAdmin: false, standing };
      await server.useCases.recordProfiles({ workspaceId: inSlack('U0DEV').workspaceId, profiles: [profile] });
      server.lookAgain();
      expect([standing, (await call('GET', '/workflows')).status]).toEqual([
        standing,
        standing === 'member' ? 200 : 401,
      ]);
    }
  });
});

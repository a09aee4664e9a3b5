import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type FlowServer,
  flowSource as flow,
  inSlack as person,
  startFlowServer,
} from '../../support/http/start-flow-server.ts';
import type { CallOptions } from '../../support/http/start-test-server.ts';

let server: FlowServer;
let name: string;
const api = (method: string, path: string, options?: CallOptions) =>
  server.call(method, `/api/v1/workflows/${name}${path}`, options);
const live = async (environment: string) => (await api('GET', `/environments/${environment}`)).json;

beforeAll(async () => {
  server = await startFlowServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  name = await server.nextFlow();
});

describe('a rollback by the API', () => {
  it('takes out what is live, brings back what was before, and bars what it took out from promotion', async () => {
    const { status, json } = await api('POST', '/environments/stg/rollback', {
      body: { onBehalfOf: 'U0LEE', reason: 'It loops' },
    });
    expect([status, json]).toMatchObject([
      201,
      {
        workflow: name,
        environment: 'staging',
        removed: { number: 2 },
        restored: { number: 1 },
        by: 'U0LEE',
        reason: 'It loops',
        diff: { functional: true },
      },
    ]);
    expect((await live('staging')).version.number).toBe(1);
    const status2 = (await server.call('GET', `/api/v1/workflows/${name}`)).json;
    expect(status2.quarantined).toEqual([{ number: 2, label: null }]);
    const { items } = (await server.call('GET', '/api/v1/audit?action=deployment.rolled_back&limit=1')).json;
    expect(items).toMatchObject([{ actor: 'U0LEE', via: 'api' }]);
  });

  it('needs no person behind the operator’s own token, and then it is the token that did it', async () => {
    const { status, json } = await api('POST', '/environments/staging/rollback', { body: {} });
    expect([status, json.by]).toEqual([201, 'api']);
  });

  it.each([
    ['whom Slack never told of', 'U0GHOST'],
    ['who is a guest', 'U0GUEST'],
  ])('is refused in the name of somebody %s, and changes nothing', async (_who, onBehalfOf) => {
    for (const method of ['POST', 'GET']) {
      const { status, json } =
        method === 'POST'
          ? await api(method, '/environments/staging/rollback', { body: { onBehalfOf } })
          : await api(method, `/environments/staging/rollback?onBehalfOf=${onBehalfOf}`);
      expect([status, json.code]).toEqual([403, 'not_permitted']);
    }
    expect((await live('staging')).version.number).toBe(2);
  });

  it('does nothing where another deployment is live by now than the one that was named', async () => {
    const { deployment } = (await api('GET', '/environments/staging/rollback')).json;
    await server.useCases.rollBack({ actor: person('U0LEE'), workflow: name, environment: 'staging' });
    const { status, json } = await api('POST', '/environments/staging/rollback', { body: { deployment } });
    expect([status, json.code]).toEqual([409, 'moved_on']);
    expect((await live('staging')).version.number).toBe(1);
  });

  it.each([
    ['a version that was never live there', { to: 'v3' }, 409, 'nothing_to_roll_back_to'],
    ['a version that is not there', { to: 'v9' }, 404, 'unknown_version'],
    ['what is live there', { to: 'v2' }, 409, 'already_active'],
    ['a field that nobody knows', { version: 'v1' }, 400, 'validation'],
    ['an id that is none', { deployment: 'x' }, 400, 'validation'],
  ])('is refused for %s', async (_what, body, expected, code) => {
    const { status, json } = await api('POST', '/environments/staging/rollback', { body });
    expect([status, json.code]).toEqual([expected, code]);
  });
});

describe('a preview of a rollback', () => {
  it('says what would go and come back, and changes nothing', async () => {
    const { status, json } = await api('GET', '/environments/staging/rollback');
    expect([status, json]).toMatchObject([
      200,
      {
        workflow: name,
        environment: 'staging',
        removed: { number: 2 },
        restored: { number: 1 },
        deployment: (await live('staging')).deployment.id,
      },
    ]);
    expect(json.diff.sentences.join()).toMatch(/claude-sonnet.*claude-haiku/);
    expect((await live('staging')).version.number).toBe(2);
  });

  it('of a version that was named says that one, or what bars it', async () => {
    await api('POST', '/environments/staging/rollback', { body: {} });
    const { status, json } = await api('GET', '/environments/staging/rollback?to=2');
    expect([status, json.code]).toEqual([409, 'quarantined']);
    expect((await api('GET', '/environments/staging/rollback')).json.code).toBe('nothing_to_roll_back_to');
  });
});

describe('a preview of a promotion', () => {
  it('says what would change and what is needed, and asks nobody', async () => {
    const { status, json } = await api('GET', '/environments/staging/promotion?onBehalfOf=U0DEV');
    expect([status, json]).toMatchObject([
      200,
      {
        workflow: name,
        version: { number: 3 },
        from: 'development',
        to: 'staging',
        replaces: { number: 2 },
        requirements: [{ kind: 'approvals', state: 'pending' }],
        open: null,
      },
    ]);
    expect(json.canApprove.userIds).toContain('U0LEE');
    expect(json.diff.sentences.join()).toMatch(/claude-sonnet.*claude-opus/);
    expect((await server.call('GET', `/api/v1/promotions?workflow=${name}&status=open`)).json.items).toEqual([]);
  });

  it('leaves whoever would ask out of those who can approve', async () => {
    const { canApprove } = (await api('GET', '/environments/staging/promotion?onBehalfOf=U0LEE')).json;
    expect(canApprove.userIds).not.toContain('U0LEE');
  });

  it('names what is under review already, of this version or of another', async () => {
    const asked = await server.useCases.requestPromotion({
      actor: person('U0DEV'),
      workflow: name,
      environment: 'staging',
    });
    const promotion = 'promotion' in asked ? asked.promotion.id : expect.unreachable();
    const path = '/environments/staging/promotion?onBehalfOf=U0DEV';
    const open = { promotion, version: { number: 3, label: null }, requestedBy: 'U0DEV', approvedBy: [] };
    expect((await api('GET', path)).json).toMatchObject({ version: { number: 3 }, open });

    await server.useCases.pushVersion({ actor: person('U0DEV'), source: flow(name, 'claude-next') });
    await server.useCases.deployVersion({ actor: person('U0DEV'), workflow: name });
    expect((await api('GET', path)).json).toMatchObject({ version: { number: 4 }, open });
  });

  it.each([
    ['nobody stands behind it', 'staging', '', 422, 'invalid_input'],
    ['the first environment was named', 'development', '?onBehalfOf=U0DEV', 422, 'no_environment_before'],
    ['a guest asks', 'staging', '?onBehalfOf=U0GUEST', 403, 'not_permitted'],
  ])('is refused as the request would be, where %s', async (_what, environment, query, expected, code) => {
    const { status, json } = await api('GET', `/environments/${environment}/promotion${query}`);
    expect([status, json.code]).toEqual([expected, code]);
  });

  it('is refused as the request would be, where the version is live there already', async () => {
    await server.useCases.requestPromotion({ actor: person('U0DEV'), workflow: name, environment: 'staging' });
    await server.useCases.approvePromotion({ actor: person('U0LEE'), choice: { workflow: name } });
    const { json } = await api('GET', '/environments/staging/promotion?onBehalfOf=U0DEV');
    expect(json.code).toBe('already_active');
  });
});

it('a request that names a version asks for nothing where another one is live in the environment before', async () => {
  const asking = (version: number) =>
    server.call('POST', '/api/v1/promotions', {
      body: { workflow: name, environment: 'staging', onBehalfOf: 'U0DEV', version },
    });
  const { status, json } = await asking(2);
  expect([status, json]).toMatchObject([409, { code: 'moved_on', detail: expect.stringContaining('not v2') }]);
  expect((await asking(3)).status).toBe(201);
});

it('what was live in any environment is one list, the newest first', async () => {
  const { json } = await api('GET', '/deployments?limit=3');
  expect(
    json.items.map(({ environment, version }: { environment: string; version: { number: number } }) => [
      environment,
      version.number,
    ]),
  ).toEqual([
    ['development', 3],
    ['staging', 2],
    ['development', 2],
  ]);
  const next = await api('GET', `/deployments?limit=3&cursor=${encodeURIComponent(json.cursor)}`);
  expect(next.json.items).toHaveLength(2);
});

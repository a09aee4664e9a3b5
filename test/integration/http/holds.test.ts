import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FlowServer, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';

let server: FlowServer;
let name: string;
let lee: string;
beforeAll(async () => {
  server = await startFlowServer();
  lee = await server.logIn('U0LEE');
});
afterAll(() => server.stop());
beforeEach(async () => {
  name = await server.nextFlow();
});
afterEach(async () => {
  const { locks, freezes } = await server.useCases.listHolds({ workspaceId: 'T0CANAL' });
  for (const { id } of locks) await server.useCases.unlock({ actor: inSlack('U0ADA'), lockId: id, others: true });
  if (freezes.length > 0) await server.useCases.unfreeze({ actor: inSlack('U0ADA'), environment: 'staging' });
});

const onBehalfOf = 'U0LEE';
const api = async (method: string, path: string, body?: unknown, token?: string) => {
  const sent = { ...(body !== undefined && { body }), ...(token !== undefined && { token }) };
  const { status, json } = await server.call(method, `/api/v1${path}`, sent);
  return [status, json];
};
const ask = (more: object = {}) =>
  api('POST', '/promotions', { workflow: name, environment: 'staging', onBehalfOf: 'U0DEV', ...more });
const why = (environment = 'staging') =>
  api('GET', `/workflows/${name}/environments/${environment}/why?onBehalfOf=U0DEV`);

describe('a lock', () => {
  it('is set for a while, listed, keeps a promotion back, says so, and is ended', async () => {
    const body = { scope: name, reason: 'an audit', for: '2h', onBehalfOf };
    const lock = { workflow: name, environment: null, reason: 'an audit', by: 'U0LEE', promotion: null };
    expect(await api('POST', '/locks', body)).toMatchObject([201, { ...lock, until: expect.any(String) }]);
    expect(await api('GET', '/holds')).toMatchObject([200, { locks: [lock], freezes: [], windows: [] }]);
    expect(await ask()).toMatchObject([201, { outcome: 'opened', promotion: { locks: [{ reason: 'an audit' }] } }]);
    expect(await why()).toMatchObject([
      200,
      {
        ...{ workflow: name, live: { number: 2 }, version: { number: 3 }, promotion: { requestedBy: 'U0DEV' } },
        requirements: [{ kind: 'lock', state: 'pending', retryAt: expect.any(String) }, { kind: 'approvals' }],
      },
    ]);
    expect(await api('DELETE', `/locks?scope=${name}&onBehalfOf=${onBehalfOf}`)).toMatchObject([
      200,
      { ended: [lock] },
    ]);
    expect(await api('GET', '/holds')).toMatchObject([200, { locks: [] }]);
  });

  it('of somebody else is ended by whoever says so', async () => {
    await api('POST', '/locks', { workflow: name, environment: 'staging', reason: 'an audit', onBehalfOf });
    const path = `/locks?workflow=${name}&environment=staging&onBehalfOf=U0ADA`;
    expect(await api('DELETE', path)).toMatchObject([403, { code: 'not_permitted' }]);
    expect(await api('DELETE', `${path}&others=true`)).toMatchObject([200, { ended: [{ environment: 'staging' }] }]);
    expect(await api('DELETE', path)).toMatchObject([404, { code: 'nothing_locked' }]);
  });

  it('refuses a deploy, and never a rollback', async () => {
    await api('POST', '/locks', { scope: 'all', reason: 'an audit', onBehalfOf });
    const deploy = await api('POST', `/workflows/${name}/deployments`, { version: '1', onBehalfOf: 'U0DEV' });
    expect(deploy).toMatchObject([409, { code: 'locked' }]);
    const rollback = await api('POST', `/workflows/${name}/environments/staging/rollback`, { onBehalfOf: 'U0DEV' });
    expect(rollback[0]).toBe(201);
  });

  it.each([
    [{ reason: 'x' }, 422],
    [{ scope: 'all' }, 400],
    [{ scope: 'all', reason: 'x', for: 'ever' }, 400],
    [{ scope: 'all', reason: 'x', for: '2h', until: '2099-01-01T00:00:00Z' }, 400],
    [{ scope: 'all', reason: 'x', until: '2001-01-01T00:00:00Z' }, 422],
    [{ scope: 'nowhere', reason: 'x' }, 404],
  ])('of %j is answered %s', async (body, status) =>
    expect((await api('POST', '/locks', { ...body, onBehalfOf }))[0]).toBe(status),
  );
});

it('a freeze ends at a time with any offset, and keeps promotions back until then', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString().replace('Z', '+00:00');
  const path = '/environments/stg/freezes';
  const frozen = { environment: 'staging', reason: 'the quarter', by: 'U0LEE', until: new Date(until).toISOString() };
  expect(await api('POST', path, { reason: 'the quarter', until, onBehalfOf })).toMatchObject([201, frozen]);
  await ask();
  expect(await why()).toMatchObject([200, { requirements: [{ kind: 'freeze', retryAt: frozen.until }, {}] }]);
  expect(await api('DELETE', `${path}?onBehalfOf=${onBehalfOf}`)).toMatchObject([200, { ended: [frozen] }]);
  expect(await api('DELETE', `${path}?onBehalfOf=${onBehalfOf}`)).toMatchObject([404, { code: 'not_frozen' }]);
});

it('why says what asking would need, and why nothing can be asked for', async () => {
  expect(await why()).toMatchObject([200, { promotion: null, bar: null, requirements: [{ kind: 'approvals' }] }]);
  expect(await why('development')).toMatchObject([200, { bar: expect.stringMatching(/./), requirements: [] }]);
});

it('a promotion is asked for with a time, which must be to come', async () => {
  const at = new Date(Date.now() + 3_600_000).toISOString();
  expect(await ask({ at: '2001-01-01T09:00:00+01:00' })).toMatchObject([422, { code: 'invalid_input' }]);
  expect(await ask({ at: 'monday 09:00' })).toMatchObject([400, { code: 'validation' }]);
  const [status, { promotion }] = await ask({ at });
  expect([status, promotion]).toMatchObject([
    201,
    { deployAt: at, requirements: [{ kind: 'schedule', retryAt: at }, {}] },
  ]);
});

it('a checklist takes the ticks of people alone, and only of what it has', async () => {
  const [, { promotion }] = await ask();
  const path = `/promotions/${promotion.id}/checklist`;
  expect(await api('PUT', path, { item: 'x' })).toMatchObject([403, { code: 'insufficient_scope' }]);
  expect(await api('PUT', path, { item: 'x' }, lee)).toMatchObject([404, { code: 'unknown_item' }]);
});

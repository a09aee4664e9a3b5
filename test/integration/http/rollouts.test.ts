import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FlowServer, inSlack as person, startFlowServer } from '../../support/http/start-flow-server.ts';

let server: FlowServer;
let name: string;
beforeAll(async () => {
  server = await startFlowServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  name = await server.nextFlow();
});

const onBehalfOf = 'U0DEV';
const api = (method: string, path: string, body?: unknown) =>
  server.call(method, `/api/v1/workflows/${name}/environments/staging${path}`, body === undefined ? {} : { body });
const answered = async (method: string, path: string, body?: unknown) => {
  const { status, json } = await api(method, path, body);
  return [status, json];
};
const ask = (canary: unknown) =>
  server.call('POST', '/api/v1/promotions', { body: { workflow: name, environment: 'staging', canary, onBehalfOf } });
const live = async () => (await api('GET', '')).json.version.number;

/** v3 beside v2 in staging. */
async function start(canary = 10): Promise<string> {
  expect((await ask(canary)).status).toBe(201);
  await server.useCases.approvePromotion({ actor: person('U0LEE'), choice: { workflow: name } });
  return (await api('GET', '/rollout')).json.candidate.deployment;
}

describe('a promotion as a canary', () => {
  it('is asked for in percent, previewed alike, and starts beside what is live once it is approved', async () => {
    expect(await answered('GET', '/promotion?canary=0.5&onBehalfOf=U0DEV')).toMatchObject([200, { canary: 0.5 }]);
    const { status, json } = await ask(0.5);
    expect([status, json]).toMatchObject([201, { outcome: 'opened', promotion: { canary: 0.5, deployment: null } }]);
    await server.useCases.approvePromotion({ actor: person('U0LEE'), choice: { workflow: name } });
    expect((await server.call('GET', `/api/v1/promotions/${json.promotion.id}`)).json).toMatchObject({
      status: 'deployed',
      deployment: { active: false, status: 'candidate', share: 0.5 },
    });
    expect(await live()).toBe(2);
    expect(await answered('GET', '/rollout')).toMatchObject([
      200,
      {
        ...{ workflow: name, environment: 'staging', quarantined: false, scheduled: false },
        candidate: { version: { number: 3 }, share: 0.5, startedBy: 'U0LEE', promotion: json.promotion.id },
        active: { version: { number: 2 } },
        runs: { candidate: { runs: 0, errorRate: null, latencyMs: { p50: null } }, active: { runs: 0 } },
      },
    ]);
    const { environments } = (await server.call('GET', `/api/v1/workflows/${name}`)).json;
    expect(environments[1]).toMatchObject({ live: { version: { number: 2 } }, candidate: { share: 0.5 } });
    expect((await api('GET', '/deployments')).json.items[0]).toMatchObject({ status: 'candidate', share: 0.5 });
  });

  it.each([101, -1, 0.125, '10%', null])('of %j is refused, and nothing is asked for', async (canary) => {
    const { status, json } = await ask(canary);
    expect([status, json.code]).toEqual([400, 'validation']);
    expect(json.detail).toContain('body.canary: has to be a percentage from 0 to 100');
    expect((await server.call('GET', `/api/v1/promotions?workflow=${name}&status=open`)).json.items).toEqual([]);
  });

  it.each(['101', '10%', '', '1e1', '0.125'])('previewed with ?canary=%s is refused', async (canary) => {
    expect((await api('GET', `/promotion?canary=${encodeURIComponent(canary)}&onBehalfOf=U0DEV`)).status).toBe(400);
  });
});

describe('a rollout', () => {
  it('grows by PATCH, says so once, and is finished for everybody', async () => {
    const deployment = await start();
    expect(await answered('PATCH', '/rollout', { share: 50, deployment, onBehalfOf })).toMatchObject([
      200,
      { outcome: 'changed', changed: true, share: 50, before: 10, deployment, active: { version: { number: 2 } } },
    ]);
    expect(await answered('PATCH', '/rollout', { share: 50, onBehalfOf })).toMatchObject([200, { changed: false }]);
    expect(await answered('POST', '/rollout/finish', { deployment, onBehalfOf })).toMatchObject([
      200,
      { outcome: 'finished', changed: true, superseded: { number: 2 }, active: { deployment, version: { number: 3 } } },
    ]);
    expect(await live()).toBe(3);
    expect(await answered('GET', '/rollout')).toMatchObject([404, { code: 'no_rollout' }]);
  });

  it('is aborted, and what was live stays so', async () => {
    await start();
    const done = await answered('POST', '/rollout/abort', { reason: 'It loops', onBehalfOf: 'U0LEE' });
    expect(done).toMatchObject([
      200,
      { outcome: 'aborted', by: 'U0LEE', reason: 'It loops', undoUntil: expect.any(String), share: 10 },
    ]);
    expect(await live()).toBe(2);
    expect((await server.call('GET', `/api/v1/workflows/${name}`)).json.quarantined).toEqual([]);
  });

  it.each([
    ['PATCH', '/rollout', { share: 50 }, 400, 'validation'],
    ['PATCH', '/rollout', { onBehalfOf }, 400, 'validation'],
    ['PATCH', '/rollout', { share: 50, onBehalfOf: 'U0GUEST' }, 403, 'not_permitted'],
    [
      'PATCH',
      '/rollout',
      { share: 50, onBehalfOf, deployment: '0190a0b0-0000-7000-8000-00000000ffff' },
      409,
      'moved_on',
    ],
    ['PATCH', '/rollout', { share: 50, expectedShare: 5, onBehalfOf }, 409, 'moved_on'],
    ['PATCH', '/rollout', { share: 50, expectedShare: 'x', onBehalfOf }, 400, 'validation'],
    ['POST', '/rollout/finish', {}, 400, 'validation'],
    ['POST', '/rollout/finish', { onBehalfOf: 'U0GUEST' }, 403, 'not_permitted'],
    ['POST', '/rollout/abort', { onBehalfOf: 'U0GUEST' }, 403, 'not_permitted'],
    ['POST', '/rollout/abort', { deployment: 'x' }, 400, 'validation'],
  ])('%s %s with %j is refused, and changes nothing', async (method, path, body, status, code) => {
    await start();
    expect(await answered(method, path, body)).toMatchObject([status, { code }]);
    expect((await api('GET', '/rollout')).json.candidate.share).toBe(10);
  });

  it.each([
    ['PATCH', '/rollout', { share: 50, onBehalfOf }],
    ['POST', '/rollout/finish', { onBehalfOf }],
    ['POST', '/rollout/abort', {}],
  ])('%s %s is 404 where no canary runs', async (method, path, body) => {
    expect(await answered(method, path, body)).toMatchObject([404, { code: 'no_rollout' }]);
  });
});

describe('a rollback while a canary runs', () => {
  it('takes out the canary alone, and says so beforehand and afterwards', async () => {
    const deployment = await start();
    expect(await answered('GET', '/rollback')).toMatchObject([
      200,
      { kind: 'aborts', deployment, removed: { number: 3 }, restored: { number: 2 } },
    ]);
    expect(await answered('POST', '/rollback', {})).toMatchObject([
      200,
      { outcome: 'aborted', changed: true, active: { version: { number: 2 } } },
    ]);
    expect(await live()).toBe(2);
  });

  it('takes out both where what is live is named', async () => {
    await start();
    const { active } = (await api('GET', '/rollout')).json;
    expect(await answered('GET', `/rollback?deployment=${active.deployment}`)).toMatchObject([
      200,
      { kind: 'rolls-back', alsoAborts: { number: 3 }, restored: { number: 1 } },
    ]);
    expect(await answered('POST', '/rollback', { deployment: active.deployment })).toMatchObject([
      201,
      { outcome: 'rolled-back', aborted: { number: 3 }, removed: { number: 2 }, restored: { number: 1 } },
    ]);
    expect(await live()).toBe(1);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemSchema, STATUS_OF } from '../../../src/adapters/http/problem.ts';
import { Refusal, type RefusalCode } from '../../../src/domain/refusal.ts';
import { InvalidDefinitionError } from '../../../src/domain/workflow/invalid-definition-error.ts';
import { examplePromotion } from '../../support/http/example-views.ts';
import { startTestServer, type TestServer, TOKEN } from '../../support/http/start-test-server.ts';

let next: () => Promise<never>;
let server: TestServer;
const { kind: _kind, ...confirmation } = {
  kind: 'confirm-replacement' as const,
  open: examplePromotion,
  proposed: { id: 'v3', number: 3, label: null, author: 'U0DEV' },
  approvedBy: ['U0LEE'],
};

beforeAll(async () => {
  server = await startTestServer({
    useCases: {
      showStatus: () => next(),
      pushVersion: () => next(),
      requestPromotion: async () => ({ kind: 'confirm-replacement', ...confirmation }),
    },
  });
});
afterAll(() => server.stop());

async function refusedWith(error: unknown) {
  next = () => Promise.reject(error);
  return server.call('GET', '/api/v1/workflows');
}

describe('a refusal', () => {
  const codes: RefusalCode[] = ['unknown_workflow', 'not_permitted', 'already_active', 'invalid_label', 'unavailable'];

  it.each(codes)('%s is a problem with its code, its sentence and a reference', async (code) => {
    const answer = await refusedWith(new Refusal(code, 'Ask <@U0LEE> or <@W0ADA|ada>.'));
    expect(answer.status).toBe(STATUS_OF[code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(problemSchema.parse(answer.json)).toEqual({
      type: `urn:towpath:problem:${code}`,
      title: expect.stringMatching(/^[A-Z][a-z ]+$/),
      status: STATUS_OF[code],
      detail: 'Ask @U0LEE or @W0ADA.',
      code,
      instance: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
    });
  });

  it('says when to try again where the database is away', async () => {
    const answer = await refusedWith(new Refusal('unavailable', 'Try again.'));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
  });

  it('of a definition lists every problem with its place', async () => {
    const problems = [
      { path: 'steps[0]', line: 3, column: 5, message: 'has no id' },
      { path: '', message: 'is empty' },
    ];
    next = () => Promise.reject(new InvalidDefinitionError(problems, 'flow.yaml'));
    const answer = await server.call('POST', '/api/v1/workflows/w/versions', { body: { source: 'x' } });
    expect(answer.status).toBe(422);
    expect(answer.json).toMatchObject({ code: 'invalid_definition', problems });
  });

  it('to replace a promotion unasked names the one under review, and how to', async () => {
    const answer = await server.call('POST', '/api/v1/promotions', {
      body: { workflow: 'w', environment: 'staging', onBehalfOf: 'U0DEV' },
    });
    expect(answer.status).toBe(409);
    expect(problemSchema.parse(answer.json)).toMatchObject({
      code: 'replacement_not_confirmed',
      detail: expect.stringContaining('@U0LEE'),
      open: { promotionId: examplePromotion.id, version: 2, approvedBy: ['U0LEE'] },
    });
  });
});

describe('a bug', () => {
  it('is answered blandly, with the reference under which the log has all of it', async () => {
    const answer = await refusedWith(Object.assign(new Error('SELECT hush FROM person failed'), { detail: 'hush' }));
    expect(answer.status).toBe(500);
    expect(answer.json.code).toBe('internal');
    expect(answer.text).not.toContain('hush');
    const reference = answer.json.instance.replace('urn:uuid:', '');
    expect(server.log()).toContain(reference);
    expect(server.log()).toContain('SELECT hush FROM person failed');
  });
});

describe('a request that is not as described', () => {
  it.each([
    ['an unknown parameter', '/workflows?offset=20', 'query', 'offset'],
    ['a limit over 100', '/audit?limit=101', 'query.limit', '100'],
    ['a limit of 0', '/promotions?limit=0', 'query.limit', '1'],
    ['a parameter twice', '/audit?action=a&action=b', 'query.action', 'string'],
    ['a status that there is not', '/promotions?status=closed', 'query.status', 'open'],
    ['an offset as a cursor of the audit', '/audit?before=yesterday', 'query.before', 'seq'],
    ['an id that can be none', '/promotions/1', 'path.id', ''],
    ['a comparison with nothing', '/workflows/w/diff?from=1', 'query.to', ''],
  ])('%s is refused, naming the place', async (_what, path, place, word) => {
    const answer = await server.call('GET', `/api/v1${path}`);
    expect(answer.status).toBe(400);
    expect(problemSchema.parse(answer.json).problems).toEqual([
      { path: place, message: expect.stringContaining(word) },
    ]);
    expect(answer.json.code).toBe('validation');
  });

  it('lists every fault of a body at once, with the key that was meant', async () => {
    const answer = await server.call('POST', '/api/v1/promotions', {
      body: { workflow: '', environment: 'staging', onBehalfof: 'ada' },
    });
    expect(answer.status).toBe(400);
    expect(answer.json.problems.map((one: { path: string }) => one.path).sort()).toEqual(['body', 'body.workflow']);
    expect(answer.json.problems).toContainEqual({
      path: 'body',
      message: expect.stringContaining('did you mean “onBehalfOf”?'),
    });
  });

  it('has to name a person to deploy or ask: the token is nobody', async () => {
    for (const [path, body] of [
      ['/workflows/w/deployments', {}],
      ['/promotions', { workflow: 'w', environment: 'staging' }],
    ] as const) {
      const answer = await server.call('POST', `/api/v1${path}`, { body });
      expect(answer.json.problems).toEqual([{ path: 'body.onBehalfOf', message: expect.any(String) }]);
    }
  });

  it.each([
    ['broken JSON', { body: '{', headers: { 'content-type': 'application/json' } }, 400, 'malformed'],
    ['no body', { headers: { 'content-type': 'application/json' } }, 400, 'malformed'],
    [
      'a form',
      { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    ['a body too large', { body: { reason: 'x'.repeat(70_000) } }, 413, 'too_large'],
  ])('%s is refused', async (_what, options, status, code) => {
    const answer = await server.call('POST', '/api/v1/promotions', options);
    expect([answer.status, problemSchema.parse(answer.json).code]).toEqual([status, code]);
  });

  it('to a path that nothing serves is refused, with and without the API before it', async () => {
    for (const path of ['/', '/api', '/api/v2/workflows', '/api/v1/approve', '/slack/events', '/..%2f']) {
      const answer = await server.call('GET', path);
      expect([path, answer.status, answer.json?.code]).toEqual([path, 404, 'not_found']);
    }
    expect((await server.call('GET', '/%zz')).json.code).toBe('malformed');
    expect((await server.call('DELETE', '/api/v1/workflows/w')).status).toBe(404);
  });
});

describe('without a configured token', () => {
  it('the API refuses everybody, and says how to set one', async () => {
    const closed = await startTestServer({ api: { workspaceId: 'T1', apiToken: null } });
    try {
      const answer = await closed.call('GET', '/api/v1/workflows', { token: 'null' });
      expect(answer.status).toBe(401);
      expect(answer.json.detail).toContain('TOWPATH_API_TOKEN');
    } finally {
      await closed.stop();
    }
  });
});

describe('a token', () => {
  it.each([
    ['in other letters', TOKEN.toUpperCase()],
    ['with more after it', `${TOKEN}x`],
    ['cut short', TOKEN.slice(0, -1)],
    ['that is empty', ''],
    ['twice', `${TOKEN} ${TOKEN}`],
    ['that is endless', 'x'.repeat(4_000)],
  ])('%s is not the token', async (_what, token) => {
    expect((await server.call('GET', '/api/v1/workflows', { token })).status).toBe(401);
  });

  it('is taken whatever the case of the scheme, and never logged', async () => {
    next = () => Promise.reject(new Refusal('unavailable', 'Later.'));
    const answer = await server.call('GET', '/api/v1/workflows', {
      token: null,
      headers: { authorization: `bearer ${TOKEN}` },
    });
    expect(answer.status).toBe(503);
    expect(server.log()).not.toContain(TOKEN);
  });
});

describe('every answer', () => {
  it('keeps browsers from running, framing, sniffing or sharing it', async () => {
    for (const path of ['/healthz', '/nowhere', '/api/v1/workflows', '/api/v1/openapi.json']) {
      const { headers } = await server.call('GET', path, { headers: { origin: 'https://evil.example' } });
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
      expect(headers.get('access-control-allow-origin'), path).toBeNull();
      expect(headers.get('x-powered-by'), path).toBeNull();
    }
  });
});

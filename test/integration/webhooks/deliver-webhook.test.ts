import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type DeliverWebhookOptions, makeDeliverWebhook } from '../../../src/adapters/webhooks/deliver-webhook.ts';
import type { Environment, WebhookEndpoint } from '../../../src/domain/environment.ts';
import type { Reading, Transaction, WebhookDelivery, WebhookWriter } from '../../../src/use-cases/ports.ts';

const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;
const BODY = '{"type":"deployment.activated","timestamp":"2026-11-21T12:00:00.000Z","data":{"workflow":"réponse ✓"}}';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}
type Recorded = [
  attempt: Parameters<WebhookWriter['recordAttempt']>[1],
  next: Parameters<WebhookWriter['recordAttempt']>[2],
];

let servers: Server[];
let delivery: WebhookDelivery;
let endpoint: WebhookEndpoint;
let recorded: Recorded[];

beforeEach(() => {
  servers = [];
  recorded = [];
  endpoint = { url: '', secretVariable: 'HOOK_SECRET', events: [], allowPrivate: true };
});
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** An endpoint on this machine that answers each request by the next of `answers`, the last one for good. */
async function listen(
  ...answers: ((response: ServerResponse) => void)[]
): Promise<{ url: string; port: number; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    received.push({ headers: request.headers, body });
    answers[Math.min(received.length, answers.length) - 1]?.(response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, port, received };
}

const answer =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, headers).end('thanks');
  };

/** Just what the task needs of the ports, fulfilled in memory as they promise: an attempt counts, an end is an end. */
function memory(): DeliverWebhookOptions['ports'] {
  const webhooks = {
    find: async (id: string) => (id === delivery.id ? delivery : null),
    recordAttempt: async (_id: string, ...record: Recorded) => {
      recorded.push(record);
      const [, next] = record;
      delivery = { ...delivery, attempts: delivery.attempts + 1, ...('status' in next ? { status: next.status } : {}) };
    },
  };
  const environments = {
    get: async () => ({ webhooks: endpoint.url === '' ? [] : [endpoint] }) as unknown as Environment,
  };
  const context = () => ({ now: new Date(), webhooks, environments });
  return {
    reading: (_workspace, work) => work(context() as unknown as Reading),
    inTransaction: (_workspace, work) => work(context() as unknown as Transaction),
  };
}

function task(url: string, options: Partial<DeliverWebhookOptions> = {}): () => Promise<void> {
  const startedAt = new Date();
  delivery = {
    id: 'msg_1',
    workspaceId: 'T1',
    environmentId: 'e1',
    url,
    type: 'deployment.activated',
    body: BODY,
    status: 'pending',
    attempts: 0,
    startedAt,
    createdAt: startedAt,
  };
  endpoint = { ...endpoint, url };
  const deliver = makeDeliverWebhook({
    ports: memory(),
    secrets: (variable) => (variable === 'HOOK_SECRET' ? SECRET : undefined),
    log: pino({ level: 'silent' }),
    ...options,
  });
  return () => deliver({ workspaceId: 'T1', deliveryId: 'msg_1' });
}

const givenUp = (error: RegExp | string, status: number | null = null): unknown => [
  { status, error: typeof error === 'string' ? error : expect.stringMatching(error), durationMs: expect.any(Number) },
  { status: 'given_up' },
];

test.each([SECRET, SECRET.replace('whsec_', '')])(
  'the receiver verifies what was sent, with a secret such as %s',
  async (secret) => {
    const { url, received } = await listen(answer(204));
    await task(url, { secrets: () => secret })();
    expect(received).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(headers['content-type']).toBe('application/json');
    expect(headers['webhook-id']).toBe('msg_1');
    expect(body).toBe(BODY);
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(BODY));
    expect(() => new Webhook(SECRET).verify(`${body} `, headers as Record<string, string>)).toThrow(
      'No matching signature',
    );
    expect(recorded).toEqual([[{ status: 204, error: null, durationMs: expect.any(Number) }, { status: 'delivered' }]]);
  },
);

test('a delivery that failed succeeds later under the same id, with a signature of its own time', async () => {
  const { url, received } = await listen(answer(503), answer(200));
  const deliver = task(url);
  await deliver();
  expect(recorded).toEqual([
    [expect.objectContaining({ status: 503, error: 'Answered 503.' }), { retryAt: expect.any(Date) }],
  ]);
  await deliver();
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(['msg_1', 'msg_1']);
  expect(delivery.status).toBe('delivered');
});

test('a delivery that has ended is not sent again', async () => {
  const { url, received } = await listen(answer(200));
  const deliver = task(url);
  await deliver();
  await deliver();
  expect(received).toHaveLength(1);
  expect(recorded).toHaveLength(1);
});

test('an endpoint that never answers holds up no other one', async () => {
  const dead = await listen(() => undefined);
  const alive = await listen(answer(200));
  const hanging = task(dead.url, { timeout: 60_000 })();
  await vi.waitFor(() => expect(dead.received).toHaveLength(1), 5000);
  await task(alive.url)();
  expect(alive.received).toHaveLength(1);
  expect(await Promise.race([hanging.then(() => 'ended'), Promise.resolve('hanging')])).toBe('hanging');
  servers[0]?.closeAllConnections();
  await hanging;
});

test('an endpoint that does not answer in time is retried', async () => {
  const { url } = await listen(() => undefined);
  await task(url, { timeout: 300 })();
  expect(recorded).toEqual([
    [
      { status: null, error: 'No answer within 0.3 seconds.', durationMs: expect.any(Number) },
      { retryAt: expect.any(Date) },
    ],
  ]);
});

test('an answer whose body never ends is an answer', async () => {
  const { url } = await listen((response) => {
    response.writeHead(200).write('x'.repeat(100_000));
  });
  await task(url)();
  expect(delivery.status).toBe('delivered');
});

test('an endpoint that nobody listens on is retried', async () => {
  const { url, port } = await listen(answer(200));
  await new Promise((resolve) => servers[0]?.close(resolve));
  expect(port).toBeGreaterThan(0);
  await task(url)();
  expect(recorded).toEqual([
    [
      { status: null, error: 'No answer (ECONNREFUSED).', durationMs: expect.any(Number) },
      { retryAt: expect.any(Date) },
    ],
  ]);
});

test('a 429 is retried when it asks to be, in seconds or by a date', async () => {
  const inAnHour = new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000);
  const { url } = await listen(
    answer(429, { 'retry-after': '1800' }),
    answer(429, { 'retry-after': inAnHour.toUTCString() }),
  );
  const deliver = task(url);
  const before = Date.now();
  await deliver();
  await deliver();
  const [first, second] = recorded.map(([, next]) => ('retryAt' in next ? next.retryAt.getTime() : Number.NaN));
  expect(first).toBeGreaterThanOrEqual(before + 1_800_000);
  expect(first).toBeLessThanOrEqual(Date.now() + 1_800_000);
  expect(Math.abs((second ?? Number.NaN) - inAnHour.getTime())).toBeLessThan(1000);
});

test('a delivery that has been tried for a day is given up', async () => {
  const { url } = await listen(answer(500));
  const deliver = task(url);
  delivery = { ...delivery, startedAt: new Date(Date.now() - 24 * 3_600_000), attempts: 14 };
  await deliver();
  expect(recorded).toEqual([givenUp('Answered 500.', 500)]);
});

test('a redirect is not followed', async () => {
  const other = await listen(answer(200));
  const { url } = await listen(answer(307, { location: other.url }));
  await task(url)();
  expect(other.received).toEqual([]);
  expect(recorded).toEqual([givenUp(/^Answered 307, a redirect/, 307)]);
});

test('an endpoint that refuses or is gone is given up at once', async () => {
  const { url } = await listen(answer(400), answer(410));
  await task(url)();
  await task(url)();
  expect(recorded).toEqual([givenUp(/^Answered 400/, 400), givenUp(/^Answered 410: the endpoint is gone/, 410)]);
});

test('a secret that is missing or malformed, and an endpoint taken out of the configuration, are given up, saying why', async () => {
  const { url, received } = await listen(answer(200));
  await task(url, { secrets: () => undefined })();
  await task(url, { secrets: () => 'whsec_not base64!' })();
  const deliver = task(url);
  endpoint = { ...endpoint, url: '' };
  await deliver();
  expect(received).toEqual([]);
  expect(recorded).toEqual([
    givenUp(/HOOK_SECRET .*is not set/),
    givenUp(/HOOK_SECRET is not in base64/),
    givenUp(/no longer in the configuration/),
  ]);
  expect(JSON.stringify(recorded)).not.toContain('not base64!');
});

test('a name that resolves to this machine is refused before anything is sent', async () => {
  const { port, received } = await listen(answer(200));
  endpoint = { ...endpoint, allowPrivate: false };
  await task(`https://localhost:${port}/hook`)();
  expect(recorded).toEqual([givenUp(/private network.*allowPrivate/)]);
  expect(received).toEqual([]);
});

test.each([
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.0.0.1.',
  'LOCALHOST',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '169.254.169.254',
  '１２７.０.０.１',
])('https://%s is refused', async (host) => {
  endpoint = { ...endpoint, allowPrivate: false };
  await task(`https://${host}/hook`)();
  expect(recorded).toEqual([givenUp(/private network/)]);
});

test('a name with one public and one private address is refused', async () => {
  endpoint = { ...endpoint, allowPrivate: false };
  const addresses = [
    { address: '8.8.8.8', family: 4 },
    { address: '10.0.0.7', family: 4 },
  ];
  await task('https://hooks.example.com/x', { lookup: (_name, _options, callback) => callback(null, addresses) })();
  expect(recorded).toEqual([givenUp(/private network/)]);
});

test('a name that turns private after a first attempt is refused then', async () => {
  endpoint = { ...endpoint, allowPrivate: false };
  let asked = 0;
  const deliver = task('https://hooks.example.com/x', {
    timeout: 200,
    lookup(_name, _options, callback) {
      asked += 1;
      // Documentation addresses are refused too, so the first answer is a failed resolution.
      if (asked === 1) callback(Object.assign(new Error('try again'), { code: 'EAI_AGAIN' }), []);
      else callback(null, [{ address: '127.0.0.1', family: 4 }]);
    },
  });
  await deliver();
  expect(recorded).toEqual([
    [expect.objectContaining({ error: 'No answer (EAI_AGAIN).' }), { retryAt: expect.any(Date) }],
  ]);
  await deliver();
  expect(recorded[1]).toEqual(givenUp(/private network/));
});

test.each([
  ['http://hooks.example.com/', /https only/],
  ['ftp://hooks.example.com/', /no http or https/],
  ['https://ada:lovelace@hooks.example.com/', /user name or password/],
])('%s is given up', async (url, why) => {
  endpoint = { ...endpoint, allowPrivate: false };
  await task(url)();
  expect(recorded).toEqual([givenUp(why)]);
  expect(JSON.stringify(recorded)).not.toContain('lovelace');
});

test('proxies named in the environment are not used', async () => {
  const proxy = await listen(answer(200));
  const { url, received } = await listen(answer(200));
  vi.stubEnv('HTTP_PROXY', proxy.url).stubEnv('http_proxy', proxy.url).stubEnv('NODE_USE_ENV_PROXY', '1');
  await task(url)();
  vi.unstubAllEnvs();
  expect(received).toHaveLength(1);
  expect(proxy.received).toEqual([]);
});

import { Webhook } from 'standardwebhooks';
import { afterEach, expect, test, vi } from 'vitest';
import { BODY, deliveryTo, givenUp, retried, SECRET } from '../../support/webhooks/delivery-in-memory.ts';
import { answer, closeEndpoints, listen, neverAnswer } from '../../support/webhooks/endpoints.ts';

afterEach(closeEndpoints);

test.each([SECRET, SECRET.replace('whsec_', '')])(
  'the receiver verifies what was sent, with a secret such as %s',
  async (secret) => {
    const { url, received } = await listen(answer(204));
    const one = deliveryTo(url, { secrets: () => secret });
    await one.deliver();
    expect(received).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(headers['content-type']).toBe('application/json');
    expect(headers['webhook-id']).toBe('msg_1');
    expect(body).toBe(BODY);
    const receiver = new Webhook(SECRET);
    expect(receiver.verify(body, headers as Record<string, string>)).toEqual(JSON.parse(BODY));
    expect(() => receiver.verify(`${body} `, headers as Record<string, string>)).toThrow('No matching signature');
    expect(one.recorded).toEqual([
      [{ status: 204, error: null, durationMs: expect.any(Number) }, { status: 'delivered' }],
    ]);
  },
);

test('a delivery that failed succeeds later under the same id', async () => {
  const { url, received } = await listen(answer(503), answer(200));
  const one = deliveryTo(url);
  await one.deliver();
  expect(one.recorded).toEqual([retried('Answered 503.', 503)]);
  await one.deliver();
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(['msg_1', 'msg_1']);
  expect(one.delivery.status).toBe('delivered');
});

test('a delivery that has ended is not sent again', async () => {
  const { url, received } = await listen(answer(200));
  const one = deliveryTo(url);
  await one.deliver();
  await one.deliver();
  expect(received).toHaveLength(1);
  expect(one.recorded).toHaveLength(1);
});

test('an endpoint that never answers holds up no other one', async () => {
  const dead = await listen(neverAnswer);
  const alive = await listen(answer(200));
  const hanging = deliveryTo(dead.url, { timeout: 60_000 }).deliver();
  await vi.waitFor(() => expect(dead.received).toHaveLength(1), 15_000);
  await deliveryTo(alive.url).deliver();
  expect(alive.received).toHaveLength(1);
  expect(await Promise.race([hanging.then(() => 'ended'), Promise.resolve('hanging')])).toBe('hanging');
  await dead.close();
  await hanging;
});

test('an endpoint that does not answer in time is retried', async () => {
  const { url } = await listen(neverAnswer);
  const one = deliveryTo(url, { timeout: 300 });
  await one.deliver();
  expect(one.recorded).toEqual([retried('No answer within 0.3 seconds.')]);
});

test('an answer whose body never ends is an answer', async () => {
  const { url } = await listen((response) => {
    response.writeHead(200).write('x'.repeat(100_000));
  });
  const one = deliveryTo(url);
  await one.deliver();
  expect(one.delivery.status).toBe('delivered');
});

test('an endpoint that nobody listens on is retried', async () => {
  const { url, close } = await listen(answer(200));
  await close();
  const one = deliveryTo(url);
  await one.deliver();
  expect(one.recorded).toEqual([retried('No answer (ECONNREFUSED).')]);
});

test('a 429 is retried when it asks to be, in seconds or by a date', async () => {
  const inAnHour = new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000);
  const { url } = await listen(
    answer(429, { 'retry-after': '1800' }),
    answer(429, { 'retry-after': inAnHour.toUTCString() }),
  );
  const one = deliveryTo(url);
  const before = Date.now();
  await one.deliver();
  await one.deliver();
  const [first, second] = one.recorded.map(([, next]) => ('retryAt' in next ? next.retryAt.getTime() : Number.NaN));
  expect(first).toBeGreaterThanOrEqual(before + 1_800_000);
  expect(first).toBeLessThanOrEqual(Date.now() + 1_800_000);
  expect(Math.abs((second ?? Number.NaN) - inAnHour.getTime())).toBeLessThan(10_000);
});

test('a delivery that has been tried for a day is given up', async () => {
  const { url } = await listen(answer(500));
  const one = deliveryTo(url);
  one.delivery = { ...one.delivery, startedAt: new Date(Date.now() - 24 * 3_600_000), attempts: 14 };
  await one.deliver();
  expect(one.recorded).toEqual([givenUp(/^Answered 500\.$/, 500)]);
});

test('a redirect is not followed', async () => {
  const other = await listen(answer(200));
  const { url } = await listen(answer(307, { location: other.url }));
  const one = deliveryTo(url);
  await one.deliver();
  expect(other.received).toEqual([]);
  expect(one.recorded).toEqual([givenUp(/^Answered 307, a redirect/, 307)]);
});

test.each([
  [400, /^Answered 400: the endpoint refuses this/],
  [410, /^Answered 410: the endpoint is gone/],
])('an endpoint that answers %i is given up at once', async (status, why) => {
  const { url } = await listen(answer(status));
  const one = deliveryTo(url);
  await one.deliver();
  expect(one.recorded).toEqual([givenUp(why, status)]);
});

test.each([
  ['is missing', undefined, /HOOK_SECRET .*is not set/],
  ['is empty', '', /HOOK_SECRET .*is not set/],
  ['is malformed', 'whsec_not base64!', /HOOK_SECRET is not in base64/],
])('a webhook whose secret %s is given up, saying so', async (_what, secret, why) => {
  const { url, received } = await listen(answer(200));
  const one = deliveryTo(url, { secrets: () => secret });
  await one.deliver();
  expect(received).toEqual([]);
  expect(one.recorded).toEqual([givenUp(why)]);
  expect(JSON.stringify(one.recorded)).not.toContain('not base64!');
});

test('an endpoint taken out of the configuration is given up, saying so', async () => {
  const { url, received } = await listen(answer(200));
  const one = deliveryTo(url);
  one.endpoint = null;
  await one.deliver();
  expect(received).toEqual([]);
  expect(one.recorded).toEqual([givenUp(/no longer in the configuration/)]);
});

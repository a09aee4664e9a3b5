import { afterEach, expect, test, vi } from 'vitest';
import { deliveryTo, givenUp, retried } from '../../support/webhooks/delivery-in-memory.ts';
import { answer, closeEndpoints, listen } from '../../support/webhooks/endpoints.ts';

afterEach(closeEndpoints);

test('a name that resolves to this machine is refused before anything is sent', async () => {
  const { port, received } = await listen(answer(200));
  const one = deliveryTo(`https://localhost:${port}/hook`, { allowPrivate: false });
  await one.deliver();
  expect(one.recorded).toEqual([givenUp(/private network.*allowPrivate/)]);
  expect(received).toEqual([]);
});

test('allowPrivate allows the same name', async () => {
  const { port, received } = await listen(answer(200));
  const one = deliveryTo(`http://localhost:${port}/hook`, { allowPrivate: true });
  await one.deliver();
  expect(one.delivery.status).toBe('delivered');
  expect(received).toHaveLength(1);
});

test.each([
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.0.0.1.',
  '127%2e0%2e0%2e1',
  'LOCALHOST',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '169.254.169.254',
  '１２７.０.０.１',
])('https://%s is refused', async (host) => {
  const one = deliveryTo(`https://${host}/hook`, { allowPrivate: false });
  await one.deliver();
  expect(one.recorded).toEqual([givenUp(/private network/)]);
});

test('a name with one public and one private address is refused', async () => {
  const addresses = [
    { address: '8.8.8.8', family: 4 },
    { address: '10.0.0.7', family: 4 },
  ];
  const one = deliveryTo('https://hooks.example.com/x', {
    allowPrivate: false,
    lookup: (_name, _options, callback) => callback(null, addresses),
  });
  await one.deliver();
  expect(one.recorded).toEqual([givenUp(/private network/)]);
});

test('each attempt resolves and checks the name anew', async () => {
  let asked = 0;
  const one = deliveryTo('https://hooks.example.com/x', {
    allowPrivate: false,
    lookup(_name, _options, callback) {
      asked += 1;
      if (asked === 1) callback(Object.assign(new Error('try again'), { code: 'EAI_AGAIN' }), []);
      else callback(null, [{ address: '127.0.0.1', family: 4 }]);
    },
  });
  await one.deliver();
  await one.deliver();
  expect(one.recorded).toEqual([retried('No answer (EAI_AGAIN).'), givenUp(/private network/)]);
});

test.each([
  ['http://hooks.example.com/', /https only/],
  ['ftp://hooks.example.com/', /no http or https/],
  ['hooks.example.com', /no http or https/],
  ['https://ada:lovelace@hooks.example.com/', /user name or password/],
])('%s is given up', async (url, why) => {
  const one = deliveryTo(url, { allowPrivate: false });
  await one.deliver();
  expect(one.recorded).toEqual([givenUp(why)]);
  expect(JSON.stringify(one.recorded)).not.toContain('lovelace');
});

test('proxies named in the environment are not used', async () => {
  const proxy = await listen(answer(200));
  const { url, received } = await listen(answer(200));
  vi.stubEnv('HTTP_PROXY', proxy.url).stubEnv('http_proxy', proxy.url).stubEnv('NODE_USE_ENV_PROXY', '1');
  await deliveryTo(url).deliver();
  vi.unstubAllEnvs();
  expect(received).toHaveLength(1);
  expect(proxy.received).toEqual([]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isForbiddenAddress } from '../../../src/outbound/forbidden-address.ts';

const PRIVATE_IPV4 = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.9.8.7',
  '169.254.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
];
const PUBLIC_IPV4 = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.0.1',
  '172.32.0.1',
  '192.167.1.1',
  '223.255.255.254',
];

test.each(PRIVATE_IPV4)('%s is forbidden', (address) => {
  expect(isForbiddenAddress(address)).toBe(true);
});

test.each(PUBLIC_IPV4)('%s is allowed', (address) => {
  expect(isForbiddenAddress(address)).toBe(false);
});

test.each([
  '::',
  '::1',
  'fe80::1',
  'febf::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd12:3456::1',
  'fec0::1',
  'ff02::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '64:ff9b:1::a00:1',
  '::7f00:1',
  '::ffff:0:127.0.0.1',
  '5f00::1',
])('%s is forbidden', (address) => {
  expect(isForbiddenAddress(address)).toBe(true);
});

test.each(['2606:4700:4700::1111', '2a00:1450:4001:830::200e', '2001:4860:4860::8888'])('%s is allowed', (address) => {
  expect(isForbiddenAddress(address)).toBe(false);
});

/** The forms of IPv6 that lead to an IPv4 address. */
const DISGUISES: [string, (hex: string) => string][] = [
  ['mapped', (hex) => `::ffff:${hex}`],
  ['NAT64', (hex) => `64:ff9b::${hex}`],
  ['6to4', (hex) => `2002:${hex}::1`],
];
const hex = (address: string) => {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
};

test.each(DISGUISES)('an IPv4 address in its %s form is judged as itself', (_name, disguise) => {
  for (const address of PRIVATE_IPV4) expect(isForbiddenAddress(disguise(hex(address))), address).toBe(true);
  for (const address of PUBLIC_IPV4) expect(isForbiddenAddress(disguise(hex(address))), address).toBe(false);
  fc.assert(
    fc.property(fc.ipV4(), (address) => isForbiddenAddress(disguise(hex(address))) === isForbiddenAddress(address)),
  );
});

test.each([
  '',
  'localhost',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '010.8.8.8',
  '8.8.8.8.',
  '[::1]',
  '1.1.1.1:80',
])('“%s”, which is no plain address, is forbidden', (text) => {
  expect(isForbiddenAddress(text)).toBe(true);
});

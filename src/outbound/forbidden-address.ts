import ipaddr from 'ipaddr.js';

/** All that the internet routes to anybody: RFC 4291, section 2.4. The rest of IPv6 is special, reserved or not given out. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** IPv4 addresses in IPv6 clothes, and where the four bytes stand in them: mapped, NAT64 (RFC 6052), 6to4 (RFC 3056). */
const DISGUISES = [
  { range: ipaddr.IPv6.parseCIDR('::ffff:0:0/96'), from: 12 },
  { range: ipaddr.IPv6.parseCIDR('64:ff9b::/96'), from: 12 },
  { range: ipaddr.IPv6.parseCIDR('2002::/16'), from: 2 },
] as const;

/**
 * Whether an IP address is not plainly a public one: loopback, link-local (with the clouds' metadata), private, shared
 * (carrier-grade NAT), multicast, unspecified, reserved, or a form of IPv6 that leads to such an IPv4 address. What is no
 * address is forbidden too.
 */
export function isForbiddenAddress(address: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return isForbiddenIPv4(ipaddr.IPv4.parse(address));
  return ipaddr.IPv6.isValid(address) ? isForbiddenIPv6(ipaddr.IPv6.parse(address)) : true;
}

function isForbiddenIPv4(address: ipaddr.IPv4): boolean {
  return address.range() !== 'unicast';
}

function isForbiddenIPv6(address: ipaddr.IPv6): boolean {
  const disguise = DISGUISES.find(({ range }) => address.match(range));
  if (disguise !== undefined) {
    return isForbiddenIPv4(new ipaddr.IPv4(address.toByteArray().slice(disguise.from, disguise.from + 4)));
  }
  return address.range() !== 'unicast' || !address.match(GLOBAL_UNICAST);
}

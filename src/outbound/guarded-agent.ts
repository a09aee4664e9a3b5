import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isForbiddenAddress } from './forbidden-address.ts';

/** A name's or a literal address leads where webhooks may not go. Its message names no address: it is shown to people. */
export class ForbiddenAddressError extends Error {
  constructor() {
    super('The address leads to this machine or a private network.');
    this.name = 'ForbiddenAddressError';
  }
}

/** Finds every address of a name, as `dns.lookup` with `all`. */
export type Lookup = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Makes connections to public addresses only. They are checked between the name's resolution and the connection, which goes to
 * the very addresses that were checked: a name that answers differently the next time (rebinding) gains nothing. Connections
 * are not kept: each is checked. Proxy settings of the environment are not followed.
 */
export function makeGuardedAgent(lookup: Lookup = dnsLookup): Agent {
  const connect = buildConnector({ lookup: checkedLookup(lookup), allowH2: false });
  return new Agent({
    pipelining: 0,
    connect(options, callback) {
      // An address needs no lookup, so that none would check it. The URL has normalised it: 0x7f.1 is 127.0.0.1 by now.
      const literal = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) !== 0 && isForbiddenAddress(literal)) callback(new ForbiddenAddressError(), null);
      else connect(options, callback);
    },
  });
}

/** Goes anywhere: for webhooks that are allowed private addresses. */
export function makeOpenAgent(): Agent {
  return new Agent({ pipelining: 0, connect: { allowH2: false } });
}

/** One forbidden address among a name's forbids it: which one is tried first is chance. */
export function checkedLookup(lookup: Lookup = dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null) return callback(error, '');
      if (first === undefined || addresses.some(({ address }) => isForbiddenAddress(address))) {
        return callback(new ForbiddenAddressError(), '');
      }
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

import { connect, isIP } from 'node:net';
import { type Dispatcher, request } from 'undici';
import { isForbiddenAddress } from '../../outbound/forbidden-address.ts';
import {
  checkedLookup,
  ForbiddenAddressError,
  type Lookup,
  makeGuardedAgent,
  makeOpenAgent,
} from '../../outbound/guarded-agent.ts';
import type { Probes } from '../../use-cases/ports/probes.ts';

export interface ProbesOptions {
  /** Origins that are let be private, or http: `http://10.0.0.5:8080`. */
  privateOrigins?: readonly string[];
  /** Milliseconds. */
  timeout?: number;
  lookup?: Lookup;
}

const READ_AT_MOST = 4096;
const BODY_PATIENCE = 1_000;
const PRIVATE = 'leads to this machine or a private network, where probes may not go';
const SILENT = 'does not answer';

/**
 * Tries addresses by the rules that webhooks go out by: https to public addresses, which are checked between a name's resolution and the
 * connection. The operator's file names the origins that are let be private; a port of one is tried as `host:port` too.
 */
export function makeProbes({ privateOrigins = [], timeout = 5_000, lookup }: ProbesOptions = {}): Probes {
  const allowed = new Set(privateOrigins.flatMap((origin) => URL.parse(origin)?.origin ?? []));
  const allowedPorts = new Set([...allowed].map((origin) => placeOf(new URL(origin))));
  const [guarded, open] = [makeGuardedAgent(lookup), makeOpenAgent()];
  return {
    tryOut(probe) {
      if ('tcp' in probe) return tryPort(probe.tcp, allowedPorts.has(probe.tcp.toLowerCase()), timeout, lookup);
      const url = URL.parse(probe.url);
      if (url === null) return Promise.resolve('is no address');
      const mayBePrivate = allowed.has(url.origin);
      if (url.protocol !== 'https:' && !mayBePrivate) return Promise.resolve('has to be reached over https');
      return tryUrl(url, mayBePrivate ? open : guarded, timeout);
    },
  };
}

function placeOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
}

async function tryUrl(url: URL, dispatcher: Dispatcher, timeout: number): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(timeout);
    const { statusCode, body } = await request(url, {
      dispatcher,
      reset: true,
      signal,
      headers: { 'user-agent': 'Towpath' },
    });
    await body.dump({ limit: READ_AT_MOST, signal: AbortSignal.timeout(BODY_PATIENCE) }).catch(() => undefined);
    return statusCode < 500 ? null : `answers ${statusCode}`;
  } catch (error) {
    return whyNot(error);
  }
}

function tryPort(place: string, mayBePrivate: boolean, timeout: number, lookup?: Lookup): Promise<string | null> {
  const at = place.lastIndexOf(':');
  const host = place.slice(0, at).replace(/^\[|\]$/g, '');
  if (!mayBePrivate && isIP(host) !== 0 && isForbiddenAddress(host)) return Promise.resolve(PRIVATE);
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const checked = mayBePrivate ? {} : { lookup: checkedLookup(lookup) };
  const socket = connect({ host, port: Number(place.slice(at + 1)), timeout, ...checked });
  const end = (why: string | null) => {
    clearTimeout(patience);
    socket.destroy();
    resolve(why);
  };
  // A name that is looked up for ever counts as well: the socket's own patience begins with the connection.
  const patience = setTimeout(() => end(SILENT), timeout);
  socket.once('connect', () => end(null));
  socket.once('timeout', () => end(SILENT));
  socket.once('error', (error) => end(whyNot(error)));
  return promise;
}

/** Told by its kind alone: its message may carry an address. */
function whyNot(error: unknown): string {
  const isForbidden = error instanceof ForbiddenAddressError || (error as Error).cause instanceof ForbiddenAddressError;
  return isForbidden ? PRIVATE : SILENT;
}

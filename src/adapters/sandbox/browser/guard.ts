import type { IncomingMessage } from 'node:http';
import { SandboxRefusal } from '../sandbox-refusal.ts';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Refuses a request that a foreign web page made: one that reached this machine under another host name (DNS rebinding), or
 * that names another origin. The stand-in listens on loopback only, so the browser is the one way in from outside.
 */
export function refuseForeign(request: IncomingMessage): void {
  const host = request.headers.host ?? '';
  if (!LOOPBACK.test(host)) throw new SandboxRefusal('The sandbox answers to localhost and 127.0.0.1 only.', 403);
  const { origin } = request.headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    throw new SandboxRefusal('The sandbox takes requests from its own page only.', 403);
  }
}

/** For every page and file: only what comes from this server may run, show or be spoken to. */
export const PAGE_HEADERS: Record<string, string> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

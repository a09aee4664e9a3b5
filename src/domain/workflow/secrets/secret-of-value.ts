import { isReference, looksSecret } from './references.ts';
import type { SecretPart } from './source-text.ts';

/** A scheme said before the secret: `Bearer …`, or n8n's `=Bearer …`. It stays readable. */
const SCHEME = /^=?(?:(?:Bearer|Basic|Token|Bot|ApiKey|Api-Key|Key|Digest|Negotiate|JWT)\s+)?/i;
/** `${NAME:default}` with one colon: the default would be the secret. */
const WITH_DEFAULT = /^\$\{[A-Z][A-Z0-9_]*:("?)([^:{}]+)\1\}$/;
/** Three words or more, of letters alone: a description. A password may be such a one, so it counts for other kinds only. */
const PROSE = /^\p{L}[\p{L}’'-]*[,:]?(?: \(?[\p{L}’'-]+[),.:;!?]*){2,}$/u;

/** The part of a value that its name makes a secret: nothing of a reference, an empty value or a description. */
export function secretOfValue(value: string, kind: string): SecretPart | null {
  const withDefault = WITH_DEFAULT.exec(value);
  if (withDefault !== null) {
    const secret = withDefault[2] ?? '';
    return isReference(secret)
      ? null
      : partAt(value.length - 1 - (withDefault[1] ?? '').length - secret.length, secret, kind);
  }
  if (isReference(value) || isCount(value, kind)) return null;
  const scheme = SCHEME.exec(value)?.[0].length ?? 0;
  const start = scheme < value.trimEnd().length ? scheme : 0;
  const secret = value.slice(start).trimEnd();
  const from = start + (secret.length - secret.trimStart().length);
  if (isReference(secret) || (kind !== 'password' && PROSE.test(secret.trim()))) return null;
  return partAt(from, secret.trimStart(), kind);
}

function partAt(from: number, secret: string, kind: string): SecretPart {
  return { from, to: from + secret.length, kind };
}

/** Digits that a number has at least before it counts as a secret: counts and flags stay. */
const FEWEST_DIGITS: Readonly<Record<string, number>> = { password: 4, token: 10 };

function isCount(value: string, kind: string): boolean {
  return /^[-+]?\d*\.?\d*(?:e[-+]?\d+)?$/i.test(value) && value.length < (FEWEST_DIGITS[kind] ?? 6);
}

/** One of a list of secrets has to look like one: lists of words have telling names too. */
export function secretOfItem(value: string, kind: string): SecretPart | null {
  return looksSecret(value) ? { from: 0, to: value.length, kind } : null;
}

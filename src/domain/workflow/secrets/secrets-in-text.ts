import { isPlaceholder, isReference, looksSecret } from './references.ts';
import type { SecretPart } from './source-text.ts';

/** A secret, and where what gave it away begins: its name, its address. */
export interface TellingPart extends SecretPart {
  readonly begins: number;
}

/**
 * Secrets that their surroundings give away, in any text: addresses with a password, private keys, signed tokens, values given
 * to a telling name. Every pattern begins at the start of a word and is bounded, so that reading takes time in proportion to
 * the text.
 */
export function secretsInText(text: string): TellingPart[] {
  return [
    ...privateKeys(text),
    ...(text.includes('://') ? [...passwordsInAddresses(text), ...usersInAddresses(text)] : []),
    ...found(text, QUERY, 'query-secret', (value, name) => (name === 'key' ? looksSecret(value) : isWorthy(value, 6))),
    ...found(text, CONNECTION, 'password', (value) => isWorthy(value, 1)),
    ...found(text, SIGNED_TOKEN, 'jwt', () => true),
    ...found(text, GOOGLE_KEY, 'api-key', () => true),
    ...found(text, AWS_KEY, 'aws', (value) => /[0-9]/.test(value)),
    ...found(text, HUGGING_FACE, 'token', () => true),
    ...found(text, CREDENTIALS, 'authorization', (value) => looksSecret(value)),
    ...found(text, QUOTED_VALUE, 'secret', (value) => isWorthy(value, 6) && !/^[a-z]+(?:[_-][a-z]+)*$/i.test(value)),
    ...found(text, GIVEN_VALUE, 'secret', looksSecret),
  ];
}

const TELLING =
  '(?:api[_-]?key|apikey|secret[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|client[_-]?secret|secret|passwd|password|passphrase|pwd|(?:access|auth|refresh|bearer|bot|session|id)[_-]?token|token|authorization)';
const QUERY =
  /[?&;](key|api[_-]?key|apikey|access[_-]?token|auth[_-]?token|token|auth|password|passwd|pwd|secret|client[_-]?secret|sig|signature|x-amz-signature|x-goog-signature|subscription-key|code_verifier)=([^&;\s"'`<>#\\)\]]{1,2000})/gi;
/** `Server=…;Password=…;`: behind another pair, or before one. */
const CONNECTION =
  /(?<=;\s?|(?:^|["'\s])(?=[\w ]{1,40}=[^;\s"'\\]{1,500};\s?\w[\w ]{0,40}=))(password|pwd|accountkey|sharedaccesskey)\s?=\s?([^;\s"'\\]{1,500})/gim;
const SIGNED_TOKEN = /(?<![\w-])(eyJ)([\w-]{8,4000}\.eyJ[\w-]{8,8000}\.[\w-]{8,2000})/g;
const GOOGLE_KEY = /(?<![\w-])(AIza)([\w-]{35})(?![\w-])/g;
const AWS_KEY = /(?<![A-Za-z0-9])(A3T|AKIA|ASIA)([A-Z0-9]{16})(?![A-Za-z0-9])/g;
const HUGGING_FACE = /(?<!\w)(hf_)([A-Za-z0-9]{30,60})(?!\w)/g;
const CREDENTIALS = /\b(Bearer|Basic)\s+([\w\-+/=.~]{12,4000})/g;
const QUOTED_VALUE = new RegExp(
  `(?<![\\w-])([\\w-]{0,60}${TELLING})\\\\*["']?\\s{0,4}(?:=>|[:=])\\s{0,4}\\\\*(?:"|')([^\\s"'\\\\]{6,4000})(?=\\\\*["'])`,
  'gi',
);
const GIVEN_VALUE = new RegExp(
  `(?<![\\w-])([\\w-]{0,60}${TELLING})\\\\*["']?\\s{0,4}(?:=>|[:=])\\s{0,4}\\\\*["']?(?:(?:Bearer|Basic|Token)\\s{1,4})?([^\\s"'\\\\,;)}\\]&<>]{8,4000})`,
  'gi',
);
/** Those whose first group belongs to the secret. */
const WHOLE: ReadonlySet<RegExp> = new Set([SIGNED_TOKEN, GOOGLE_KEY, AWS_KEY, HUGGING_FACE]);

function found(
  text: string,
  pattern: RegExp,
  kind: string,
  isSecret: (value: string, name: string) => boolean,
): TellingPart[] {
  const parts: TellingPart[] = [];
  for (const match of text.matchAll(pattern)) {
    const [whole, name = '', value = ''] = match;
    const secret = WHOLE.has(pattern) ? name + value : value;
    if (!isSecret(secret, name.toLowerCase()) || isReference(secret)) continue;
    const from = match.index + whole.lastIndexOf(secret);
    parts.push({ from, to: from + secret.length, kind, begins: match.index });
  }
  return parts;
}

/** What stands where a secret belongs, and is no reference. */
function isWorthy(value: string, least: number): boolean {
  return value.length >= least && !isReference(value);
}

const WITH_PASSWORD = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/([^\s/?#"'<>@:`]{0,200}):([^\s/"'<>`]{1,500})@/gi;
const WITH_USER = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/([^\s/?#"'<>@:`]{8,500})@/gi;

function passwordsInAddresses(text: string): TellingPart[] {
  return found(
    text,
    WITH_PASSWORD,
    'url-password',
    (value) => isWorthy(value, 1) && !isPlaceholder(value) && value !== 'PASSWORD',
  );
}

/** `https://TOKEN@host`: a user without a password is a secret where it looks like one. */
function usersInAddresses(text: string): TellingPart[] {
  return [...text.matchAll(WITH_USER)].flatMap(({ 0: whole, 1: user = '', index }) => {
    const from = index + whole.lastIndexOf(user);
    return looksSecret(user) ? [{ from, to: from + user.length, kind: 'url-password', begins: index }] : [];
  });
}

const BEGIN = '-----BEGIN ';
const LONGEST_KEY = 40_000;

/** From BEGIN to END; without an end, as far as the key's characters go. */
function privateKeys(text: string): TellingPart[] {
  const parts: TellingPart[] = [];
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at)) {
    const head = /^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/.exec(text.slice(at, at + 100))?.[0];
    const from = at;
    at += BEGIN.length;
    if (head === undefined) continue;
    const body = text.slice(from + head.length, from + LONGEST_KEY);
    const foot = /^[^-]*(?:-(?!----(?:BEGIN|END))[^-]*)*-----END [A-Z0-9 ]{0,40}-----/.exec(body)?.[0];
    const to = from + head.length + (foot ?? /^[\w+/=\s\\:,-]*/.exec(body)?.[0] ?? '').trimEnd().length;
    parts.push({ from, to, kind: 'private-key', begins: from });
    at = to;
  }
  return parts;
}

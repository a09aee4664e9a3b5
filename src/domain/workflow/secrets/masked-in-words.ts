import type { MaskedSecret } from './mask-document.ts';

/** What kinds are called, where the mask's own word is none of everyday language. */
const WORDS: Readonly<Record<string, string>> = {
  'api-key': 'API key',
  authorization: 'authorization',
  aws: 'AWS key',
  jwt: 'signed token',
  'private-key': 'private key',
  'query-secret': 'secret in an address',
  'url-password': 'password in an address',
  password: 'password',
  secret: 'secret',
  token: 'token',
};

/** `API key at nodes[2].parameters.apiKey (line 40)`: never the secret itself. One line of plain text. */
export function maskedInWords({ kind, file, path, line }: MaskedSecret): string {
  const what = WORDS[kind] ?? `${kind} key`;
  const inFile = file === undefined ? '' : ` in ${file}`;
  return path === '' ? `${what}${inFile}, line ${line}` : `${what}${inFile} at ${shortPath(path)} (line ${line})`;
}

const LONGEST_PATH = 120;

/** Keeps the end, which says most. */
function shortPath(path: string): string {
  return path.length <= LONGEST_PATH ? path : `…${path.slice(-LONGEST_PATH)}`;
}

/** Names whose values are secrets, by how they end once written `in_small_words`. First match says the kind. */
const NAMES: readonly [kind: string, ending: RegExp][] = [
  ['private-key', /(?:^|_)private_key(?:_id)?$/],
  [
    'api-key',
    /(?:^|_)(?:api_?key|(?:access|account|auth|encryption|function|master|service|shared|shared_access|signing|subscription)_key|secret_key|secret_access_key)$/,
  ],
  [
    'password',
    /(?:^|_)(?:password|passwd|pwd|passphrase|passcode)$|(?:^|_)(?:db|database|smtp|imap|user|auth|basic)_pass$/,
  ],
  ['secret', /(?:^|_)secret$/],
  ['token', /(?:^|_)(?:token|jwt|bearer)$/],
  ['authorization', /(?:^|_)(?:authorization|cookie)$/],
];

/** What a model calls a token, and a page's: no secrets. */
const OTHER_TOKENS =
  /(?:^|_)(?:bos|cls|continuation|end|eos|eot|eou|image|mask|max|min|new|next|num|pad|page|per|prefix|prev|separator|sep|skip|special|start|stop|suffix|sync|unk)_(?:page_)?token$/;

/** What kind of secret a name says its value is; null where it says nothing. Names are read in any writing: `openAIApiKey`, `X-Api-Key`. */
export function kindOfName(name: string): string | null {
  if (name.length > 200 || !MAYBE.test(name)) return null;
  const words = inSmallWords(name);
  if (OTHER_TOKENS.test(words)) return null;
  return NAMES.find(([, ending]) => ending.test(words))?.[0] ?? null;
}

/** Of a list of secrets: `api_keys`. */
export function kindOfListName(name: string): string | null {
  return /s$/i.test(name) ? kindOfName(name.slice(0, -1)) : kindOfName(name);
}

const MAYBE = /key|pass|pwd|secret|token|jwt|bearer|auth|cookie/i;

function inSmallWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toLowerCase();
}

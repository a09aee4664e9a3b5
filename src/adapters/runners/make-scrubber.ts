import type { Json } from '../../domain/workflow/json.ts';
import { isList, isObject } from '../../domain/workflow/json.ts';
import { secretsInText } from '../../domain/workflow/secrets/secrets-in-text.ts';
import type { RunSecrets } from '../../use-cases/ports/runners.ts';

const SHOWN = '[secret]';
/** Characters; what is shorter stands in any text by chance. */
const SHORTEST = 4;

/** Takes out of texts what was read as a secret. */
export interface Scrubber {
  /** Reads secrets, and remembers them for as long as the run lasts. */
  readonly secrets: RunSecrets;
  text(text: string): string;
  /** Keys of objects included. */
  value(value: Json): Json;
  /** For what others say in errors: also without what only looks like a secret, such as a key with stars in it. */
  message(text: string): string;
}

export function makeScrubber(secrets: RunSecrets): Scrubber {
  const known = new Set<string>();
  const text = (from: string): string => {
    let clean = from;
    for (const secret of known) clean = clean.replaceAll(secret, SHOWN);
    return clean;
  };
  const value = (from: Json): Json => {
    if (known.size === 0) return from;
    if (typeof from === 'string') return text(from);
    if (isList(from)) return from.map(value);
    if (!isObject(from)) return from;
    return Object.fromEntries(Object.entries(from).map(([key, inner]) => [text(key), value(inner)]));
  };
  return {
    secrets: {
      isGivenByLeads: (name) => secrets.isGivenByLeads(name),
      async read(name) {
        const secret = await secrets.read(name);
        for (const form of formsOf(secret)) known.add(form);
        return secret;
      },
    },
    text,
    value,
    message: (from) => withoutLookalikes(text(from)),
  };
}

/** A secret as it is, and as answers and addresses write it. The longest first, as one may hold another. */
function formsOf(secret: string): string[] {
  if (secret.length < SHORTEST) return [];
  const forms = new Set([
    secret,
    secret.trim(),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ]);
  return [...forms].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

/** Providers repeat a part of a wrong key: `sk-ab…wxyz`. */
const KEY_LIKE = /\b(?:sk|pk|app|ghp|hf|xox[a-z])[-_](?=[\w.-]{0,200}[\d*…])[\w*.…-]{4,200}/gi;

function withoutLookalikes(text: string): string {
  let clean = text.replace(KEY_LIKE, SHOWN);
  for (const { from, to } of [...secretsInText(clean)].sort((a, b) => b.from - a.from))
    clean = `${clean.slice(0, from)}${SHOWN}${clean.slice(to)}`;
  return clean;
}

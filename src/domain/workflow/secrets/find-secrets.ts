import { isMask } from '../masks.ts';
import { findByName } from './find-by-name.ts';
import { lintText } from './lint-text.ts';
import { isReference } from './references.ts';
import { secretsInText } from './secrets-in-text.ts';
import { type Found, Pile } from './text-pile.ts';
import { walkSource } from './walk-source.ts';

/** Shorter texts hold no secret that only its shape gives away. */
const SHORTEST = 8;
/** Units of text read at once. */
const PILE = 60_000;
/** Places in one source at most. */
export const MOST_SECRETS = 2_000;
/** Different secrets that are looked for again in every other text. */
const MOST_ECHOES = 200;

/** A source holds more secrets than a workflow could. */
export class TooManySecretsError extends Error {}

/**
 * Every secret in a source: by names and marks, by shape, and wherever else the same secret stands again. Parts of one text may
 * overlap.
 * @throws TooManySecretsError
 */
export async function findSecrets(source: string): Promise<Found[]> {
  const found: Found[] = [];
  const piles: Pile[] = [new Pile()];
  const add = (one: Found): void => {
    if (found.push(one) > MOST_SECRETS) throw new TooManySecretsError();
  };
  const visitor = findByName({
    secret: (text, part) => add({ text, part }),
    text(text, key) {
      if (text.text.length < SHORTEST) return;
      if ((piles.at(-1)?.text.length ?? 0) > PILE) piles.push(new Pile());
      piles.at(-1)?.add(text, key);
    },
  });
  walkSource(source, visitor);
  // Thrown inside the walk it counts as text that is no YAML, and the rest would be walked without it.
  if (found.length > MOST_SECRETS) throw new TooManySecretsError();
  for (const pile of piles) for (const one of await secretsOfPile(pile)) add(one);
  for (const one of echoes(found, piles)) add(one);
  return found;
}

async function secretsOfPile(pile: Pile): Promise<Found[]> {
  const byTelling = secretsInText(pile.text).filter(({ begins }) => pile.isInText(begins));
  // Of an address, the password alone is the secret, wherever its rule found it.
  const byShape = (await lintText(pile.text)).filter(
    (part) => part.kind !== 'url-password' || !byTelling.some((own) => own.from >= part.from && own.to <= part.to),
  );
  return [...byTelling, ...byShape].flatMap((part) => {
    const located = pile.locate(part);
    return located === null || isNone(wordsOf(located)) ? [] : [located];
  });
}

function isNone(secret: string): boolean {
  return isMask(secret) || isReference(secret);
}

export function wordsOf({ text, part }: Found): string {
  return text.text.slice(part.from, part.to);
}

/** The same secrets where nothing but their being known gives them away: in a prompt, a note, a comment. */
function* echoes(found: readonly Found[], piles: readonly Pile[]): Generator<Found> {
  const secrets = new Map(found.map((one) => [wordsOf(one), one.part.kind] as const).reverse());
  const distinctive = [...secrets].filter(([secret]) => isDistinctive(secret)).slice(0, MOST_ECHOES);
  const known = new Set(found.map(({ text, part }) => `${text.start} ${part.from}`));
  for (const pile of piles) {
    for (const [secret, kind] of distinctive) {
      for (let at = pile.text.indexOf(secret); at >= 0; at = pile.text.indexOf(secret, at + secret.length)) {
        const one = pile.locate({ from: at, to: at + secret.length, kind });
        if (one !== null && wordsOf(one) === secret && !known.has(`${one.text.start} ${one.part.from}`)) yield one;
      }
    }
  }
}

/** Nobody writes it by chance. */
function isDistinctive(secret: string): boolean {
  return secret.length >= 20 || (secret.length >= 12 && /[0-9]/.test(secret) && /[A-Za-z]/.test(secret));
}

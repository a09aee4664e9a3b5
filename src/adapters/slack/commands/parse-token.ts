import ms from 'ms';
import { takeWords } from './typed-text.ts';
import { incomplete } from './usage.ts';

/** What was typed after `/towpath token`. */
export type TypedToken =
  | { act: 'create'; name: string; environment?: string; scopes: string[]; expiresIn?: number | null }
  | { act: 'rotate'; name: string; overlap?: number; expiresIn?: number | null }
  | { act: 'revoke'; name: string };

const ACTS = ['create', 'rotate', 'revoke'] as const;
const MOST_WORDS = 40;
/** Phones make one dash of two. */
const OPTION = /^(?:--|[–—])(?<name>[a-z]+)(?:=(?<value>.*))?$/i;

/** Whether `/towpath` was typed to be shown a new token, which only a form may show. */
export function wantsNewToken(text: string): boolean {
  const [word, act, name] = takeWords(text, 3).words.map((typed) => typed.toLowerCase());
  return word === 'token' && (act === 'create' || act === 'rotate') && name !== 'help' && name !== '?';
}

/** @throws Refusal invalid_input */
export function parseToken(text: string): TypedToken {
  const [typed = '', ...rest] = takeWords(text, MOST_WORDS).words;
  const act = ACTS.find((known) => known === typed.toLowerCase());
  if (act === undefined) throw incomplete('token', 'Create, rotate or revoke a token?');
  const { plain, options } = sortOut(rest);
  const [name, ...more] = plain;
  if (name === undefined) throw incomplete('token', `Which token is it, by its name?`);
  if (act === 'create') {
    const { environment, env, scope, scopes, expires } = only(options, [
      'environment',
      'env',
      'scope',
      'scopes',
      'expires',
    ]);
    const where = environment ?? env;
    return {
      ...{ act, name },
      ...(where === undefined ? {} : { environment: where }),
      // `--scope resolve, runs` is one list, whatever blanks are in it.
      scopes: [scope, scopes, ...more].flatMap((list) => list?.split(',') ?? []),
      ...life(expires),
    };
  }
  if (more.length > 0) throw incomplete('token', `“${more[0]?.slice(0, 40)}” says nothing about a token.`);
  if (act === 'revoke') {
    only(options, []);
    return { act, name };
  }
  const { overlap, expires } = only(options, ['overlap', 'expires']);
  return { act, name, ...(overlap === undefined ? {} : { overlap: duration(overlap, 'overlap') }), ...life(expires) };
}

function sortOut(words: readonly string[]): { plain: string[]; options: Map<string, string> } {
  const plain: string[] = [];
  const options = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const option = OPTION.exec(word)?.groups;
    if (option?.['name'] === undefined) {
      plain.push(word);
      continue;
    }
    const value = option['value'] ?? words[++i];
    if (value === undefined || OPTION.test(value)) throw incomplete('token', `--${option['name']} says nothing.`);
    const key = option['name'].toLowerCase();
    options.set(key, options.has(key) ? `${options.get(key)},${value}` : value);
  }
  return { plain, options };
}

function only<K extends string>(options: Map<string, string>, known: readonly K[]): Partial<Record<K, string>> {
  for (const name of options.keys())
    if (!(known as readonly string[]).includes(name))
      throw incomplete('token', `--${name.slice(0, 40)} is not taken here.`);
  return Object.fromEntries(options) as Partial<Record<K, string>>;
}

function life(expires: string | undefined): { expiresIn?: number | null } {
  if (expires === undefined) return {};
  return { expiresIn: expires.toLowerCase() === 'never' ? null : duration(expires, 'expires') };
}

function duration(text: string, option: string): number {
  const length = /^\d{1,6}(?:m|h|d|w|y)$/i.test(text) ? ms(text as ms.StringValue) : text === '0' ? 0 : undefined;
  if (length === undefined) throw incomplete('token', `--${option} takes a time such as 30m, 12h or 90d.`);
  return length;
}

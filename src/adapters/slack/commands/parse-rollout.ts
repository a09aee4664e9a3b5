import { distance } from 'fastest-levenshtein';
import { optional } from './parse-act.ts';
import { noShare, readShare } from './parse-canary.ts';
import { plainSentence, takeWords } from './typed-text.ts';
import { incomplete } from './usage.ts';

/** What was typed after `/towpath rollout`. */
export interface TypedRollout {
  workflow: string;
  environment: string;
  /** A share in hundredths of a percent. */
  act: { kind: 'show' } | { kind: 'share'; share: number } | { kind: 'finish' } | { kind: 'abort'; reason?: string };
}

const LOOKS_LIKE_SHARE = /^[\d.,+-]/;
/** Words that people may use instead: none is guessed, since two of the verbs do opposite things. */
const MEANT: Readonly<Record<string, string>> = {
  stop: 'abort',
  cancel: 'abort',
  rollback: 'abort',
  revert: 'abort',
  complete: 'finish',
  done: 'finish',
  promote: 'finish',
};

/** `WORKFLOW ENVIRONMENT [SHARE | finish | abort [REASON]]`. @throws Refusal invalid_input */
export function parseRollout(text: string): TypedRollout {
  const { words, rest } = takeWords(text, 2);
  const [workflow, environment] = words;
  if (workflow === undefined) throw incomplete('rollout', 'The rollout of which workflow, and where?');
  if (environment === undefined) throw incomplete('rollout', `In which environment is ${workflow} rolled out?`);
  return { workflow: workflow.toLowerCase(), environment, act: parseAct(rest) };
}

function parseAct(text: string): TypedRollout['act'] {
  const first = takeWords(text, 1);
  const [word] = first.words;
  if (word === undefined) return { kind: 'show' };
  if (/^to$/i.test(word) && takeWords(first.rest, 1).words.length > 0) return parseAct(first.rest);
  const verb = word.toLowerCase();
  if (verb === 'abort') return { kind: 'abort', ...optional('reason', plainSentence(first.rest)) };
  // `50 %` is one share.
  const isApart = LOOKS_LIKE_SHARE.test(word) && /^\s*%/.test(first.rest);
  const after = plainSentence(isApart ? first.rest.replace('%', '') : first.rest);
  if (verb !== 'finish' && !LOOKS_LIKE_SHARE.test(word)) throw unknownVerb(verb);
  if (after !== null)
    throw incomplete('rollout', `“${after.slice(0, 40)}” says nothing after ${verb}: a reason is only taken by abort.`);
  if (verb === 'finish') return { kind: 'finish' };
  const share = readShare(word);
  if (share === null) throw incomplete('rollout', noShare(word));
  return { kind: 'share', share };
}

function unknownVerb(verb: string) {
  const [nearest = ''] = ['finish', 'abort'].sort((a, b) => distance(verb, a) - distance(verb, b));
  const meant = Object.hasOwn(MEANT, verb) ? MEANT[verb] : distance(verb, nearest) <= 2 ? nearest : undefined;
  const guess = meant === undefined ? '' : ` Did you mean \`${meant}\`?`;
  return incomplete('rollout', `A rollout knows no “${verb.slice(0, 40)}”.${guess}`);
}

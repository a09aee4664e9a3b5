import { Refusal } from '../../../domain/refusal.ts';
import { readVariable } from '../../../domain/settings/form/variables-text.ts';
import type { VariableValue } from '../../../domain/settings/settings.ts';
import { optional } from './parse-act.ts';
import { plainText, takeWords } from './typed-text.ts';

/** One layer as it was typed. */
interface TypedLayer {
  environment: string;
  workflow?: string;
}

/** What was typed after `/towpath env`. */
export type TypedEnv =
  | { act: 'overview' }
  | { act: 'compare'; from: string; to: string }
  | { act: 'proposals'; environment: string }
  | ({ act: 'show' } & TypedLayer)
  | ({ act: 'set'; name: string; value: VariableValue } & TypedLayer)
  | ({ act: 'unset'; names: string[] } & TypedLayer);

const MOST_NAMES = 50;

/** `[ENVIRONMENT [WORKFLOW] [set NAME=value | unset NAME …]]`, `ENVIRONMENT proposals` or `diff A B`. @throws Refusal invalid_input */
export function parseEnv(text: string): TypedEnv {
  const first = takeWords(text, 1);
  const [environment] = first.words;
  if (environment === undefined) return { act: 'overview' };
  const second = takeWords(first.rest, 1);
  const word = second.words[0]?.toLowerCase();
  if (word !== undefined && environment.toLowerCase() === 'diff') return parseCompared(first.rest);
  if (word === undefined) return { act: 'show', environment };
  if (/^proposals?$/.test(word)) return { act: 'proposals', environment };
  if (isChange(word)) return parseChange(word, { environment }, second.rest);
  const third = takeWords(second.rest, 1);
  const verb = third.words[0]?.toLowerCase();
  const layer = { environment, workflow: word };
  if (verb === undefined) return { act: 'show', ...layer };
  if (isChange(verb)) return parseChange(verb, layer, third.rest);
  throw wrong(`“${verb.slice(0, 40)}” says nothing about settings.`);
}

function parseCompared(rest: string): TypedEnv {
  const [from, to] = takeWords(rest, 2).words;
  if (from === undefined || to === undefined)
    throw new Refusal('invalid_input', 'Which two environments? Write `/towpath env diff A B`.');
  return { act: 'compare', from, to };
}

function isChange(word: string): word is 'set' | 'unset' {
  return word === 'set' || word === 'unset';
}

function parseChange(act: 'set' | 'unset', layer: TypedLayer, rest: string): TypedEnv {
  const { environment, workflow } = layer;
  const where = { environment, ...optional('workflow', workflow ?? null) };
  if (act === 'unset') {
    const names = takeWords(rest, MOST_NAMES).words;
    if (names.length === 0) throw wrong('Which variable?');
    return { act, names, ...where };
  }
  // As it was sent, but for Slack's own marks: what is typed as a value stays what it is.
  const read = readVariable(plainText(rest).replace(/[\u200b-\u200f\u2060-\u2064\ufeff]/g, ''));
  if ('problem' in read) throw wrong(`What follows “set” ${read.problem}.`);
  return { act, ...read, ...where };
}

function wrong(what: string): Refusal {
  return new Refusal(
    'invalid_input',
    `${what} Write \`/towpath env ENVIRONMENT [WORKFLOW] set NAME=value\` or \`… unset NAME\`, for example \`/towpath env staging set SUMMARY_MODEL=claude-haiku\`.`,
  );
}

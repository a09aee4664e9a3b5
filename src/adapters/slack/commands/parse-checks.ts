import { findOptionalEnvironment, type Pipeline } from '../../../domain/environment.ts';
import { optional } from './parse-act.ts';
import { plainSentence, takeWords } from './typed-text.ts';
import { incomplete } from './usage.ts';

/** A workflow, and of the rest what was named: in any order, since nobody remembers one. */
export interface TypedSubject {
  workflow: string;
  version?: string;
  environment?: string;
}

const NUMBER = /^v?\d+$/i;
const FILLER = /^(in|on|of)$/i;

/**
 * `WORKFLOW [VERSION] [ENVIRONMENT]`. A word that names an environment is one, any other is a version: what is neither is refused as an
 * unknown version by name, and a second of a kind here.
 * @throws Refusal invalid_input
 */
export function parseSubject(command: 'checks' | 'test', text: string, pipeline: Pipeline): TypedSubject {
  const { words, rest } = takeWords(text, 4);
  const [workflow, ...others] = words;
  if (workflow === undefined) throw incomplete(command, 'Which workflow?');
  const named = others.filter((word) => !FILLER.test(word));
  const isEnvironment = (word: string) => !NUMBER.test(word) && findOptionalEnvironment(pipeline, word) !== null;
  const [environment, second] = named.filter(isEnvironment);
  const [version, third] = named.filter((word) => !isEnvironment(word));
  const superfluous = second ?? third ?? plainSentence(rest);
  if (superfluous !== null)
    throw incomplete(command, `“${superfluous.slice(0, 40)}” is neither its version nor an environment.`);
  return {
    workflow: workflow.toLowerCase(),
    ...optional('version', version ?? null),
    ...optional('environment', environment ?? null),
  };
}

export function parseSuite(text: string): { workflow: string } {
  const { words, rest } = takeWords(text, 1);
  const [workflow] = words;
  if (workflow === undefined) throw incomplete('suite', 'The suite of which workflow?');
  const superfluous = plainSentence(rest);
  if (superfluous !== null)
    throw incomplete('suite', `“${superfluous.slice(0, 40)}” says nothing here: the form takes the cases.`);
  return { workflow: workflow.toLowerCase() };
}

import { InvalidDefinitionError } from './invalid-definition-error.ts';

/**
 * Values (texts, numbers, lists, mappings) of one source at most. Reading takes memory and time by the value far more than by
 * the byte: 10 MB of empty mappings are three million objects. Counted before anything is parsed.
 */
export const MOST_VALUES = { json: 1_500_000, yaml: 1_000_000 } as const;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const NEW_LINE = 0x0a;

/** @throws InvalidDefinitionError where a source holds more values than are read, all its files together */
export function assertFewValues(sources: readonly string[], fileName: string | undefined): void {
  let share = 0;
  for (const source of sources) {
    const isJson = /^\s*[{[]/.test(source.slice(0, 1_000));
    share += isJson ? valuesOfJson(source) / MOST_VALUES.json : valuesOfYaml(source) / MOST_VALUES.yaml;
  }
  if (share <= 1) return;
  const message =
    'it holds more than a million values, and with so many it is data; leave out what is generated, or keep the data elsewhere';
  throw new InvalidDefinitionError([{ path: '', message }], fileName);
}

/** Commas and brackets outside of texts. Of what is no JSON, whatever comes of it. */
function valuesOfJson(source: string): number {
  let count = 1;
  let isText = false;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (isText) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) isText = false;
    } else if (code === QUOTE) isText = true;
    else if (code === COMMA || isOpening(code)) count++;
  }
  return count;
}

/** Lines, brackets, and commas inside brackets: never fewer than there are values, and more where a text has many of these. */
function valuesOfYaml(source: string): number {
  let count = 1;
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === NEW_LINE || (code === COMMA && depth > 0)) count++;
    else if (isOpening(code)) {
      count++;
      depth++;
    } else if (depth > 0 && isClosing(code)) depth--;
  }
  return count;
}

/** `[` or `{`. */
function isOpening(code: number): boolean {
  return code === 0x5b || code === 0x7b;
}

function isClosing(code: number): boolean {
  return code === 0x5d || code === 0x7d;
}

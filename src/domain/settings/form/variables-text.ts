import { typedText } from '../fill-text.ts';
import type { VariableValue } from '../settings.ts';
import { type ReadLine, type ReadLines, readLines, readRest, writeRest } from './text-line.ts';

type Variables = Readonly<Record<string, VariableValue>>;

/** Variables as lines, by name: `SUMMARY_MODEL=claude-haiku`. Text that reads as a number or true/false stands in quotes. */
export function variablesText(variables: Variables): string {
  return Object.entries(variables)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${writeValue(value)}`)
    .join('\n');
}

function writeValue(value: VariableValue): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return typeof plainValue(value) === 'string' ? writeRest(value) : JSON.stringify(value);
}

/** Reads what `variablesText` writes. Names and values are checked by `settingsSchema`. */
export function readVariables(text: string): ReadLines<VariableValue> {
  return readLines(text, readVariable);
}

/** Reads one `NAME=value`. */
export function readVariable(line: string): ReadLine<VariableValue> {
  const { name, rest } = /^(?<name>[^\s=]+)\s*=(?<rest>.*)$/su.exec(line.trim())?.groups ?? {};
  if (name === undefined || rest === undefined) return { problem: 'has to be NAME=value' };
  const value = readValue(rest);
  if (value === null) return { problem: 'its quotes have to be closed, with nothing after them' };
  if (value === '' && rest.trim() === '')
    return { problem: 'has no value; write "" for an empty one, or take the line out' };
  return { name, value };
}

/** Numbers, true and false are what they look like; in quotes they are text. */
function readValue(rest: string): VariableValue | null {
  const read = readRest(rest);
  if (read === null) return null;
  return read.isQuoted ? read.text : plainValue(read.text);
}

/** As defaults in workflows are read; what a number itself is written as is that number, however large. */
function plainValue(text: string): VariableValue {
  return text === String(Number(text)) && Number.isFinite(Number(text)) ? Number(text) : typedText(text);
}

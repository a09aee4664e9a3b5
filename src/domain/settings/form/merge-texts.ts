import { isDeepStrictEqual } from 'node:util';
import { lookUp } from '../../look-up.ts';
import type { McpServer } from '../settings.ts';
import { type FormField, type FormTexts, sameText } from './form-fields.ts';
import type { EnteredTexts } from './read-form.ts';
import { readSecrets, secretsText } from './secrets-text.ts';
import { readServers, serversText } from './servers-text.ts';
import type { ReadLines } from './text-line.ts';
import { readVariables, variablesText } from './variables-text.ts';

/** What somebody entered, over what others changed meanwhile. */
export interface MergedTexts {
  readonly texts: FormTexts;
  /** What both changed, to something else: names of fields, or of lines in one (`variables MODEL`). What was entered stands. */
  readonly both: readonly { readonly field: FormField; readonly name?: string }[];
}

type Held = Readonly<Record<string, unknown>>;
/** Fields that are read line by line, so that two people may change different lines. */
const LINES: Partial<Record<FormField, { read: (text: string) => ReadLines<unknown>; write: (held: Held) => string }>> =
  {
    variables: { read: readVariables, write: (held) => variablesText(held as Parameters<typeof variablesText>[0]) },
    secrets: { read: readSecrets, write: (held) => secretsText(held as Parameters<typeof secretsText>[0]) },
    mcpServers: {
      read: withTransports,
      write: (held) => serversText(held as Parameters<typeof serversText>[0]),
    },
  };

/**
 * Brings a form to newer settings without losing either side: what was left alone shows what is there now, anything else what was
 * entered; line by line where a field has lines.
 * @param base what the form was opened with
 * @param longest characters that a field takes: one that would grow longer stays as it was entered
 */
export function mergeTexts(base: FormTexts, entered: EnteredTexts, now: FormTexts, longest: number): MergedTexts {
  const both: { field: FormField; name?: string }[] = [];
  const texts: Record<FormField, string> = { ...now };
  for (const [field, text] of Object.entries(entered) as [FormField, string][]) {
    if (sameText(text, base[field])) continue;
    const lines = mergeLines(field, base[field], text, now[field]);
    if (lines !== null && lines.text.length <= longest) {
      texts[field] = lines.text;
      both.push(...lines.both.map((name) => ({ field, name })));
      continue;
    }
    texts[field] = text;
    if (!sameText(now[field], base[field]) && !sameText(now[field], text)) both.push({ field });
  }
  return { texts, both };
}

/** Null for what has no lines, or whose lines can't be read. */
function mergeLines(
  field: FormField,
  base: string,
  entered: string,
  now: string,
): { text: string; both: string[] } | null {
  const form = LINES[field];
  const mine = form?.read(entered);
  if (form === undefined || mine === undefined || mine.problems.length > 0) return null;
  const [was, is] = [form.read(base).held, form.read(now).held];
  const both: string[] = [];
  const merged = new Map<string, unknown>();
  for (const name of new Set([...Object.keys(is), ...Object.keys(mine.held)])) {
    const [old, theirs, own] = [lookUp(was, name), lookUp(is, name), lookUp(mine.held, name)];
    const isOwn = !isDeepStrictEqual(own, old);
    if (isOwn && !isDeepStrictEqual(theirs, old) && !isDeepStrictEqual(theirs, own)) both.push(name);
    const value = isOwn ? own : theirs;
    if (value !== undefined) merged.set(name, value);
  }
  return { text: form.write(Object.fromEntries(merged)), both };
}

function withTransports(text: string): ReadLines<McpServer> {
  const { held, problems } = readServers(text);
  const whole = Object.entries(held).map(([alias, server]) => [alias, { transport: 'http', ...server } as McpServer]);
  return { held: Object.fromEntries(whole), problems };
}

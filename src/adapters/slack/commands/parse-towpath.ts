import { ROLES, type Role } from '../../../domain/person.ts';
import { optional } from './parse-act.ts';
import { plainSentence, plainWord, splitWord, type TypedPerson, takeWords, typedPerson } from './typed-text.ts';
import { incomplete } from './usage.ts';

/*
 * What follows `/towpath` and its first word.
 */

export function parseStatus(text: string): { workflow?: string } {
  return optional('workflow', takeWords(text, 1).words[0]?.toLowerCase() ?? null);
}

export function parseAgents(text: string): { environment?: string } {
  return optional('environment', takeWords(text, 1).words[0]?.toLowerCase() ?? null);
}

export function parseAudit(text: string): { workflow?: string; environment?: string } {
  const [workflow, environment] = takeWords(text, 2).words;
  return { ...optional('workflow', workflow?.toLowerCase() ?? null), ...optional('environment', environment ?? null) };
}

export function parseHistory(text: string): { workflow: string; environment?: string } {
  const [workflow, environment] = takeWords(text, 2).words;
  if (workflow === undefined) throw incomplete('history', 'The history of which workflow?');
  return { workflow: workflow.toLowerCase(), ...optional('environment', environment ?? null) };
}

export function parseRuns(text: string): { workflow: string; environment?: string } {
  const [workflow, environment] = takeWords(text, 2).words;
  if (workflow === undefined) throw incomplete('runs', 'The runs of which workflow?');
  return { workflow: workflow.toLowerCase(), ...optional('environment', environment ?? null) };
}

export function parseDiff(text: string): { workflow: string; from: string; to: string } {
  const [workflow, from, to] = takeWords(text, 3).words;
  if (workflow === undefined) throw incomplete('diff', 'The differences of which workflow?');
  if (from === undefined || to === undefined) throw incomplete('diff', 'Two versions or environments are compared.');
  return { workflow: workflow.toLowerCase(), from, to };
}

export function parseLabel(text: string): { workflow: string; version: string; label: string; note?: string } {
  const { words, rest } = takeWords(text, 3);
  const [workflow, version, label] = words;
  if (workflow === undefined || version === undefined || label === undefined)
    throw incomplete('label', 'A label needs a workflow, a version and the label.');
  return { workflow: workflow.toLowerCase(), version, label, ...optional('note', plainSentence(rest)) };
}

export function parseRole(text: string): { person: TypedPerson; role: Role; departments: string[] } {
  const split = splitWord(text);
  const person = split === null ? null : typedPerson(split.word);
  if (split === null || person === null) throw incomplete('role', 'Whose role?');
  const [word, ...departments] = takeWords(split.rest, 21)
    .words.flatMap((w) => w.split(','))
    .filter((w) => w !== '');
  const role = ROLES.find((known) => known === word?.toLowerCase());
  if (role === undefined) throw incomplete('role', word === undefined ? 'Which role?' : `There is no role “${word}”.`);
  return { person, role, departments };
}

export function parseWorkflowChange(text: string): {
  workflow: string;
  change: { department: string } | { owner: TypedPerson };
} {
  const { words, rest } = takeWords(text, 2);
  const [workflow, what] = words;
  if (workflow === undefined || what === undefined) throw incomplete('workflow', 'Which workflow, and what of it?');
  const value = splitWord(rest);
  const slug = workflow.toLowerCase();
  if (/^department$/i.test(what)) {
    if (value === null) throw incomplete('workflow', 'Which department?');
    return { workflow: slug, change: { department: plainWord(value.word) } };
  }
  if (!/^owner$/i.test(what)) throw incomplete('workflow', `“${what}” of a workflow can't be changed.`);
  const owner = value === null ? null : typedPerson(value.word);
  if (owner === null) throw incomplete('workflow', 'Who is the owner?');
  return { workflow: slug, change: { owner } };
}

export function parseUnquarantine(text: string): { workflow: string; version: string; reason: string } {
  const { words, rest } = takeWords(text, 2);
  const [workflow, version] = words;
  const reason = plainSentence(rest);
  if (workflow === undefined || version === undefined) throw incomplete('unquarantine', 'Which workflow and version?');
  if (reason === null) throw incomplete('unquarantine', 'Why may it be promoted again?');
  return { workflow: workflow.toLowerCase(), version, reason };
}

import type { z } from 'zod';

type Path = readonly PropertyKey[];

/** Says zod's complaints in Slack's words: `[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]`. */
export function slackMessages(issues: readonly z.core.$ZodIssue[], input: unknown, root: string): string[] {
  return issues.flatMap((issue) => messagesOf(issue, input, root));
}

export function slackMessage(text: string, root: string, path: Path): string {
  return `[ERROR] ${text} [json-pointer:${[root, ...path.map(String)].join('/')}]`;
}

function messagesOf(issue: z.core.$ZodIssue, input: unknown, root: string): string[] {
  const at = (text: string) => [slackMessage(text, root, issue.path)];
  const value = valueAt(input, issue.path);
  switch (issue.code) {
    case 'too_big':
      return at(tooBig(issue.origin, Number(issue.maximum)));
    case 'too_small':
      return at(tooSmall(issue.origin, Number(issue.minimum)));
    case 'unrecognized_keys':
      return issue.keys.flatMap((key) => at(`invalid additional property: ${key}`));
    case 'invalid_union':
      return unionMessages(issue, value, root);
    case 'invalid_value':
      return value === undefined ? missing(issue.path, root) : at('must be a valid enum value');
    case 'invalid_type':
      return value === undefined ? missing(issue.path, root) : at(`must be a valid ${issue.expected}`);
    default:
      return at(issue.message);
  }
}

/** Where a `type` decides what is allowed, zod's path leads to that `type`. */
function unionMessages(issue: z.core.$ZodIssueInvalidUnion, value: unknown, root: string): string[] {
  if (!('discriminator' in issue)) return [slackMessage('failed to match all allowed schemas', root, issue.path)];
  if (value === undefined) return missing(issue.path, root);
  return [slackMessage(`unsupported type: ${String(value)}`, root, issue.path)];
}

function missing(path: Path, root: string): string[] {
  return [slackMessage(`missing required field: ${String(path.at(-1) ?? root.slice(1))}`, root, path.slice(0, -1))];
}

function tooBig(origin: string, max: number): string {
  if (origin === 'string') return `must be less than ${max + 1} characters`;
  if (origin === 'array') return `no more than ${max} items allowed`;
  return `must be at most ${max}`;
}

function tooSmall(origin: string, min: number): string {
  if (origin === 'string') return `must be more than ${min - 1} characters`;
  if (origin === 'array') return `must be at least ${min} items`;
  return `must be at least ${min}`;
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], input);
}

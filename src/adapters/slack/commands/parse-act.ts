import type { Clock } from '../../../domain/schedule.ts';
import { refuseTimeInReason, takeAt } from './parse-at.ts';
import { refuseShareAsReason, takeCanary } from './parse-canary.ts';
import { plainSentence, takeWords } from './typed-text.ts';
import { incomplete } from './usage.ts';

/*
 * The five commands that act. Each reads words; what the words name is looked up by the use cases. `help`, or nothing at
 * all, asks for help.
 */

/** True for a bare command and for `help`, `?`, `-h`. */
export function asksForHelp(text: string): boolean {
  const { words, rest } = takeWords(text, 1);
  const [word] = words;
  return word === undefined || (/^(help|\?|-h|--help)$/i.test(word) && plainSentence(rest) === null);
}

export interface TypedDeploy {
  workflow: string;
  version?: string;
  reason?: string;
}
/** `WORKFLOW [VERSION] [REASON]`; a `to` before the version is skipped, so that an environment there is refused as one. */
export function parseDeploy(text: string): TypedDeploy {
  const { words, rest } = takeWords(text, 2);
  const [workflow, second] = words;
  if (workflow === undefined) throw incomplete('deploy', 'Which workflow?');
  if (second === undefined) return { workflow: workflow.toLowerCase() };
  const filler = isFiller(second) ? takeWords(rest, 1) : null;
  const version = filler?.words[0] ?? second;
  return { workflow: workflow.toLowerCase(), version, ...optional('reason', plainSentence(filler?.rest ?? rest)) };
}

export interface TypedPromote {
  workflow: string;
  environment: string;
  /** The share that it begins with, in hundredths of a percent. */
  canary?: number;
  /** When it is to go live at the earliest. */
  at?: Date;
  reason?: string;
}
/**
 * `WORKFLOW [to] ENVIRONMENT [at TIME] [--canary SHARE] [REASON]`, the share wherever it stands.
 * @param clock whose time is typed, and what it is counted from
 */
export function parsePromote(text: string, clock: Clock): TypedPromote {
  const { canary, rest: typed } = takeCanary(text);
  const { words, rest } = takeWords(typed, 2);
  const [workflow, second] = words;
  if (workflow === undefined) throw incomplete('promote', 'Which workflow, and to which environment?');
  const filler = second !== undefined && isFiller(second) ? takeWords(rest, 1) : null;
  const environment = filler === null ? second : filler.words[0];
  if (environment === undefined) throw incomplete('promote', `To which environment should ${workflow} go?`);
  const when = takeAt(filler?.rest ?? rest, clock);
  const reason = optional('reason', plainSentence(when.rest));
  if (canary === null) refuseShareAsReason(reason.reason);
  if (when.at === null) refuseTimeInReason(reason.reason, clock);
  return {
    ...{ workflow: workflow.toLowerCase(), environment },
    ...optional('canary', canary),
    ...optional('at', when.at),
    ...reason,
  };
}

export interface TypedDecision {
  workflow: string;
  /** The word after the workflow, which may name an environment. */
  second?: string;
  /** Everything after the workflow, and after `second`, as sentences. */
  all?: string;
  afterSecond?: string;
}
/** `WORKFLOW [ENVIRONMENT] …`: whether the second word is an environment depends on the pipeline. */
export function parseDecision(command: 'approve' | 'reject', text: string): TypedDecision {
  const first = takeWords(text, 1);
  const [workflow] = first.words;
  if (workflow === undefined) throw incomplete(command, 'Which workflow?');
  const next = takeWords(first.rest, 1);
  return {
    workflow: workflow.toLowerCase(),
    ...optional('second', next.words[0] ?? null),
    ...optional('all', plainSentence(first.rest)),
    ...optional('afterSecond', plainSentence(next.rest)),
  };
}

export interface TypedRollback {
  workflow: string;
  environment: string;
  /** Everything after the environment. */
  reason?: string;
  /** Where that begins with `to X`: the reading in which X is a version. It counts only if X is one. */
  toVersion?: { to: string; reason?: string };
}
/** `WORKFLOW ENVIRONMENT [to VERSION] [REASON]` */
export function parseRollback(text: string): TypedRollback {
  const { words, rest } = takeWords(text, 2);
  const [workflow, environment] = words;
  if (workflow === undefined) throw incomplete('rollback', 'Which workflow, and in which environment?');
  if (environment === undefined)
    throw incomplete('rollback', `In which environment should ${workflow} be rolled back?`);
  const after = takeWords(rest, 2);
  const [to, version] = after.words;
  const toVersion =
    to !== undefined && /^to$/i.test(to) && version !== undefined
      ? { toVersion: { to: version, ...optional('reason', plainSentence(after.rest)) } }
      : {};
  return { workflow: workflow.toLowerCase(), environment, ...optional('reason', plainSentence(rest)), ...toVersion };
}

function isFiller(word: string): boolean {
  return /^to$/i.test(word);
}

/** A property only where there is a value: absent and undefined differ for the use cases. */
export function optional<K extends string, T>(key: K, value: T | null): { [P in K]?: T } {
  return value === null ? {} : ({ [key]: value } as { [P in K]?: T });
}

import { type Clock, readTime } from '../../../domain/schedule.ts';
import { takePeriod, takeTime } from './take-time.ts';
import { plainSentence, takeWords } from './typed-text.ts';
import { type CommandName, incomplete } from './usage.ts';

/*
 * What is typed to keep versions from going live, and to ask why one does not. What a scope names is looked up by the use cases.
 */

/** What was typed after `/towpath lock`. */
export interface TypedLock {
  /** A workflow, an environment, or `all`. */
  scope: string;
  reason: string;
  /** Milliseconds; absent: until somebody unlocks. */
  lasts?: number;
}

/** `WORKFLOW|ENV|all REASON [for 2h]`, or `… for 2h REASON`. @throws Refusal invalid_input */
export function parseLock(text: string): TypedLock {
  const { words, rest } = takeWords(text, 1);
  const [scope] = words;
  if (scope === undefined) throw incomplete('lock', 'What should be locked: a workflow, an environment, or all?');
  const first = takeWords(rest, 1);
  const front = /^for$/i.test(first.words[0] ?? '') ? takePeriod(first.rest) : null;
  const { reason, lasts } = front === null ? endingInPeriod(rest) : { reason: front.rest, lasts: front.value };
  const why = plainSentence(reason);
  if (why === null)
    throw incomplete('lock', `Why should ${scope} be locked? Whoever is stopped by it reads the reason.`);
  return { scope: scope.toLowerCase(), reason: why, ...(lasts !== null && { lasts }) };
}

function endingInPeriod(text: string): { reason: string; lasts: number | null } {
  for (const at of lastOnes(text, FOR)) {
    const period = takePeriod(takeWords(text.slice(at), 1).rest);
    if (period?.rest.trim() === '') return { reason: text.slice(0, at), lasts: period.value };
  }
  return { reason: text, lasts: null };
}

/** `WORKFLOW|ENV|all [--force]`: `--force` (or `anyway`) ends somebody else's, too. @throws Refusal invalid_input */
export function parseUnlock(text: string): { scope: string; anyway: boolean } {
  const { words, rest } = takeWords(text, 1);
  const [scope] = words;
  if (scope === undefined) throw incomplete('unlock', 'What should be unlocked: a workflow, an environment, or all?');
  const more = plainSentence(rest)?.toLowerCase() ?? null;
  const anyway = more !== null && /^(?:--?|[–—])?(?:anyway|force)$/u.test(more);
  if (more !== null && !anyway) throw tooMuch('unlock', more);
  return { scope: scope.toLowerCase(), anyway };
}

/** What was typed after `/towpath freeze`. */
export interface TypedFreeze {
  environment: string;
  until: Date;
  reason: string;
}

/** `ENV until TIME REASON`, `ENV for 2d REASON`, or either behind the reason. @throws Refusal invalid_input */
export function parseFreeze(text: string, clock: Clock): TypedFreeze {
  const { words, rest } = takeWords(text, 1);
  const [environment] = words;
  if (environment === undefined) throw incomplete('freeze', 'Which environment should be frozen?');
  const found = leadingEnd(rest, clock) ?? trailingEnd(rest, clock);
  if (found === null) throw incomplete('freeze', `Until when should nothing go live in ${environment}?`);
  const reason = plainSentence(found.rest);
  if (reason === null)
    throw incomplete('freeze', `Why should ${environment} be frozen? Whoever is stopped by it reads the reason.`);
  return { environment, until: found.until, reason };
}

function leadingEnd(text: string, clock: Clock): { until: Date; rest: string } | null {
  const { words, rest } = takeWords(text, 1);
  const word = words[0]?.toLowerCase();
  if (word === 'until' || word === 'till') {
    const time = takeTime(rest, clock);
    return time === null ? null : { until: time.value, rest: time.rest };
  }
  const period = word === 'for' ? takePeriod(rest) : null;
  return period === null ? null : { until: new Date(clock.now.getTime() + period.value), rest: period.rest };
}

/** Words of a reason that only begin like an end are none. */
function trailingEnd(text: string, clock: Clock): { until: Date; rest: string } | null {
  for (const at of lastOnes(text, END)) {
    const { words, rest } = takeWords(text.slice(at), 1);
    if (!/^for$/i.test(words[0] ?? '') && readTime(plainSentence(rest) ?? '', clock) === null) continue;
    const end = leadingEnd(text.slice(at), clock);
    if (end?.rest.trim() === '') return { until: end.until, rest: text.slice(0, at) };
  }
  return null;
}

const FOR = /(?<=^|\s)for(?=\s)/giu;
const END = /(?<=^|\s)(?:until|till|for)(?=\s)/giu;
const MOST_LOOKED_AT = 10;

/** Where the last of such words begin, the very last first. */
function lastOnes(text: string, words: RegExp): number[] {
  const found = [...text.matchAll(words)].map(({ index }) => index);
  return found.slice(-MOST_LOOKED_AT).reverse();
}

/** `ENV` @throws Refusal invalid_input */
export function parseUnfreeze(text: string): { environment: string } {
  const { words, rest } = takeWords(text, 1);
  const [environment] = words;
  if (environment === undefined) throw incomplete('unfreeze', 'Which environment should not be frozen any more?');
  const more = plainSentence(rest);
  if (more !== null) throw tooMuch('unfreeze', more);
  return { environment };
}

/** `WORKFLOW [to] ENV` @throws Refusal invalid_input */
export function parseWhy(text: string): { workflow: string; environment: string } {
  const { words, rest } = takeWords(text, 2);
  const [workflow, second] = words;
  if (workflow === undefined) throw incomplete('why', 'Which workflow, and to which environment?');
  const environment = /^to$/i.test(second ?? '') ? takeWords(rest, 1).words[0] : second;
  if (environment === undefined) throw incomplete('why', `To which environment should ${workflow} go?`);
  return { workflow: workflow.toLowerCase(), environment };
}

function tooMuch(command: CommandName, more: string) {
  return incomplete(command, `“${more.slice(0, 60)}” says nothing here.`);
}

import type { Json } from './workflow/json.ts';

export const RUN_OUTCOMES = ['succeeded', 'failed', 'cancelled'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** What whoever ran a workflow says of one run. Together, `started` and `runId` are told once: a repetition changes nothing. */
export interface RunReport {
  /** The runner's own. */
  readonly runId: string;
  /** Slug. */
  readonly workflow: string;
  /** Its number. */
  readonly version: number;
  /** As people name it. Left out: the only one that whoever reports sees. */
  readonly environment?: string;
  readonly started: Date;
  readonly durationMs: number;
  readonly outcome: RunOutcome;
  readonly error?: string;
  /** US dollars. */
  readonly cost?: number;
  readonly tokens?: { readonly input?: number; readonly output?: number };
  /** What the run was for, such as a customer's id: the one that a share of a rollout is chosen by. */
  readonly key?: string;
  readonly traceUrl?: string;
  /** What went in and came out: kept only where the environment asks for it, and masked before. */
  readonly input?: Json;
  readonly output?: Json;
}

const DAY = 24 * 60 * 60_000;

export const RUN_LIMITS = {
  /** Milliseconds before and after now in which a run may have started. */
  earliest: 7 * DAY,
  latest: DAY,
  /** A run that started seven days ago has lasted no longer. */
  durationMs: 8 * DAY,
  cost: 1_000_000,
  tokens: 1_000_000_000,
  version: 2_147_483_647,
  /** Characters. */
  runId: 128,
  /** As long as a key that is resolved with may be. */
  key: 500,
  traceUrl: 2_000,
  /** Characters kept of an error; the rest is cut off. */
  error: 4_000,
  /** UTF-8 bytes as JSON, of `input` and of `output`. */
  payload: 64 * 1024,
  /** Lists and objects inside each other, of `input` and of `output`. */
  depth: 100,
} as const;

/** Why one record is not taken: a code to branch on, and a sentence with what to do. */
export interface RunFault {
  readonly code: 'invalid_input' | 'too_large';
  readonly detail: string;
}

/** The first thing wrong with what a record says, the time of its start left out (`startFault`). Null: nothing. */
export function runFault(run: RunReport): RunFault | null {
  return namesFault(run) ?? numbersFault(run) ?? payloadFault('input', run.input) ?? payloadFault('output', run.output);
}

/** Records come while a run is fresh: their table has a part for each of these days, and none for others. */
export function startFault(started: Date, now: Date): RunFault | null {
  const age = now.getTime() - started.getTime();
  if (age > RUN_LIMITS.earliest) return invalid('It started more than 7 days ago. Report a run within 7 days.');
  if (-age > RUN_LIMITS.latest)
    return invalid(
      'It starts more than a day from now. Set the clock of whatever reports it, and send `started` in UTC.',
    );
  return null;
}

function namesFault({ runId, key, traceUrl }: RunReport): RunFault | null {
  if (!/^[\x21-\x7e]+$/.test(runId) || runId.length > RUN_LIMITS.runId)
    return invalid(`\`runId\` has to be 1 to ${RUN_LIMITS.runId} letters, digits and signs of ASCII, without blanks.`);
  if (key !== undefined && (key === '' || key.length > RUN_LIMITS.key || !isStorable(key)))
    return invalid(`\`key\` has to be 1 to ${RUN_LIMITS.key} characters of text.`);
  if (traceUrl !== undefined && !isTraceAddress(traceUrl))
    return invalid(
      `\`traceUrl\` has to be an http or https address of at most ${RUN_LIMITS.traceUrl} characters, without a user name or password.`,
    );
  return null;
}

function isTraceAddress(text: string): boolean {
  if (text.length > RUN_LIMITS.traceUrl || !isStorable(text) || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

/** PostgreSQL keeps no NUL, and half a character is none. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function numbersFault({ version, durationMs, cost, tokens }: RunReport): RunFault | null {
  if (!isWhole(version, 1, RUN_LIMITS.version))
    return invalid('`version` has to be the number of a version, such as 12.');
  if (!within(durationMs, RUN_LIMITS.durationMs))
    return invalid('`durationMs` has to be milliseconds from 0 to 8 days.');
  if (cost !== undefined && !within(cost, RUN_LIMITS.cost))
    return invalid('`cost` has to be US dollars from 0 to 1,000,000.');
  const counts = [tokens?.input, tokens?.output].filter((count) => count !== undefined);
  if (!counts.every((count) => isWhole(count, 0, RUN_LIMITS.tokens)))
    return invalid('`tokens` have to be whole numbers from 0 to 1,000,000,000.');
  return null;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** From 0 on; not a number is in no range. */
function within(value: number, most: number): boolean {
  return value >= 0 && value <= most;
}

function payloadFault(name: 'input' | 'output', value: Json | undefined): RunFault | null {
  if (value === undefined) return null;
  if (isDeeperThan(value, RUN_LIMITS.depth))
    return invalid(
      `\`${name}\` has lists or objects more than ${RUN_LIMITS.depth} deep. Send it flatter, or leave it out.`,
    );
  if (new TextEncoder().encode(JSON.stringify(value)).length <= RUN_LIMITS.payload) return null;
  return { code: 'too_large', detail: `\`${name}\` is larger than 64 KB as JSON. Shorten it, or leave it out.` };
}

/** Level by level, since a recursion of a hostile depth would end the process's stack. */
function isDeeperThan(value: Json, most: number): boolean {
  let level: readonly Json[] = [value];
  for (let depth = 0; depth <= most; depth++) {
    const nested = level.filter((one) => typeof one === 'object' && one !== null);
    if (nested.length === 0) return false;
    level = nested.flatMap((one) => Object.values(one as object) as Json[]);
  }
  return true;
}

/** What is kept of an error that was masked already. */
export function keptError(text: string): string {
  const clean = text.toWellFormed().replaceAll('\0', '');
  return clean.length <= RUN_LIMITS.error ? clean : `${clean.slice(0, RUN_LIMITS.error - 1).toWellFormed()}…`;
}

function invalid(detail: string): RunFault {
  return { code: 'invalid_input', detail };
}

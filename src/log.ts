import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from './config.ts';

export type { Logger } from 'pino';

/** Keys whose values no log line holds, at whatever of the first three depths they stand. */
const HIDDEN_KEYS = [
  'authorization',
  'Authorization',
  'cookie',
  'token',
  'botToken',
  'appToken',
  'apiToken',
  'signingSecret',
  'secret',
  'password',
  'connectionString',
  'databaseUrl',
  'response_url',
  'responseUrl',
  'trigger_id',
  'triggerId',
  // What people wrote in Slack is theirs: no body of a request from Slack or to it is logged.
  'body',
  'payload',
  'rawBody',
  'blocks',
  'view',
];
const HIDDEN_PATHS = HIDDEN_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** Secrets by their shape, wherever in a line they stand: libraries put them into their errors' messages. */
const SECRET_SHAPES: readonly [RegExp, string][] = [
  [/\bx(?:ox[a-z]|app)-[\w-]{4,}/g, '[secret]'],
  [/\bwhsec_[\w+/=-]{8,}/g, '[secret]'],
  [/\b(Bearer|Basic) +[\w.~+/=-]{8,}/gi, '$1 [secret]'],
  [/(\bpostgres(?:ql)?:\/\/[^\s:/@"\\]*):[^\s@"\\]*@/gi, '$1:[secret]@'],
  [/([?&](?:ssl)?password=)[^\s&"'\\]+/gi, '$1[secret]'],
  [/https:\/\/hooks\.slack\.com\/[^\s"\\]+/g, '[secret]'],
];

/**
 * The process's one logger: JSON lines to standard output, or to `destination`.
 * Levels: error wakes somebody; warn healed by itself; info says that a state changed.
 */
export function createLogger({ level, destination }: { level: LogLevel; destination?: DestinationStream }): Logger {
  const options = {
    level,
    base: null,
    redact: { paths: HIDDEN_PATHS, censor: '[hidden]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError, error: describeError },
    hooks: { streamWrite: withoutSecrets },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Masks whatever looks like a secret in a line of the log. */
export function withoutSecrets(line: string): string {
  return SECRET_SHAPES.reduce((masked, [shape, mask]) => masked.replace(shape, mask), line);
}

/**
 * What a log line says of an error: pino's own serializer copies every property, and those of HTTP clients hold requests
 * with their headers.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : { type: typeof error };
  const code = 'code' in error && ['string', 'number'].includes(typeof error.code) ? error.code : undefined;
  const cause = error.cause === undefined || depth >= 3 ? undefined : describeError(error.cause, depth + 1);
  return { type: error.name, message: error.message, code, stack: error.stack?.slice(0, 4_000), cause };
}

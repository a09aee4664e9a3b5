import { z } from 'zod';
import {
  type ConfigurationProblem,
  InvalidConfigurationError,
} from './domain/configuration/invalid-configuration-error.ts';
import { Secret } from './secret.ts';

/** What the process was told by its environment variables, checked. */
export interface Config {
  /** 0 picks a free port. */
  port: number;
  logLevel: LogLevel;
  /** Where people and Slack reach this process, without a trailing slash; null where nobody said. */
  publicUrl: string | null;
  /** Null: no Slack tokens, so the sandbox is started. */
  slack: SlackConfig | null;
  /** Null: the embedded database. */
  databaseUrl: Secret | null;
  /** Where the embedded database lives. */
  dataDirectory: string;
  /** Path of a `towpath.yaml`; null: the defaults. */
  configFile: string | null;
  /** Slack user ids that are admins from the start. */
  admins: readonly string[];
  apiToken: Secret | null;
  /** Null only with the embedded database, which keeps one beside it. */
  key: Secret | null;
}

export interface SlackConfig {
  botToken: Secret;
  /** Null only with an `appToken`: Socket Mode sends no HTTP requests to sign. */
  signingSecret: Secret | null;
  /** Set: Socket Mode. */
  appToken: Secret | null;
  /** Null: Slack's own. */
  apiUrl: string | null;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const LONG_ENOUGH = 32;
const MAKE_ONE = 'make one with: openssl rand -hex 32';
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

const text = z.string().min(1);
const secret = text.transform((value) => new Secret(value));
const longSecret = text
  .min(LONG_ENOUGH, { error: `has to be at least ${LONG_ENOUGH} characters; ${MAKE_ONE}` })
  .transform((value) => new Secret(value));

const variables = z.object({
  PORT: text
    .regex(/^\d{1,5}$/, { error: 'has to be a whole number from 0 to 65535, such as 3000', abort: true })
    .transform(Number)
    .refine((port) => port <= 65_535, { error: 'has to be a whole number from 0 to 65535, such as 3000' })
    .default(3000),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `has to be one of ${LOG_LEVELS.join(', ')}` }).optional(),
  PUBLIC_URL: text
    .refine(isPublicUrl, {
      error: 'has to be an https address without a path, such as https://towpath.example.com (http only on localhost)',
    })
    .transform((url) => new URL(url).origin)
    .optional(),
  SLACK_BOT_TOKEN: text
    .refine((token) => !/^(xapp|xoxp)-/.test(token), {
      error:
        "is not a bot token; copy the “Bot User OAuth Token”, which begins with xoxb-, from your app's page “OAuth & Permissions”",
    })
    .transform((value) => new Secret(value))
    .optional(),
  SLACK_SIGNING_SECRET: secret.optional(),
  SLACK_APP_TOKEN: text
    .startsWith('xapp-', {
      error:
        "is not an app-level token; make one with the scope connections:write on your app's page “Basic Information”; it begins with xapp-",
    })
    .transform((value) => new Secret(value))
    .optional(),
  SLACK_API_URL: text
    .refine((url) => hasProtocol(url, ['https:', 'http:']), {
      error: 'has to be an http or https address; leave it out to use Slack itself',
    })
    .optional(),
  DATABASE_URL: text
    .refine((url) => hasProtocol(url, ['postgres:', 'postgresql:']), {
      error:
        'has to look like postgresql://USER:PASSWORD@HOST:5432/DATABASE; leave it out to use the embedded database',
    })
    .transform((value) => new Secret(value))
    .optional(),
  TOWPATH_DATA: text.default('.towpath'),
  TOWPATH_CONFIG: text.optional(),
  TOWPATH_ADMINS: text
    .transform((list) => [...new Set(list.split(/[\s,]+/).filter(Boolean))])
    .refine((ids) => ids.every((id) => /^[UW][A-Z0-9]{2,30}$/.test(id)), {
      error:
        "has to list Slack user ids, such as U012ABCDEF,U034GHIJKL (in Slack: a person's profile, “Copy member ID”)",
    })
    .default([]),
  TOWPATH_API_TOKEN: longSecret.optional(),
  TOWPATH_KEY: longSecret.optional(),
});
type Variables = z.infer<typeof variables>;

/**
 * Reads the environment variables. An empty one counts as not set, as compose files pass them.
 * @throws InvalidConfigurationError listing every problem, each with its cure
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.keys(variables.shape).map((name) => [name, env[name]?.trim() || undefined]));
  const parsed = variables.safeParse(given);
  const wrong = parsed.success
    ? []
    : parsed.error.issues.map((issue) => ({ where: String(issue.path[0]), message: issue.message }));
  // What belongs together is judged by what was given, so that it is listed beside values that are wrong by themselves.
  const problems = [...wrong, ...missingVariables(given)];
  if (!parsed.success || problems.length > 0) throw new InvalidConfigurationError(problems);
  return toConfig(parsed.data);
}

function missingVariables(given: Readonly<Record<string, string | undefined>>): ConfigurationProblem[] {
  const {
    SLACK_BOT_TOKEN: bot,
    SLACK_SIGNING_SECRET: signing,
    SLACK_APP_TOKEN: app,
    DATABASE_URL: database,
    TOWPATH_KEY: key,
  } = given;
  const problems: ConfigurationProblem[] = [];
  const miss = (where: string, message: string) => problems.push({ where, message });
  if (bot && !signing && !app) {
    miss(
      'SLACK_SIGNING_SECRET',
      "is missing beside SLACK_BOT_TOKEN; copy it from your app's page “Basic Information” (or set SLACK_APP_TOKEN for Socket Mode)",
    );
  }
  if (!bot && (signing || app)) {
    miss(
      'SLACK_BOT_TOKEN',
      `is missing beside ${signing ? 'SLACK_SIGNING_SECRET' : 'SLACK_APP_TOKEN'}; copy the “Bot User OAuth Token”, or unset both to use the sandbox`,
    );
  }
  if (database && !key)
    miss('TOWPATH_KEY', `is required with DATABASE_URL, and the same for every process on that database; ${MAKE_ONE}`);
  return problems;
}

function toConfig(given: Variables): Config {
  const botToken = given.SLACK_BOT_TOKEN;
  const slack = {
    signingSecret: given.SLACK_SIGNING_SECRET ?? null,
    appToken: given.SLACK_APP_TOKEN ?? null,
    apiUrl: given.SLACK_API_URL ?? null,
  };
  return {
    port: given.PORT,
    // In the sandbox the terminal belongs to the newcomer: one address, and what goes wrong.
    logLevel: given.LOG_LEVEL ?? (botToken === undefined ? 'warn' : 'info'),
    publicUrl: given.PUBLIC_URL ?? null,
    slack: botToken === undefined ? null : { botToken, ...slack },
    databaseUrl: given.DATABASE_URL ?? null,
    dataDirectory: given.TOWPATH_DATA,
    configFile: given.TOWPATH_CONFIG ?? null,
    admins: given.TOWPATH_ADMINS,
    apiToken: given.TOWPATH_API_TOKEN ?? null,
    key: given.TOWPATH_KEY ?? null,
  };
}

function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(text);
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.includes(hostname))) return false;
  return pathname === '/' && [search, hash, username, password].every((part) => part === '');
}

function hasProtocol(url: string, protocols: readonly string[]): boolean {
  return URL.canParse(url) && protocols.includes(new URL(url).protocol);
}

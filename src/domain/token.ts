import { createHash } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** What a token that runs workflows may do, in its one environment. */
export const ENVIRONMENT_SCOPES = ['resolve', 'runs', 'secrets:read', 'agents', 'execute'] as const;
/** What a token that acts on workflows may do, in its creator's name. Approving is not among it (rule 4). */
export const APPLICATION_SCOPES = ['read', 'push', 'deploy', 'promote', 'checks'] as const;
/**
 * What a person's own token may, besides deciding: what its person may in Slack. What programs alone do, it may not: report runs and
 * checks, register agents, read secrets.
 */
export const PERSONAL_SCOPES = ['resolve', 'execute', 'read', 'push', 'deploy', 'promote'] as const;
export const SCOPES = [...ENVIRONMENT_SCOPES, ...APPLICATION_SCOPES] as const;
export type Scope = (typeof SCOPES)[number];

/** What a program shows to be let in, as it is kept: its text is known to nobody but its holder. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  /** The one environment that it sees; null for a token that acts on workflows. */
  readonly environmentId: string | null;
  readonly scopes: readonly Scope[];
  /** One of `towpath login`: it acts as its creator, who may with it what they may in Slack. Scopes has none. */
  readonly isPersonal: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  /** When another one of its name took its place; it is good until it expires all the same. */
  readonly rotatedAt: Date | null;
}

export type TokenState = 'good' | 'expired' | 'revoked';

/** Whether a token lets anybody in at `now`. */
export function tokenState(token: Pick<ApiToken, 'expiresAt' | 'revokedAt'>, now: Date): TokenState {
  if (token.revokedAt !== null) return 'revoked';
  return token.expiresAt !== null && token.expiresAt <= now ? 'expired' : 'good';
}

const PREFIX = 'tp_';
const RANDOM_BYTES = 32;
const TOKEN = /^tp_[A-Za-z0-9_-]{43}$/;

/** The text of a new token. @param random 32 bytes */
export function tokenText(random: Uint8Array): string {
  if (random.length !== RANDOM_BYTES) throw new Error(`A token is made of ${RANDOM_BYTES} random bytes.`);
  return `${PREFIX}${Buffer.from(random).toString('base64url')}`;
}

/** Whether a text can be a kept token at all: what can't be needs no looking up. */
export function looksLikeToken(text: string): boolean {
  return TOKEN.test(text);
}

/** What is kept of a token: SHA-256, hex. It is random and long, so that its plain hash gives nothing of it away. */
export function hashToken(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/;

/** A token's name as it is kept. @throws Refusal invalid_input */
export function checkTokenName(typed: string): string {
  const name = typed.trim().toLowerCase();
  if (NAME.test(name)) return name;
  throw new Refusal(
    'invalid_input',
    'A token’s name has at most 63 letters, digits, dots, dashes and underscores, such as production-runner. Pick another one.',
  );
}

/**
 * The scopes of a token, each once: those for running workflows come with an environment, the others without.
 * @throws Refusal invalid_input
 */
export function checkScopes(words: readonly string[], hasEnvironment: boolean): Scope[] {
  const asked = [...new Set(words.map((word) => word.trim().toLowerCase()).filter((word) => word !== ''))];
  const fitting: readonly string[] = hasEnvironment ? ENVIRONMENT_SCOPES : APPLICATION_SCOPES;
  const wrong = asked.find((word) => !fitting.includes(word));
  if (wrong !== undefined) throw new Refusal('invalid_input', whyNot(wrong, hasEnvironment));
  if (asked.length > 0) return asked as Scope[];
  throw new Refusal('invalid_input', `Say what the token may do: one or more of ${fitting.join(', ')}.`);
}

function whyNot(word: string, hasEnvironment: boolean): string {
  const known = (SCOPES as readonly string[]).includes(word);
  if (!known) return `There is no scope “${word.slice(0, 40)}”. There are: ${SCOPES.join(', ')}.`;
  return hasEnvironment
    ? `A token for one environment runs workflows there and can’t have “${word}”. Leave it out, or make a token without an environment.`
    : `The scope “${word}” is for one environment. Say which with --environment.`;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Milliseconds for which a rotated token stays good beside the new one, unless told otherwise. */
export const USUAL_OVERLAP = 60 * MINUTE;
const LONGEST_OVERLAP = 30 * DAY;
const LONGEST_LIFE = 3_650 * DAY;

/** When a token made at `now` expires. @param life milliseconds; null for one that never does. @throws Refusal invalid_input */
export function expiryOf(now: Date, life: number | null): Date | null {
  if (life === null) return null;
  if (life >= MINUTE && life <= LONGEST_LIFE) return new Date(now.getTime() + life);
  throw new Refusal('invalid_input', 'A token expires after one minute at the earliest and ten years at the latest.');
}

/**
 * When a token ends that another one took the place of at `now`: after the overlap, unless it would have expired before.
 * @throws Refusal invalid_input
 */
export function endOfOverlap(token: Pick<ApiToken, 'expiresAt'>, now: Date, overlap = USUAL_OVERLAP): Date {
  if (!(overlap >= 0 && overlap <= LONGEST_OVERLAP))
    throw new Refusal('invalid_input', 'The old token stays good for 30 days at most beside the new one.');
  const end = new Date(now.getTime() + overlap);
  return token.expiresAt !== null && token.expiresAt < end ? token.expiresAt : end;
}

/** Milliseconds for which a token was made; null for one that never expires. What takes its place lives as long. */
export function lifeOf(token: Pick<ApiToken, 'createdAt' | 'expiresAt'>): number | null {
  return token.expiresAt === null ? null : token.expiresAt.getTime() - token.createdAt.getTime();
}

import type { Policy } from './policy/policy.ts';
import { Refusal } from './refusal.ts';

export type { ApprovalRule } from './policy/approval-rule.ts';
export type { Policy } from './policy/policy.ts';

/** One endpoint that is told of what happens in an environment. The secret is a variable's name, never its value. */
export interface WebhookEndpoint {
  url: string;
  secretVariable: string;
  /** Empty: every event. */
  events: readonly WebhookEventType[];
  allowPrivate: boolean;
}

export const WEBHOOK_EVENT_TYPES = [
  'deployment.activated',
  'deployment.superseded',
  'deployment.rolled_back',
  'rollout.started',
  'rollout.changed',
  'rollout.finished',
  'rollout.aborted',
  'promotion.requested',
  'promotion.approved',
  'promotion.rejected',
  'promotion.cancelled',
  'promotion.expired',
  'promotion.stale',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** A stage of the pipeline. */
export interface Environment {
  id: string;
  name: string;
  /** 0 is the first; promotions go from one rank to the next. */
  rank: number;
  aliases: readonly string[];
  /** An emoji shortcode or colour name shown beside the name; may be empty. */
  badge: string;
  channel: string | null;
  policy: Policy;
  webhooks: readonly WebhookEndpoint[];
  /** Whether inputs and outputs of its runs are kept, masked. Absent: they are not. */
  runPayloads?: true;
}

/** A pipeline ordered by rank, at least two environments. */
export type Pipeline = readonly Environment[];

/** What an environment goes by. */
type Named = Pick<Environment, 'name' | 'aliases'>;

/** Environments that `word` may mean: an exact name or alias alone, else every one whose name or alias begins with it. */
export function environmentsMatching<E extends Named>(pipeline: readonly E[], word: string): E[] {
  const wanted = word.toLowerCase();
  const words = (environment: E) => [environment.name, ...environment.aliases].map((w) => w.toLowerCase());
  const exact = pipeline.filter((environment) => words(environment).includes(wanted));
  if (exact.length > 0) return exact;
  return wanted === '' ? [] : pipeline.filter((environment) => words(environment).some((w) => w.startsWith(wanted)));
}

/** The environment that a person typed. @throws Refusal unknown_environment, ambiguous_environment */
export function getEnvironment<E extends Named>(pipeline: readonly E[], word: string): E {
  const [match, ...others] = environmentsMatching(pipeline, word);
  if (match === undefined) {
    const names = pipeline.map((environment) => environment.name).join(', ');
    throw new Refusal('unknown_environment', `There is no environment “${word.slice(0, 60)}”. There are: ${names}.`);
  }
  if (others.length > 0) {
    const names = [match, ...others].map((environment) => environment.name).join(' or ');
    throw new Refusal('ambiguous_environment', `“${word.slice(0, 60)}” could mean ${names}. Type a letter more.`);
  }
  return match;
}

/** Where an environment may be left out, a word counts as one only if it is a name, an alias or a prefix of three letters or more. */
export function findOptionalEnvironment(pipeline: Pipeline, word: string | undefined): Environment | null {
  if (word === undefined) return null;
  const matches = environmentsMatching(pipeline, word);
  const [match] = matches;
  if (match === undefined || matches.length > 1) return null;
  const isWhole = [match.name, ...match.aliases].some((w) => w.toLowerCase() === word.toLowerCase());
  return isWhole || word.length >= 3 ? match : null;
}

/** The environment that promotions into `environment` come from; null for the first. */
export function environmentBefore(pipeline: Pipeline, environment: Environment): Environment | null {
  return pipeline.filter((other) => other.rank < environment.rank).at(-1) ?? null;
}

/** The environment after, or null for the last. */
export function environmentAfter(pipeline: Pipeline, environment: Environment): Environment | null {
  return pipeline.find((other) => other.rank > environment.rank) ?? null;
}

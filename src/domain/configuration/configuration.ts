import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ApprovalRule, Environment } from '../environment.ts';
import type { Role } from '../person.ts';
import type { Settings } from '../settings/settings.ts';
import type { OperatorSettings } from '../suite/operator-settings.ts';
import { DEFAULT_RUNS, type RunsConfiguration } from './runs-yaml.ts';

/** What `towpath.yaml` says, with every default filled in. */
export interface TowpathConfiguration {
  /** SHA-256 (hex) of what the file says: whatever its order and its comments, and whatever this release makes of it. */
  hash: string;
  departments: string[];
  /** The role of people whom nobody names. */
  defaultRole: Role;
  /** In order: `rank` is the index. */
  environments: Omit<Environment, 'id'>[];
  /** By Slack user id. */
  people: Map<string, { role: Role; departments: string[] }>;
  /** How long records of runs are kept. */
  runs: RunsConfiguration;
  /** Folders that files with secrets may lie in. */
  secretFolders: readonly string[];
  /** What workflows may be run by. Left out: no judge, no commands, and no private addresses. */
  runners?: OperatorSettings;
  /** By the name of the environment. One that is not here is given nothing by the file. */
  settings: ReadonlyMap<string, GivenSettings>;
}

/** What the file gives an environment. It manages the fields that it names, and no others. */
export interface GivenSettings {
  /** For every workflow. */
  own: Settings;
  /** By slug, whether that workflow is there already or not. */
  workflows: ReadonlyMap<string, Settings>;
}

/** Where container engines and Kubernetes put files with secrets. */
export const DEFAULT_SECRET_FOLDERS: readonly string[] = ['/run/secrets', '/var/run/secrets'];
export const DAY = 24 * 60 * 60_000;
/** How long a promotion stays open where nobody said. */
export const DEFAULT_EXPIRY = 7 * DAY;

/** What applies without a `towpath.yaml`: development, staging by one lead, production by one admin. */
export function defaultConfiguration(): TowpathConfiguration {
  const stages = [
    { name: 'development', aliases: ['dev'], badge: ':large_green_circle:' },
    { name: 'staging', aliases: ['stg'], badge: ':large_yellow_circle:' },
    { name: 'production', aliases: ['prod'], badge: ':red_circle:' },
  ];
  const environments = stages.map((stage, rank) => ({
    ...stage,
    rank,
    channel: null,
    policy: {
      approvals: defaultApprovals(rank, stages.length - 1),
      expireAfter: DEFAULT_EXPIRY,
      rollback: { role: 'member' as const },
    },
    webhooks: [],
  }));
  return {
    hash: hashOfFile({}),
    departments: [],
    defaultRole: 'member',
    environments,
    people: new Map(),
    settings: new Map(),
    runs: DEFAULT_RUNS,
    secretFolders: DEFAULT_SECRET_FOLDERS,
  };
}

/** @param said the file's whole content, read from YAML */
export function hashOfFile(said: unknown): string {
  return createHash('sha256')
    .update(String(canonicalize(said)))
    .digest('hex');
}

/** Nothing is promoted into the first environment; the last asks for an admin and those between for a lead. */
export function defaultApprovals(rank: number, lastRank: number): ApprovalRule[] {
  if (rank === 0) return [];
  return [{ role: rank === lastRank ? 'admin' : 'lead', count: 1 }];
}

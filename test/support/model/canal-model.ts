import type { ApprovalRule } from '../../../src/domain/environment.ts';
import type { Role } from '../../../src/domain/person.ts';
import type { Requires } from '../../../src/domain/policy/policy.ts';
import type { RunOutcome } from '../../../src/domain/run-record.ts';
import type { Seen } from './look.ts';
import { FIRST_TRAITS, type Traits } from './traits.ts';

/** What an environment asks of a promotion into it. */
export type Asked = Omit<Requires, 'suites'> & {
  approvals: readonly ApprovalRule[];
};

export interface Yes {
  by: string;
  /** Held at the click. */
  role: Role;
  /** What it was given to. */
  to: string;
  turn: number;
}

/** A gate that was asked, and what it said. */
export interface ModelGate {
  url: string;
  /** What it was asked about. */
  to: string;
  token: string;
  at: number;
  state: 'asked' | 'approved' | 'rejected' | 'unreachable';
}

export interface ModelPromotion {
  id: string;
  version: number;
  from: string;
  to: string;
  by: string;
  canary: boolean;
  /** Minutes, as all times here. */
  deployAt: number | null;
  expiresAt: number;
  status: string;
  yes: Yes[];
  noes: { by: string; turn: number }[];
  ticks: Set<string>;
  gates: ModelGate[];
  /** What was looked at last, and whether the target had all of it. */
  parity: { to: string; isThere: boolean; at: number } | null;
  /** Something went back to what it was, which may make it complete with nobody acting on it: its next click deploys. */
  mayWait: boolean;
  /** A rollback took out the canary that it waited for, and nobody wanted it since. */
  isHeld: boolean;
}

export const REPORTED = ['tests', 'quality', 'cost', 'latency', 'check'] as const;

export interface Report {
  version: number;
  environment: string;
  kind: (typeof REPORTED)[number];
  name: string;
  state: 'passed' | 'failed' | 'running' | 'errored';
  /** The pass rate, the score, dollars a run, or milliseconds. */
  figure: number;
  /** The scale's best score. */
  of?: number;
  at: number;
}

/** How a version answered beside another one: so many inputs that both answered, of these so many otherwise, and so many that were lost. */
export interface Replay {
  compared: number;
  diverged: number;
  lost: number;
  /** From 0 to 1, the mean. */
  similarity: number;
}

export const ENVIRONMENTS = ['development', 'staging', 'production'] as const;
export type Place = (typeof ENVIRONMENTS)[number];

/** What happened, as somebody who watched would tell it. Nothing in it is computed by the code under test. */
export class CanalModel {
  /** Since the beginning. The database's clock adds some milliseconds to it. */
  minutes = 0;
  turn = 0;
  readonly owner: string;
  readonly people: Map<string, { role: Role; isThere: boolean }>;
  readonly authors = new Map<number, string>();
  readonly traits = new Map<number, Traits>(FIRST_TRAITS.map((traits, i) => [i + 1, traits]));
  /** Who is in which user group; null while nobody says. */
  readonly groups = new Map<string, { members: Set<string>; isSilent: boolean }>();
  /** What the variable is in an environment's settings; absent where it has none. */
  readonly greetings = new Map<string, string>();
  readonly promotions = new Map<string, ModelPromotion>();
  readonly reports: Report[] = [];
  readonly runs: { environment: string; version: number; outcome: RunOutcome; at: number }[] = [];
  readonly replays: (Replay & { version: number; environment: string; beside: number })[] = [];
  locks: { id: string; by: string; environment: string | null; until: number | null; promotion: string | null }[] = [];
  freezes: { id: string; environment: string; until: number | null }[] = [];
  readonly stretches: { environment: string; version: number; from: number; to: number | null }[] = [];
  seen: Seen = { deployments: [], promotions: [], quarantined: [], doubled: 0 };
  readonly #asked: Record<string, Asked>;

  constructor(people: Record<string, Role>, owner: string, asked: Record<'staging' | 'production', Asked>) {
    this.people = new Map(Object.entries(people).map(([id, role]) => [id, { role, isThere: true }]));
    this.owner = owner;
    this.#asked = { ...asked };
  }

  /** Of two things in the same minute, the one that was done later is later. */
  get moment(): number {
    return this.minutes + this.turn / 1_000_000;
  }

  asked(environment: string): Asked {
    return this.#asked[environment] ?? { approvals: [] };
  }

  ask(environment: string, asked: Asked): void {
    this.#asked[environment] = asked;
  }

  /** The one that is open into the environment, or the last that was. */
  promotionTo(environment: string): ModelPromotion | undefined {
    const all = [...this.promotions.values()].filter(({ to }) => to === environment);
    return all.find(({ status }) => status === 'open') ?? all.at(-1);
  }

  liveIn(environment: string): Seen['deployments'][number] | undefined {
    return this.seen.deployments.find((d) => d.environment === environment && d.status === 'active');
  }
}

import type { Environment } from '../environment.ts';
import type { Person } from '../person.ts';
import type { Promotion } from '../promotion.ts';
import type { FillProblem } from '../settings/fill-problem.ts';
import type { Workflow } from '../version.ts';

/** Everything a requirement may be judged by. Collected elsewhere; judging does no input or output. */
export interface Facts {
  now: Date;
  promotion: Promotion;
  workflow: Workflow;
  target: Environment;
  /** Fingerprint of what is proposed now (rule 5). */
  fingerprint: string;
  /** The people who approved, as they stand now, by user id. */
  approvers: ReadonlyMap<string, Person>;
  /** What the proposed version lacks in the target's settings. Absent: nothing. */
  unfilled?: readonly FillProblem[];
  /** What runs in the target as a canary. Absent: nothing. */
  candidate?: { version: string; share: number };
  /** Why the canary that was asked for can't be one. Absent: it can, or none was asked for. */
  noCanary?: string;
}

export interface Verdict {
  state: 'met' | 'pending' | 'failed';
  /** One line for the card's checklist. */
  summary: string;
  detail?: string;
  /** When judging again may turn out otherwise without anybody acting. */
  retryAt?: Date;
}

/** One thing that a promotion needs before it deploys. A new gate is one new file beside this one. */
export interface Requirement {
  kind: string;
  /** Whether it is asked at all. Absent: always. */
  applies?(facts: Facts): boolean;
  evaluate(facts: Facts): Verdict;
}

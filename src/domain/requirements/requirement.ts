import type { CheckResult } from '../check-result.ts';
import type { RiskLevel } from '../diff/risk.ts';
import type { Environment } from '../environment.ts';
import type { Person } from '../person.ts';
import type { Policy } from '../policy/policy.ts';
import { policyFor } from '../policy/policy-for.ts';
import type { Promotion } from '../promotion.ts';
import type { FillProblem } from '../settings/fill-problem.ts';
import type { Stretch } from '../soak.ts';
import type { Workflow } from '../version.ts';
import type { Groups } from './approvals.ts';
import type { Tick } from './checklist.ts';
import type { Freeze } from './freeze.ts';
import type { GateAnswer } from './gates.ts';
import type { Lock } from './lock.ts';
import type { ParityFinding } from './parity.ts';

/**
 * Everything a requirement may be judged by. Collected elsewhere; judging does no input or output. What a policy asks for and
 * nobody collected (absent) is not met.
 */
export interface Facts {
  now: Date;
  promotion: Promotion;
  workflow: Workflow;
  target: Environment;
  /** Fingerprint of what is proposed now (rule 5). */
  fingerprint: string;
  /** The people who approved, as they stand now, by user id. */
  approvers: ReadonlyMap<string, Person>;
  /** Who is in the Slack user groups that rules name, on-call ones included, by the group's id. */
  groups?: Groups;
  /** Who made the proposed version. */
  author?: string | null;
  /** Of the difference between what is live and what is proposed; null where there is none to judge. */
  risk?: RiskLevel | null;
  /** What the proposed version lacks in the target's settings. Absent: nothing. */
  unfilled?: readonly FillProblem[];
  /** Everything else that the target has to have for the version, and whether it has. */
  parity?: readonly ParityFinding[];
  /** When that was found out. */
  parityAt?: Date;
  /** Results of the proposed version in the target: at least the newest of each kind and name. */
  checks?: readonly CheckResult[];
  /** Those of what is live in the target; null where nothing is. */
  liveChecks?: readonly CheckResult[] | null;
  /** What gates said of this promotion. */
  gates?: readonly GateAnswer[];
  /** When the proposed version was active in the environment before, and how it did. */
  stretches?: readonly Stretch[];
  /** What people ticked on the card. */
  ticks?: readonly Tick[];
  /** Set by hand on the target. Absent: none. */
  freezes?: readonly Freeze[];
  /** That the workflow or the target may be under. Absent: none. */
  locks?: readonly Lock[];
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
  /** When judging again may turn out otherwise without anybody acting. Always later than now. */
  retryAt?: Date;
  /** Slack user ids of those whom the line is about: who locked, froze, ticked or said no. */
  people?: readonly string[];
}

/** One thing that a promotion needs before it deploys. A new gate is one new file beside this one. */
export interface Requirement {
  kind: string;
  /** Whether it is asked at all. Absent: always. */
  applies?(facts: Facts): boolean;
  evaluate(facts: Facts): Verdict;
}

/** The policy that applies to the promotion: the target's, made stricter by what it says of this workflow. */
export function policyOf({ target, workflow }: Pick<Facts, 'target' | 'workflow'>): Policy {
  return policyFor(target, workflow);
}

/** What was asked and not looked up yet: it holds the promotion, so that nothing opens by omission. */
export function notJudgedYet(summary: string): Verdict {
  return { state: 'pending', summary, detail: 'not judged yet' };
}

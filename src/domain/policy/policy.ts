import { z } from 'zod';
import type { FreezeRule } from '../freeze-calendar.ts';
import { ROLES, type Role } from '../person.ts';
import { type ApprovalRule, approvalsPart } from './approval-rule.ts';
import {
  authorMayApprovePart,
  type RejectionPolicy,
  type RiskPolicy,
  rejectionPart,
  riskPart,
} from './approvals-policy.ts';
import { type CostPolicy, costPart } from './cost-policy.ts';
import { freezesPart } from './freezes-policy.ts';
import { type GatePolicy, gatesPart } from './gates-policy.ts';
import { type LatencyPolicy, latencyPart } from './latency-policy.ts';
import { checklistPart, checksPart } from './names-policy.ts';
import { type ParityPolicy, parityPart } from './parity-policy.ts';
import type { PolicyPart } from './policy-part.ts';
import { type QualityPolicy, qualityPart } from './quality-policy.ts';
import { type ShadowPolicy, shadowPart } from './shadow-policy.ts';
import { type SoakPolicy, soakPart } from './soak-policy.ts';
import { type SuitesPolicy, suitesPart } from './suites-policy.ts';
import { type TestsPolicy, testsPart } from './tests-policy.ts';

/** What an environment asks of a promotion into it beside approvals. What is left out is not asked. */
export interface Requires {
  /** Left out: they may. */
  authorMayApprove?: boolean;
  /** Left out: a rejection vetoes. */
  rejection?: RejectionPolicy;
  risk?: RiskPolicy;
  tests?: TestsPolicy;
  quality?: readonly QualityPolicy[];
  cost?: CostPolicy;
  latency?: LatencyPolicy;
  checks?: readonly string[];
  gates?: readonly GatePolicy[];
  soak?: SoakPolicy;
  shadow?: ShadowPolicy;
  parity?: ParityPolicy;
  checklist?: readonly string[];
  freezes?: readonly FreezeRule[];
  /** What runs by itself when a promotion opens. */
  suites?: SuitesPolicy;
}

/** What some workflows are asked besides. Matches by either. */
export interface StricterEntry extends Requires {
  /** Slugs. */
  workflows?: readonly string[];
  departments?: readonly string[];
  approvals?: readonly ApprovalRule[];
}

/** What an environment asks of a promotion into it, and of a rollback in it. */
export interface Policy extends Requires {
  approvals: readonly ApprovalRule[];
  /** Milliseconds after which an open promotion expires. */
  expireAfter: number;
  rollback: { role: Role };
  /** Read by `policyFor` alone, which gives what applies to one workflow. */
  stricter?: readonly StricterEntry[];
}

/** Every part of a policy that workflows may be asked more of, by its field. */
export const POLICY_PARTS = {
  approvals: approvalsPart,
  authorMayApprove: authorMayApprovePart,
  rejection: rejectionPart,
  risk: riskPart,
  tests: testsPart,
  quality: qualityPart,
  cost: costPart,
  latency: latencyPart,
  checks: checksPart,
  gates: gatesPart,
  soak: soakPart,
  shadow: shadowPart,
  parity: parityPart,
  checklist: checklistPart,
  freezes: freezesPart,
  suites: suitesPart,
} satisfies { [K in keyof Requires]-?: PolicyPart<NonNullable<Requires[K]>> } & {
  approvals: PolicyPart<readonly ApprovalRule[]>;
};

/** A field of a policy that a workflow may be asked more of. */
export type PolicyField = keyof typeof POLICY_PARTS;

const keptFields = {
  authorMayApprove: authorMayApprovePart.kept.exactOptional(),
  rejection: rejectionPart.kept.exactOptional(),
  risk: riskPart.kept.exactOptional(),
  tests: testsPart.kept.exactOptional(),
  quality: qualityPart.kept.exactOptional(),
  cost: costPart.kept.exactOptional(),
  latency: latencyPart.kept.exactOptional(),
  checks: checksPart.kept.exactOptional(),
  gates: gatesPart.kept.exactOptional(),
  soak: soakPart.kept.exactOptional(),
  shadow: shadowPart.kept.exactOptional(),
  parity: parityPart.kept.exactOptional(),
  checklist: checklistPart.kept.exactOptional(),
  freezes: freezesPart.kept.exactOptional(),
  suites: suitesPart.kept.exactOptional(),
};
const names = z.array(z.string()).exactOptional();
const keptEntry: z.ZodType<StricterEntry> = z.looseObject({
  ...{ workflows: names, departments: names, approvals: approvalsPart.kept.exactOptional() },
  ...keptFields,
});

/** A policy as it is kept. Loose: one kept with an approval may hold more than this release knows. */
export const policySchema: z.ZodType<Policy> = z.looseObject({
  approvals: approvalsPart.kept,
  expireAfter: z.number(),
  rollback: z.looseObject({ role: z.enum(ROLES) }),
  stricter: z.array(keptEntry).exactOptional(),
  ...keptFields,
});

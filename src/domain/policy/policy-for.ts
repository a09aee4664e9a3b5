import type { Environment } from '../environment.ts';
import { riskOver, riskPart } from './approvals-policy.ts';
import { POLICY_PARTS, type Policy, type PolicyField, type StricterEntry } from './policy.ts';
import type { PolicyPart } from './policy-part.ts';

/** Of a workflow, what entries name it by. Without a slug: what concerns every workflow. */
export interface Narrowed {
  slug?: string;
  department: string | null;
}

/**
 * What applies to one workflow: the environment's policy, made stricter by every entry that names it, field by field. Never looser.
 * What already applies to a workflow stays as it is.
 */
export function policyFor({ policy }: Pick<Environment, 'policy'>, workflow: Narrowed): Policy {
  const { stricter, ...own } = policy;
  return (stricter ?? []).filter((entry) => concerns(entry, workflow)).reduce<Policy>(stricterPolicy, own);
}

/** The environment with the policy that applies to one workflow: what is judged and shown is judged and shown by it. */
export function environmentFor<E extends Pick<Environment, 'policy'>>(environment: E, workflow: Narrowed): E {
  return environment.policy.stricter === undefined
    ? environment
    : { ...environment, policy: policyFor(environment, workflow) };
}

function concerns({ workflows = [], departments = [] }: StricterEntry, { slug, department }: Narrowed): boolean {
  return (slug !== undefined && workflows.includes(slug)) || (department !== null && departments.includes(department));
}

/** The policy with everything that an entry asks besides. */
function stricterPolicy(policy: Policy, entry: StricterEntry): Policy {
  const asked = (Object.keys(POLICY_PARTS) as PolicyField[]).filter((field) => entry[field] !== undefined);
  const fields = asked.map((field) => [field, stricterField(POLICY_PARTS[field], policy[field], entry[field])]);
  const stricter: Policy = { ...policy, ...Object.fromEntries(fields) };
  if (policy.risk === undefined || entry.approvals === undefined) return stricter;
  const risk = riskOver(policy.risk, policy.approvals, stricter.approvals);
  return { ...stricter, risk: riskPart.stricter(risk, stricter.risk ?? {}) };
}

/** The parts are each of their own type, which the field's name ties together: it is the same for all three. */
function stricterField(part: (typeof POLICY_PARTS)[PolicyField], a: unknown, b: unknown): unknown {
  const of = part as PolicyPart<unknown>;
  const known = a ?? of.absent;
  return known === undefined ? b : of.stricter(known, b);
}

import canonicalize from 'canonicalize';
import { ruleInWords } from '../requirements/approvals.ts';
import { POLICY_PARTS, type Policy, type PolicyField } from './policy.ts';

/** What each part is called in a sentence. */
const CALLED: Readonly<Record<Exclude<PolicyField, 'approvals'>, string>> = {
  authorMayApprove: 'whether its author may approve',
  rejection: 'what a rejection does',
  risk: 'approvers for risky changes',
  tests: 'tests',
  quality: 'quality',
  cost: 'cost',
  latency: 'latency',
  checks: 'checks from outside',
  gates: 'gates',
  soak: 'soak',
  shadow: 'shadow runs',
  parity: 'parity of configuration',
  checklist: 'the checklist',
  freezes: 'freeze windows',
  suites: 'what runs by itself',
};

/** What an environment asks now and asked before, in sentences: of policies that apply to one workflow. */
export function policySentences(environment: string, before: Policy, now: Policy): string[] {
  const fields = (Object.keys(POLICY_PARTS) as PolicyField[]).filter(
    (field) => canonicalize(before[field] ?? null) !== canonicalize(now[field] ?? null),
  );
  return fields.map((field) => {
    if (field === 'approvals')
      return `${environment} now asks for ${whoIsAsked(now)}; it asked for ${whoIsAsked(before)}.`;
    if (before[field] === undefined) return `${environment} now says something of ${CALLED[field]}.`;
    if (now[field] === undefined) return `${environment} says nothing of ${CALLED[field]} any more.`;
    return `What ${environment} says of ${CALLED[field]} changed.`;
  });
}

function whoIsAsked({ approvals }: Policy): string {
  return approvals.map(ruleInWords).join(' and ') || 'nobody';
}

import type { Person } from '../../domain/person.ts';
import { policyFor } from '../../domain/policy/policy-for.ts';
import { isEligible } from '../../domain/requirements/approvals.ts';
import type { SettingsProposal } from '../../domain/settings/proposal.ts';
import { reviewersOf } from '../announce.ts';
import type { Reading } from '../ports.ts';
import { decidedBy } from './describe-proposal.ts';
import type { ProposedLayer } from './end-proposal.ts';

/** Who could decide a change of settings, for a refusal to name; not asked for where this person can. */
export async function whoCouldDecideChange(
  tx: Reading,
  person: Person,
  proposal: SettingsProposal,
  { environment, workflow }: ProposedLayer,
): Promise<string[]> {
  const department = decidedBy(tx, environment, workflow);
  if (isEligible(policyFor(environment, department).approvals, person, proposal, department)) return [];
  return (await reviewersOf(tx, proposal, department, environment, [])).userIds;
}

import canonicalize from 'canonicalize';
import type { Actor } from '../../domain/actor.ts';
import type { Environment, Pipeline } from '../../domain/environment.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { SettingsProposal } from '../../domain/settings/proposal.ts';
import type { Transaction } from '../ports.ts';
import { settleProposal } from '../settings/settle-proposal.ts';
import type { OpenPromotions } from './judge-concerned.ts';

/** More wait for one environment than anybody reviews; those beyond are judged by the next approval or start. */
const MOST_OPEN = 1000;

/**
 * Judges proposed changes of settings again where an environment asks for other approvals than before: what lacks nothing any
 * more is applied, as promotions are deployed (rule 6). Approvals stay bound to the rules that they were given under (rule 5).
 * One under which something live would no longer fill goes on waiting: that is no reason not to start.
 *
 * @param before the pipeline as it was; it is held since
 */
export async function settleProposals(
  tx: Transaction,
  actor: Actor,
  open: OpenPromotions,
  before: Pipeline,
): Promise<void> {
  const pipeline = await tx.environments.pipeline();
  for (const environment of pipeline.filter((one) => asksOtherwise(before, one))) {
    for (const proposal of await tx.proposals.listOpen(environment.id, MOST_OPEN))
      await settle(tx, actor, { environment, pipeline, open }, proposal);
  }
}

function asksOtherwise(before: Pipeline, { id, policy }: Environment): boolean {
  const was = before.find((one) => one.id === id);
  const asked = ({ approvals, stricter }: Environment['policy']) => canonicalize([approvals, stricter ?? []]);
  return was !== undefined && asked(was.policy) !== asked(policy);
}

async function settle(
  tx: Transaction,
  actor: Actor,
  held: { environment: Environment; pipeline: Pipeline; open: OpenPromotions },
  proposal: SettingsProposal,
): Promise<void> {
  const { workflowId } = proposal;
  const layer = {
    ...held,
    workflow: workflowId === null ? null : await tx.workflows.getById(workflowId),
    before: await tx.settings.layer(held.environment.id, workflowId),
  };
  const approvers = await tx.people.getManyLocked(proposal.approvals.map(({ by }) => by));
  try {
    const { revision } = await settleProposal(tx, actor, layer, proposal, approvers);
    // Its card says what is asked for now.
    if (revision === null) await tx.announcements.refresh(proposal.id);
  } catch (error) {
    if (!(error instanceof Refusal && (error.code === 'does_not_fill' || error.code === 'too_many'))) throw error;
    await tx.announcements.refresh(proposal.id);
  }
}

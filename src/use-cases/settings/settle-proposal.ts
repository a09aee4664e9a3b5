import type { Actor } from '../../domain/actor.ts';
import type { Person } from '../../domain/person.ts';
import { judgeApprovals } from '../../domain/requirements/approvals.ts';
import { closeProposal, isOvertaken, isProposalDue, type SettingsProposal } from '../../domain/settings/proposal.ts';
import type { SettingsRevision } from '../../domain/settings/settings.ts';
import { judgeConcerned } from '../configuration/judge-concerned.ts';
import type { Transaction } from '../ports.ts';
import { proposalFacts } from './describe-proposal.ts';
import type { HeldLayer } from './held-layer.ts';
import { refuseUnfilledBy } from './refuse-unfilled-by.ts';
import { tellApplied } from './tell-proposal.ts';

/** What became of a proposal. */
export interface Settled {
  proposal: SettingsProposal;
  /** Null: it still waits. */
  revision: SettingsRevision | null;
}

/**
 * Applies an open proposal if its last approval is there, in the transaction of the act that gave it (as rule 6 has it for
 * promotions). Open promotions that read these settings are judged again.
 *
 * @param approvers as they stand now, locked
 * @throws Refusal does_not_fill
 */
export async function settleProposal(
  tx: Transaction,
  actor: Actor,
  held: HeldLayer,
  proposal: SettingsProposal,
  approvers: ReadonlyMap<string, Person>,
): Promise<Settled> {
  const { environment, workflow, pipeline, before, open } = held;
  const canGo = !isProposalDue(proposal, tx.now) && !isOvertaken(proposal, before);
  const { state } = judgeApprovals(proposalFacts(tx, proposal, environment, workflow, approvers));
  if (!canGo || state !== 'met') return { proposal, revision: null };
  const { settings: after, reason, restores } = proposal;
  await refuseUnfilledBy(tx, held, after);
  const by = actor.via === 'slack' || actor.via === 'api' ? actor.userId : null;
  const closed = closeProposal(proposal, 'applied', { by, reason: null, at: tx.now });
  await tx.proposals.save(closed);
  const revision = await tx.settings.save({
    environmentId: environment.id,
    workflowId: workflow?.id ?? null,
    settings: after,
    changedBy: actor.userId,
    via: actor.via,
    reason,
    proposalId: proposal.id,
    ...(restores === null ? {} : { restores }),
  });
  await auditChange(tx, actor, held, revision);
  const managed = before?.managed ?? [];
  await judgeConcerned(tx, actor, open, pipeline, [{ environment, workflow, before, after, managed }]);
  await tellApplied(tx, held, closed, revision);
  return { proposal: closed, revision };
}

async function auditChange(
  tx: Transaction,
  actor: Actor,
  { environment, workflow, before }: HeldLayer,
  { settings }: SettingsRevision,
): Promise<void> {
  await tx.audit.record(actor, {
    action: 'settings.changed',
    subject: `settings:${environment.name}${workflow === null ? '' : `/${workflow.slug}`}`,
    environmentId: environment.id,
    ...(workflow === null ? {} : { workflowId: workflow.id }),
    before: before?.settings ?? null,
    after: settings,
  });
}

import type { Actor } from '../../domain/actor.ts';
import type { Environment } from '../../domain/environment.ts';
import { closeProposal, type SettingsProposal } from '../../domain/settings/proposal.ts';
import type { Workflow } from '../../domain/version.ts';
import type { Transaction } from '../ports.ts';
import { type HeldLayer, layerInWords } from './held-layer.ts';

/** Where a proposal belongs. */
export type ProposedLayer = Pick<HeldLayer, 'environment' | 'workflow'>;

const CLOCK: Omit<Actor, 'workspaceId'> = { userId: 'clock', via: 'clock' };

/** What the audit calls a proposal and where it belongs. */
export function proposalSubject({ id }: SettingsProposal, { environment, workflow }: ProposedLayer) {
  return {
    subject: `settings-proposal:${id}`,
    environmentId: environment.id,
    ...(workflow === null ? {} : { workflowId: workflow.id }),
  };
}

/** Ends an open proposal without applying it, audits it and tells whoever asked. */
export async function endProposal(
  tx: Transaction,
  actor: Actor,
  layer: ProposedLayer,
  proposal: SettingsProposal,
  end: { status: 'rejected' | 'cancelled' | 'expired' | 'stale'; reason: string | null },
): Promise<SettingsProposal> {
  const by = actor.via === 'slack' || actor.via === 'api' ? actor.userId : null;
  const closed = closeProposal(proposal, end.status, { by, reason: end.reason, at: tx.now });
  await tx.proposals.save(closed);
  await tx.audit.record(actor, {
    action: `settings.${end.status}`,
    ...proposalSubject(proposal, layer),
    before: proposal,
    after: closed,
  });
  await tx.announcements.refresh(closed.id);
  if (by !== proposal.requestedBy) await tellRequester(tx, layer, closed);
  return closed;
}

async function tellRequester(tx: Transaction, layer: ProposedLayer, closed: SettingsProposal): Promise<void> {
  const by = closed.closedBy === null ? '' : ` by <@${closed.closedBy}>`;
  const how = {
    rejected: `was rejected${by}`,
    cancelled: `was cancelled${by}`,
    expired: 'expired without a decision',
    stale: 'was closed',
  } as const;
  const why = closed.closeReason === null ? '' : ` ${closed.closeReason}`;
  const ending = how[closed.status as keyof typeof how];
  const text = `Your change of the settings of *${layerInWords(layer)}* ${ending}.${why}`;
  const notice = { kind: 'notice', subjectId: closed.id, target: closed.requestedBy, payload: { text } } as const;
  await tx.announcements.post(notice);
}

/** Ends an open proposal whose time is over: the clock's act, whoever noticed it. */
export async function expireProposal(
  tx: Transaction,
  layer: ProposedLayer,
  proposal: SettingsProposal,
): Promise<SettingsProposal> {
  const clock = { workspaceId: tx.workspaceId, ...CLOCK };
  return endProposal(tx, clock, layer, proposal, { status: 'expired', reason: null });
}

/** Ends what is open for a layer that was changed otherwise: what was reviewed is not what would be replaced any more. */
export async function endOvertaken(
  tx: Transaction,
  actor: Actor,
  environment: Environment,
  workflow: Workflow | null,
): Promise<void> {
  const open = await tx.proposals.findOpen(environment.id, workflow?.id ?? null);
  if (open !== null) await goStale(tx, actor, { environment, workflow }, open);
}

export async function goStale(
  tx: Transaction,
  actor: Actor,
  layer: ProposedLayer,
  proposal: SettingsProposal,
): Promise<SettingsProposal> {
  const reason = 'These settings were changed otherwise meanwhile. Propose it again if it is still wanted.';
  return endProposal(tx, actor, layer, proposal, { status: 'stale', reason });
}

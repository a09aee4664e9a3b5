import type { Actor } from '../../domain/actor.ts';
import { issuesOf } from '../../domain/configuration/yaml-issues.ts';
import { Refusal } from '../../domain/refusal.ts';
import { isOvertaken, isProposalDue, type SettingsProposal, sameSettings } from '../../domain/settings/proposal.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { settingsFile } from '../../domain/settings/settings-file.ts';
import { settingsSchema } from '../../domain/settings/settings-schema.ts';
import { keepReason } from '../decide.ts';
import type { Reading, Transaction } from '../ports.ts';
import type { SettingsChangeResult } from '../use-cases.ts';
import { describeProposal } from './describe-proposal.ts';
import { expireProposal, goStale, proposalSubject } from './end-proposal.ts';
import { type HeldLayer, type LayerNow, layerInWords } from './held-layer.ts';
import { refuseUnfilledBy } from './refuse-unfilled-by.ts';
import { type Settled, settleProposal } from './settle-proposal.ts';
import { tellProposed } from './tell-proposal.ts';

/** What a layer is to become. */
export interface WantedChange {
  settings: Settings;
  /** Number of the revision that it brings back. */
  restores: number | null;
  reason: string | undefined;
  originChannel: string | undefined;
}

/**
 * Asks for a change of a layer. Where the environment asks for no approval it is applied with the request.
 * @throws Refusal invalid_input, already_proposed, does_not_fill, too_many
 */
export async function openChange(
  tx: Transaction,
  actor: Actor,
  held: HeldLayer,
  wanted: WantedChange,
): Promise<SettingsChangeResult> {
  const { before } = held;
  if (sameSettings(before?.settings ?? {}, wanted.settings)) return { kind: 'unchanged', number: before?.number ?? 0 };
  refuseUnreadable(held, wanted.settings);
  const open = await stillOpen(tx, actor, held);
  const isRepeated = open?.requestedBy === actor.userId && sameSettings(open.settings, wanted.settings);
  if (open !== null && !isRepeated) throw alreadyProposed(held, open);
  const proposal = open ?? (await create(tx, actor, held, wanted));
  const approvers = await tx.people.getManyLocked(proposal.approvals.map(({ by }) => by));
  const settled = await settleProposal(tx, actor, held, proposal, approvers);
  if (settled.revision === null && open === null) await refuseUnfilledBy(tx, held, wanted.settings);
  return answer(tx, held, settled, open === null);
}

async function answer(
  tx: Transaction,
  held: HeldLayer,
  { proposal, revision }: Settled,
  isNew: boolean,
): Promise<SettingsChangeResult> {
  const view = await describeProposal(tx, proposal, held);
  if (revision !== null) return { kind: 'applied', number: revision.number, proposal: view };
  if (isNew) await tellProposed(tx, held, proposal);
  return { kind: 'proposed', proposal: view };
}

async function create(
  tx: Transaction,
  actor: Actor,
  held: HeldLayer,
  { settings, restores, reason, originChannel }: WantedChange,
): Promise<SettingsProposal> {
  const { environment, workflow, before } = held;
  const proposal = await tx.proposals.create({
    environmentId: environment.id,
    workflowId: workflow?.id ?? null,
    ...{ settings, restores, baseNumber: before?.number ?? 0, requestedBy: actor.userId },
    reason: keepReason(reason),
    originChannel: originChannel ?? null,
    expiresAt: new Date(tx.now.getTime() + environment.policy.expireAfter),
  });
  await tx.audit.record(actor, {
    action: 'settings.proposed',
    ...proposalSubject(proposal, held),
    before: null,
    after: proposal,
  });
  return proposal;
}

/** What is open for the layer and can still be had; what can't is ended here. */
async function stillOpen(tx: Transaction, actor: Actor, held: HeldLayer): Promise<SettingsProposal | null> {
  const open = await tx.proposals.findOpen(held.environment.id, held.workflow?.id ?? null);
  if (open === null) return null;
  if (isProposalDue(open, tx.now)) await expireProposal(tx, held, open);
  else if (isOvertaken(open, held.before)) await goStale(tx, actor, held, open);
  else return open;
  return null;
}

/** Looks without ending anything. @throws Refusal already_proposed where another change waits than this one of this person */
export async function refuseOtherProposal(
  tx: Reading,
  layer: LayerNow,
  asked: Pick<SettingsProposal, 'requestedBy' | 'settings'>,
): Promise<void> {
  const open = await tx.proposals.findOpen(layer.environment.id, layer.workflow?.id ?? null);
  if (open === null || isProposalDue(open, tx.now) || isOvertaken(open, layer.before)) return;
  if (open.requestedBy !== asked.requestedBy || !sameSettings(open.settings, asked.settings))
    throw alreadyProposed(layer, open);
}

function alreadyProposed(held: LayerNow, { requestedBy }: SettingsProposal): Refusal {
  return new Refusal(
    'already_proposed',
    `A change of the settings of ${layerInWords(held)} by <@${requestedBy}> waits for approval already. \`/towpath env ${held.environment.name} proposals\` shows it: decide or cancel it first.`,
  );
}

/**
 * What the file gives and what is proposed may each be well and not go together: a name that is a variable and a secret.
 * @throws Refusal invalid_input
 */
export function refuseUnreadable(held: LayerNow, settings: Settings): void {
  const layer = held.workflow === null ? 'environment' : 'workflow';
  const { error } = settingsSchema({ layer }).safeParse(settingsFile(settings));
  const [issue] = error === undefined ? [] : issuesOf(error);
  if (issue === undefined) return;
  throw new Refusal('invalid_input', `${issue.path.join('.')} of ${layerInWords(held)}: ${issue.message}.`);
}

import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Policy } from '../environment.ts';
import type { Person, Role } from '../person.ts';
import { Refusal } from '../refusal.ts';
import type { Settings, SettingsRevision } from './settings.ts';

export const PROPOSAL_STATUSES = ['open', 'applied', 'rejected', 'cancelled', 'expired', 'stale'] as const;
export type SettingsProposalStatus = (typeof PROPOSAL_STATUSES)[number];

/** A request to make one layer of settings what is proposed. Ends once, as a promotion does. */
export interface SettingsProposal {
  id: string;
  environmentId: string;
  /** Null: the environment's own layer. */
  workflowId: string | null;
  /** The whole layer as it would be. */
  settings: Settings;
  /** Number of the layer's newest revision when it was proposed, 0 where it had none. */
  baseNumber: number;
  /** Number of the earlier revision that it would bring back. */
  restores: number | null;
  status: SettingsProposalStatus;
  /** They cannot approve it. */
  requestedBy: string;
  reason: string | null;
  /** Where it was typed; null for a request by the API. */
  originChannel: string | null;
  requestedAt: Date;
  expiresAt: Date;
  closedAt: Date | null;
  closedBy: string | null;
  closeReason: string | null;
  approvals: readonly SettingsApproval[];
}

/** One person's yes to exactly these settings in place of exactly that revision. */
export interface SettingsApproval {
  by: string;
  /** The role held at the click. */
  role: Role;
  fingerprint: string;
  at: Date;
}

/**
 * What an approval is bound to (rule 5), as SHA-256 (hex) of its canonical JSON: the layer, what it would hold, the revision that it
 * would follow, and the rules that the environment decides by.
 */
export function proposalFingerprint(
  { environmentId, workflowId, settings, baseNumber }: SettingsProposal,
  { approvals }: Pick<Policy, 'approvals'>,
): string {
  const bound = canonicalize({ environmentId, workflowId, settings, baseNumber, approvals });
  return createHash('sha256').update(String(bound)).digest('hex');
}

const CLOSED: Record<Exclude<SettingsProposalStatus, 'open'>, string> = {
  applied: 'applied',
  rejected: 'rejected',
  cancelled: 'cancelled',
  expired: 'closed because it expired',
  stale: 'closed because the settings were changed otherwise',
};

/** @throws Refusal already_decided, naming by whom */
export function assertProposalOpen({ status, closedBy }: Pick<SettingsProposal, 'status' | 'closedBy'>): void {
  if (status === 'open') return;
  const by = closedBy === null ? '' : ` by <@${closedBy}>`;
  const next = status === 'applied' ? '' : ' Propose it again if it is still wanted.';
  throw new Refusal('already_decided', `This change of settings was already ${CLOSED[status]}${by}.${next}`);
}

/**
 * Adds one person's approval of what is proposed now; the same person's second one for the same fingerprint changes nothing.
 * Whether any rule wants this person is checked by the caller (`permissions.ts`).
 *
 * @throws Refusal already_decided, own_request
 */
export function approveProposal(
  proposal: SettingsProposal,
  approver: Person,
  fingerprint: string,
  now: Date,
): SettingsProposal {
  assertProposalOpen(proposal);
  if (approver.userId === proposal.requestedBy)
    throw new Refusal('own_request', 'You asked for this change of settings, so somebody else has to approve it.');
  if (proposal.approvals.some((given) => given.by === approver.userId && given.fingerprint === fingerprint))
    return proposal;
  const approval: SettingsApproval = { by: approver.userId, role: approver.role, fingerprint, at: now };
  return { ...proposal, approvals: [...proposal.approvals, approval] };
}

/** Ends an open proposal in one way or the other. @throws Refusal already_decided */
export function closeProposal(
  proposal: SettingsProposal,
  status: Exclude<SettingsProposalStatus, 'open'>,
  end: { by: string | null; reason: string | null; at: Date },
): SettingsProposal {
  assertProposalOpen(proposal);
  return { ...proposal, status, closedAt: end.at, closedBy: end.by, closeReason: end.reason };
}

/** Whether an open proposal's time is over. */
export function isProposalDue(proposal: SettingsProposal, now: Date): boolean {
  return proposal.status === 'open' && proposal.expiresAt <= now;
}

/** Whether the layer has another revision since it was proposed: what was reviewed is not what would be replaced. */
export function isOvertaken({ baseNumber }: SettingsProposal, now: Pick<SettingsRevision, 'number'> | null): boolean {
  return baseNumber !== (now?.number ?? 0);
}

/** Whether two layers say the same, in whatever order. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return canonicalize(a) === canonicalize(b);
}

type Managed = Pick<SettingsRevision, 'settings' | 'managed'> | null;

/** Given by `towpath.yaml` or not at all: whoever could name a variable here could have the process sign with any of its own. */
const FILE_ALONE: readonly (keyof Settings)[] = ['webhooks'];

/** The layer with what `towpath.yaml` gives, or alone may give, left as it is. */
export function keepManaged(now: Managed, wanted: Settings): Settings {
  const kept: readonly string[] = [...(now?.managed ?? []), ...FILE_ALONE];
  const isKept = ([field]: [string, unknown]) => kept.includes(field);
  const others = Object.entries(wanted).filter((entry) => !isKept(entry));
  return Object.fromEntries([...others, ...Object.entries(now?.settings ?? {}).filter(isKept)]);
}

/**
 * What `towpath.yaml` gives is changed there only. Left out, or named as it is, it stays.
 * @param layer such as `production` or `summarize-flow in production`
 * @throws Refusal managed_by_file, naming the fields
 */
export function refuseManaged(now: Managed, wanted: Settings, layer: string): void {
  const other = [...new Set([...(now?.managed ?? []), ...FILE_ALONE])].filter(
    (field) => wanted[field] !== undefined && canonicalize(wanted[field]) !== canonicalize(now?.settings[field]),
  );
  if (other.length === 0) return;
  const [be, them] = other.length === 1 ? ['is', 'it'] : ['are', 'them'];
  throw new Refusal(
    'managed_by_file',
    `${other.join(', ')} of ${layer} ${be} given by towpath.yaml. Change ${them} there, or leave ${them} out here.`,
  );
}

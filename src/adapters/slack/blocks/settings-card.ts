import type { SettingsCardView } from '../../../use-cases/views.ts';
import { fitMessage, type SlackMessage } from './fit-message.ts';
import { environment, mention, mentions, moment, slug } from './mrkdwn.ts';
import { context, header, IMPORTANCE, type Part, quote, section } from './parts.ts';
import {
  proposalButtons,
  proposalDiffButton,
  proposalFacts,
  proposalNeeds,
  proposedChanges,
} from './proposal-parts.ts';

/** A proposed change of settings in whatever state it is, with what can be done in it. Pure. */
export function settingsCard(view: SettingsCardView, note?: Part): SlackMessage {
  const isOpen = view.status === 'open';
  return fitMessage(summary(view), [
    header(`Settings of ${view.workflow === null ? '' : `${view.workflow.slug} in `}${view.environment.name}`),
    ...(isOpen ? [] : ending(view)),
    ...(view.workflow === null ? [section('For every workflow', IMPORTANCE.note)] : []),
    ...proposalFacts(view),
    ...(note === undefined ? [] : [note]),
    proposedChanges(
      view,
      isOpen ? 'What it changes' : view.status === 'applied' ? 'What changed' : 'What it would have changed',
    ),
    ...(isOpen ? [proposalNeeds(view), ...proposalButtons(view, 'card')] : proposalDiffButton(view)),
    ...(isOpen ? [context(`Expires ${moment(view.expiresAt)}`, IMPORTANCE.note)] : []),
  ]);
}

/** One sentence for the notification. */
function summary(view: SettingsCardView): string {
  const what = `the settings of ${view.workflow === null ? '' : `${slug(view.workflow)} in `}${environment(view.environment)}`;
  if (view.status === 'open') return `${mention(view.requestedBy)} wants to change ${what}`;
  return `${mention(view.requestedBy)}’s change of ${what}: ${outcome(view)}`;
}

function outcome({ status, number, closedBy }: SettingsCardView): string {
  const by = closedBy === null ? '' : ` by ${mention(closedBy)}`;
  const words = {
    open: 'waits for approval',
    applied: number === null ? 'applies' : `applies as number ${number}`,
    rejected: `rejected${by}`,
    cancelled: `cancelled${by}`,
    expired: 'expired without a decision',
    stale: 'closed, as these settings were changed otherwise',
  };
  return words[status];
}

/** How it ended, and why. */
function ending(proposal: SettingsCardView): Part[] {
  const { status, closedBy, closedAt, closeReason, approvals } = proposal;
  const at = closedAt === null ? '' : ` ${moment(closedAt)}`;
  const by = closedBy === null ? '' : ` by ${mention(closedBy)}`;
  const approvers = approvals.filter(({ counts }) => counts).map((approval) => approval.by);
  const approved = approvers.length === 0 ? '' : `, approved by ${mentions(approvers.slice(0, 10))}`;
  const number = proposal.number === null ? '' : ` as number ${proposal.number}`;
  const words = {
    open: '',
    applied: `✅ *Applied*${number}${approved}${at}`,
    rejected: `❌ *Rejected*${by}${at}`,
    cancelled: `*Cancelled*${by}${at}`,
    expired: `*Expired* without a decision${at}`,
    stale: `*Closed*${at}: these settings were changed otherwise meanwhile. It can be proposed again.`,
  };
  return [
    section(words[status], IMPORTANCE.essential),
    ...(closeReason === null || status === 'stale' ? [] : [quote(closeReason, IMPORTANCE.reason)]),
  ];
}

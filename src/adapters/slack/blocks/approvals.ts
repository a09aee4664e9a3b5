import type { JudgedRequirement } from '../../../domain/requirements/evaluate.ts';
import type { ApprovalView, PromotionView } from '../../../use-cases/views.ts';
import { environment, inWords, mention, mentions, moment } from './mrkdwn.ts';
import { IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

const MARKS: Record<JudgedRequirement['state'], string> = { met: '✓', pending: '○', failed: '✗' };
const SHOWN = 20;
const SHOWN_SINCE = 3;
const NAMED = 10;

/** The checklist of what an open promotion needs, and who can give what is missing. */
export function stillNeeded(view: PromotionView): Part[] {
  if (view.status !== 'open' || view.requirements.length === 0) return [];
  const lines = view.requirements.slice(0, SHOWN).map((requirement) => requirementLine(requirement, view));
  return [section(['*Still needed*', ...lines].join('\n'), IMPORTANCE.needed)];
}

function requirementLine(requirement: JudgedRequirement, view: PromotionView): string {
  const detail = requirement.detail === undefined ? '' : `: ${escaped(requirement.detail, 200)}`;
  const who = requirement.kind === 'approvals' && requirement.state === 'pending' ? whoCan(view) : '';
  return `${MARKS[requirement.state]} ${escaped(requirement.summary, 200)}${detail}${who}`;
}

function whoCan({ canApprove }: PromotionView): string {
  const named = canApprove.userIds.slice(0, NAMED);
  if (named.length === 0) return '';
  const hasMore = canApprove.more || canApprove.userIds.length > named.length;
  return hasMore ? `: ${named.map(mention).join(', ')} and others can give it` : `: ${mentions(named)} can give it`;
}

/** Who approved and when; approvals that no longer count, with what moved since. */
export function approvals(view: PromotionView): Part[] {
  if (view.approvals.length === 0) return [];
  const shown = view.approvals.slice(-SHOWN).map((approval) => approvalLines(approval, view));
  const left = view.approvals.length - shown.length;
  const title = left > 0 ? `*Approvals* (the last ${shown.length} of ${view.approvals.length})` : '*Approvals*';
  return [section([title, ...shown].join('\n'), IMPORTANCE.approvals)];
}

function approvalLines(approval: ApprovalView, view: PromotionView): string {
  const who = `${mention(approval.by)} (${escaped(approval.role, 20)}) ${moment(approval.at)}`;
  if (approval.counts) return `✓ ${who}`;
  // A closed promotion's approvals stand as they were given: what moved since its end is nobody's concern.
  if (view.status !== 'open') return `○ ${who}`;
  const lines = approval.since.lines.slice(0, SHOWN_SINCE).map((line) => `      • ${escaped(line, 200)}`);
  return [`○ ${who}, no longer counts: ${whatMoved(approval, view)}`, ...lines].join('\n');
}

function whatMoved({ since }: ApprovalView, view: PromotionView): string {
  const to = environment(view.to);
  const words = {
    version: 'another version is proposed now',
    replaced: `something else is live in ${to} now`,
    settings: `the settings of ${to} changed`,
    policy: `what ${to} asks for changed`,
  };
  return since.moved.length === 0 ? 'their role changed' : inWords(since.moved.map((moved) => words[moved]));
}

import type { ApprovalView, PromotionView } from '../../../use-cases/views.ts';
import { environment, inWords, mention, moment } from './mrkdwn.ts';
import { IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

const SHOWN = 20;
const SHOWN_SINCE = 3;

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
  const what = isEarlier(approval) ? 'approved an earlier state' : 'no longer counts';
  return [`○ ${who}, ${what}: ${whatMoved(approval, view)}`, ...lines].join('\n');
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

/** Whether something moved since, so that looking again may bring the approval back. */
export function isEarlier({ counts, since }: ApprovalView): boolean {
  return !counts && since.moved.length > 0;
}

/** Noes that only count: shown with their reasons, since nobody else was stopped by them. */
export function rejections({ rejections: noes }: PromotionView): Part[] {
  if (noes.length === 0) return [];
  const lines = noes.slice(-SHOWN).map(({ by, reason, at, stands }) => {
    const since = stands ? '' : ', and approved since';
    return `${stands ? '✗' : '○'} ${mention(by)} ${moment(at)}${since}: ${escaped(reason, 300)}`;
  });
  return [section(['*Said no*', ...lines].join('\n'), IMPORTANCE.approvals)];
}

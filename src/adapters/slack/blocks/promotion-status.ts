import type { PromotionView } from '../../../use-cases/views.ts';
import { environment, mention, moment, slug, typed } from './mrkdwn.ts';
import { IMPORTANCE, type Part, quote, section } from './parts.ts';

/** How a promotion ended, for a notification: `deployed`, `rejected by <@U1>`. Escaped. */
export function statusInWords(view: PromotionView): string {
  const by = view.closedBy === null ? '' : ` by ${mention(view.closedBy)}`;
  switch (view.status) {
    case 'open':
      return 'under review';
    case 'deployed':
      return `deployed${by}`;
    case 'rejected':
      return `rejected${by}`;
    case 'cancelled':
      return `cancelled${by}`;
    case 'expired':
      return 'expired without a decision';
    case 'stale':
      return 'can no longer be deployed';
  }
}

/** The line under the headline that says how it ended, and why; nothing while it is open. */
export function statusLine(view: PromotionView): Part[] {
  if (view.status === 'open') return [];
  const reason = view.closeReason === null ? [] : [quote(view.closeReason, IMPORTANCE.reason)];
  return [section(sentence(view), IMPORTANCE.essential), ...reason, ...whatNext(view)];
}

function sentence(view: PromotionView): string {
  const by = view.closedBy === null ? '' : ` by ${mention(view.closedBy)}`;
  const end = `${by}${view.closedAt === null ? '' : ` ${moment(view.closedAt)}`}`;
  switch (view.status) {
    case 'open':
      return '';
    case 'deployed':
      return view.deployment?.active === false
        ? `*Deployed to ${environment(view.to)}*${end}\nIt is no longer live there.`
        : `✅ *Live in ${environment(view.to)}*, deployed${end}`;
    case 'rejected':
      return `❌ *Rejected*${end}`;
    case 'cancelled':
      return `*Cancelled*${end}`;
    case 'expired':
      return `*Expired* without a decision${end}`;
    case 'stale':
      return `*Closed*${end}, because this version can no longer be promoted`;
  }
}

function whatNext(view: PromotionView): Part[] {
  if (view.status !== 'expired') return [];
  return [
    section(`Still wanted? ${typed(`/promote ${slug(view.workflow)} ${view.to.name}`)} asks again.`, IMPORTANCE.note),
  ];
}

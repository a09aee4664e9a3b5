import type { PromotionView } from '../../../use-cases/views.ts';
import { environment, mention, moment, slug, typed } from './mrkdwn.ts';
import { IMPORTANCE, type Part, quote, section } from './parts.ts';
import { safeMrkdwn } from './safe-mrkdwn.ts';

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
  return [section(sentence(view), IMPORTANCE.essential), ...why(view), ...whatNext(view)];
}

/** What a person wrote is quoted; why a request went stale is a sentence of Towpath's own, in which people are named. */
function why({ status, closeReason }: PromotionView): Part[] {
  if (closeReason === null) return [];
  return status === 'stale'
    ? [section(safeMrkdwn(closeReason, 500), IMPORTANCE.reason)]
    : [quote(closeReason, IMPORTANCE.reason)];
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
      return view.closeReason === null ? `*Closed*${end}, because it can't be had any more` : `*Closed*${end}`;
  }
}

function whatNext(view: PromotionView): Part[] {
  if (view.status !== 'expired') return [];
  return [
    section(`Still wanted? ${typed(`/promote ${slug(view.workflow)} ${view.to.name}`)} asks again.`, IMPORTANCE.note),
  ];
}

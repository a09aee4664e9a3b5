import { shareText } from '../../../domain/rollout.ts';
import type { PromotionView } from '../../../use-cases/views.ts';
import { environment, mention, moment, slug, typed, version } from './mrkdwn.ts';
import { IMPORTANCE, type Part, quote, section } from './parts.ts';
import { rolledOut, whoGetsWhat } from './rollout-words.ts';
import { safeMrkdwn } from './safe-mrkdwn.ts';

/** How a promotion ended, for a notification: `deployed`, `rejected by <@U1>`. Escaped. */
export function statusInWords(view: PromotionView): string {
  const by = view.closedBy === null ? '' : ` by ${mention(view.closedBy)}`;
  switch (view.status) {
    case 'open':
      return 'under review';
    case 'deployed':
      return deployedInWords(view, by);
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

function deployedInWords({ deployment }: PromotionView, by: string): string {
  if (deployment?.status === 'candidate') return `a canary at ${shareText(deployment.share ?? 0)}`;
  return deployment?.status === 'aborted' ? 'its canary was aborted' : `deployed${by}`;
}

/** The line under the headline that says how it ended, and why; nothing while it is open. */
export function statusLine(view: PromotionView): Part[] {
  if (view.status === 'open') return [];
  return [section(sentence(view), IMPORTANCE.essential), ...why(view), ...whatNext(view)];
}

/** What a person wrote is quoted; why a request went stale is a sentence of Towpath's own, in which people are named. */
function why({ status, closeReason, deployment }: PromotionView): Part[] {
  if (deployment?.status === 'aborted' && deployment.ended?.reason != null)
    return [quote(deployment.ended.reason, IMPORTANCE.reason)];
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
      return deployedSentence(view, end);
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

function deployedSentence(view: PromotionView, end: string): string {
  const { deployment, canary } = view;
  const [where, what] = [environment(view.to), version(view.version)];
  const shown = rolledOut(view);
  if (shown !== null)
    return [`🐤 *Canary in ${where} at ${shareText(shown.share)}*`, ...whoGetsWhat(shown), `Started${end}`].join('\n');
  if (deployment?.status === 'aborted') {
    const stayed = view.replaces === null ? 'what was live before' : `*${version(view.replaces)}*`;
    return `*Canary aborted*${endOf(deployment)}\nNobody in ${where} gets ${what} any more: ${stayed} stayed live`;
  }
  if (deployment?.active === false) return `*Deployed to ${where}*${end}\nIt is no longer live there.`;
  return canary === null
    ? `✅ *Live in ${where}*, deployed${end}`
    : `✅ *Live in ${where}* for everybody\nStarted as a canary at ${shareText(canary)}${end}`;
}

function endOf({ ended }: NonNullable<PromotionView['deployment']>): string {
  if (ended === null) return '';
  return `${ended.by === null ? '' : ` by ${mention(ended.by)}`} ${moment(ended.at)}`;
}

function whatNext(view: PromotionView): Part[] {
  if (view.status !== 'expired') return [];
  return [
    section(`Still wanted? ${typed(`/promote ${slug(view.workflow)} ${view.to.name}`)} asks again.`, IMPORTANCE.note),
  ];
}

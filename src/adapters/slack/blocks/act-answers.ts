import { shareText } from '../../../domain/rollout.ts';
import type { Decision, RequestResult, RollbackResult } from '../../../use-cases/use-cases.ts';
import type { DeploymentReceiptView, PromotionView } from '../../../use-cases/views.ts';
import { KEEP, OPEN_LINK, REPLACE } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button, linkButton } from './button.ts';
import { fitMessage } from './fit-message.ts';
import { environment, mention, mentions, moment, slug, typed, version } from './mrkdwn.ts';
import { buttons, IMPORTANCE, section } from './parts.ts';
import { onlyAbortedAnswer } from './rollout-answers.ts';
import { whoOf } from './rollout-words.ts';
import { escaped } from './text.ts';

/*
 * What the person who did something is told privately. What everybody should know stands on the card or the receipt.
 */

export function deployedAnswer(view: DeploymentReceiptView): Answer {
  return { text: `${slug(view.workflow)} ${version(view.version)} is live in ${environment(view.environment)}.` };
}

/** `linkTo` makes an address of a posted message. */
export function requestedAnswer(
  result: Exclude<RequestResult, { kind: 'confirm-replacement' }>,
  linkTo: (card: { channel: string; ts: string }) => string,
): Answer {
  const { promotion } = result;
  const what = `${slug(promotion.workflow)} ${version(promotion.version)}`;
  const to = environment(promotion.to);
  if (result.kind === 'deployed') return { text: `${isThere(promotion)}: nothing more was needed.` };
  const begins = promotion.canary === null ? '' : `, as a canary for ${whoOf(promotion.canary)} at first`;
  if (result.kind === 'opened')
    return {
      text: `Asked for: ${what} from ${environment(promotion.from)} to ${to}${begins}${later(promotion)}. The card says who can approve it.${nobodyCan(promotion)}`,
    };
  const text = `${what} is under review for ${to} already${begins}, asked for by ${mention(promotion.requestedBy)}. Nothing new was opened.`;
  if (result.card === null) return { text };
  return fitMessage(text, [
    section(text, IMPORTANCE.essential),
    ...buttons([linkButton(OPEN_LINK, 'Open its card', linkTo(result.card))]),
  ]);
}

function later({ deployAt }: PromotionView): string {
  return deployAt === null ? '' : `, to go live ${moment(deployAt)}`;
}

/** What a promotion came to once it is deployed. */
function isThere({
  workflow,
  version: what,
  to,
  canary,
}: Pick<PromotionView, 'workflow' | 'version' | 'to' | 'canary'>): string {
  const name = `${slug(workflow)} ${version(what)}`;
  return canary === null
    ? `${name} is live in ${environment(to)} now`
    : `${name} runs in ${environment(to)} as a canary at ${shareText(canary)} now`;
}

function nobodyCan({ nobodyCanApprove }: PromotionView): string {
  return nobodyCanApprove
    ? ` Nobody but you could approve it, though: an admin can give somebody the role with ${typed('/towpath role @person lead')}.`
    : '';
}

const CARRIED_REASON = 600;

/** Asks before another request, of another version or with another canary, is replaced, naming who had approved it. */
export function confirmReplacement(
  result: Extract<RequestResult, { kind: 'confirm-replacement' }>,
  request: { reason?: string; canary?: number; at?: Date },
): Answer {
  const { open, proposed, approvedBy } = result;
  const approved =
    approvedBy.length === 0
      ? 'Nobody has approved it yet.'
      : `${mentions(approvedBy.slice(0, 10))} approved it already; that would be lost.`;
  const canary = request.canary ?? null;
  const begins = open.canary === null ? '' : ` as a canary at ${shareText(open.canary)}`;
  const text = `${slug(open.workflow)} ${version(open.version)} is under review for ${environment(open.to)}${begins}, asked for by ${mention(open.requestedBy)}. ${approved}`;
  const carried = {
    workflow: open.workflow.slug,
    environment: open.to.name,
    replace: open.id,
    expectedVersionId: proposed.id,
    ...(canary === null ? {} : { canary }),
    ...(request.at === undefined ? {} : { at: request.at.toISOString() }),
    ...(request.reason === undefined ? {} : { reason: request.reason.slice(0, CARRIED_REASON).toWellFormed() }),
  };
  return fitMessage(text, [
    section(`${text}\nReplace it with ${version(proposed)}${inPlace(open.canary, canary)}?`, IMPORTANCE.essential),
    ...buttons([
      button(REPLACE, `Replace with v${proposed.number}${inPlace(open.canary, canary)}`, carried, { style: 'primary' }),
      button(KEEP, `Keep v${open.version.number}${inPlace(canary, open.canary)}`, {}),
    ]),
  ]);
}

/** Told of both, where one of them is a canary: the version may be the same. */
function inPlace(other: number | null, canary: number | null): string {
  if (other === null && canary === null) return '';
  return canary === null ? ' for everybody at once' : ` at ${shareText(canary)}`;
}

/** After an approval, a rejection or a cancellation by command; `null` for a click, which the card answers by changing. */
export function decisionAnswer(
  act: 'approve' | 'reject' | 'cancel',
  decision: Decision,
  by: 'command' | 'click',
): Answer | null {
  const { promotion, changed, deployed } = decision;
  const what = `${slug(promotion.workflow)} ${version(promotion.version)}`;
  const to = environment(promotion.to);
  if (!changed)
    return {
      text:
        act === 'approve'
          ? `You approved ${what} for ${to} already. Nothing was changed.`
          : `${what} for ${to} was decided already. Nothing was changed.`,
    };
  if (by === 'click') return null;
  if (act === 'reject' && promotion.status === 'open')
    return { text: `Your no to ${what} for ${to} stands on its card. It only counts there: the request stays open.` };
  if (act === 'reject') return { text: `Rejected: ${what} does not go to ${to}.` };
  if (act === 'cancel') return { text: `Cancelled: the request to take ${what} to ${to} is withdrawn.` };
  return {
    text: deployed ? `Approved: ${isThere(promotion)}.` : `Approved: ${what} for ${to}.${stillMissing(promotion)}`,
  };
}

function stillMissing({ requirements }: Pick<PromotionView, 'requirements'>): string {
  const missing = requirements.filter(({ state }) => state !== 'met').map(({ summary }) => escaped(summary, 200));
  return missing.length === 0 ? '' : ` Still needed: ${missing.slice(0, 5).join('; ')}.`;
}

/** @param notTaken what was typed as a version and is none: it must not look as if it had been followed */
export function rolledBackAnswer(result: RollbackResult, notTaken?: string): Answer {
  const { workflow, environment: where } = result.receipt;
  const note =
    notTaken === undefined
      ? ''
      : ` “${escaped(notTaken, 80)}” is no version of ${slug(workflow)}, so those words were kept as the reason.`;
  if (result.kind === 'aborted') return onlyAbortedAnswer(result.receipt, note);
  const { removed, restored, undoUntil } = result.receipt;
  const text = `Rolled back: ${version(removed)} is out of ${environment(where)}, and ${version(restored)} is live there again.`;
  const also = result.aborted === null ? '' : ` The canary of ${version(result.aborted)} is out, too.`;
  const undo = undoUntil === null ? '' : ' The receipt has an Undo for ten minutes.';
  return { text: `${text}${also}${note}${undo}`, replaces: true };
}

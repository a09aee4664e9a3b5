import type { Decision, RequestResult } from '../../../use-cases/use-cases.ts';
import type { DeploymentReceiptView, PromotionView, RollbackReceiptView } from '../../../use-cases/views.ts';
import { KEEP, OPEN_LINK, REPLACE } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button, linkButton } from './button.ts';
import { fitMessage } from './fit-message.ts';
import { environment, mention, mentions, slug, typed, version } from './mrkdwn.ts';
import { buttons, IMPORTANCE, section } from './parts.ts';
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
  if (result.kind === 'deployed') return { text: `${what} is live in ${to}: nothing more was needed.` };
  if (result.kind === 'opened')
    return {
      text: `Asked for: ${what} from ${environment(promotion.from)} to ${to}. The card says who can approve it.${nobodyCan(promotion)}`,
    };
  const text = `${what} is under review for ${to} already, asked for by ${mention(promotion.requestedBy)}. Nothing new was opened.`;
  if (result.card === null) return { text };
  return fitMessage(text, [
    section(text, IMPORTANCE.essential),
    ...buttons([linkButton(OPEN_LINK, 'Open its card', linkTo(result.card))]),
  ]);
}

function nobodyCan({ nobodyCanApprove }: PromotionView): string {
  return nobodyCanApprove
    ? ` Nobody but you could approve it, though: an admin can give somebody the role with ${typed('/towpath role @person lead')}.`
    : '';
}

const CARRIED_REASON = 600;

/** Asks before another version's request is replaced, naming who had approved it. */
export function confirmReplacement(
  result: Extract<RequestResult, { kind: 'confirm-replacement' }>,
  request: { reason?: string },
): Answer {
  const { open, proposed, approvedBy } = result;
  const approved =
    approvedBy.length === 0
      ? 'Nobody has approved it yet.'
      : `${mentions(approvedBy.slice(0, 10))} approved it already; that would be lost.`;
  const text = `${slug(open.workflow)} ${version(open.version)} is under review for ${environment(open.to)}, asked for by ${mention(open.requestedBy)}. ${approved}`;
  const carried = {
    workflow: open.workflow.slug,
    environment: open.to.name,
    replace: open.id,
    expectedVersionId: proposed.id,
    ...(request.reason === undefined ? {} : { reason: request.reason.slice(0, CARRIED_REASON).toWellFormed() }),
  };
  return fitMessage(text, [
    section(`${text}\nReplace it with ${version(proposed)}?`, IMPORTANCE.essential),
    ...buttons([
      button(REPLACE, `Replace with v${proposed.number}`, carried, { style: 'primary' }),
      button(KEEP, `Keep v${open.version.number}`, {}),
    ]),
  ]);
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
  if (act === 'reject') return { text: `Rejected: ${what} does not go to ${to}.` };
  if (act === 'cancel') return { text: `Cancelled: the request to take ${what} to ${to} is withdrawn.` };
  return {
    text: deployed
      ? `Approved: ${what} is live in ${to} now.`
      : `Approved: ${what} for ${to}.${stillMissing(promotion)}`,
  };
}

function stillMissing({ requirements }: Pick<PromotionView, 'requirements'>): string {
  const missing = requirements.filter(({ state }) => state !== 'met').map(({ summary }) => escaped(summary, 200));
  return missing.length === 0 ? '' : ` Still needed: ${missing.slice(0, 5).join('; ')}.`;
}

export function rolledBackAnswer(view: RollbackReceiptView, notTaken?: string): Answer {
  const text = `Rolled back: ${version(view.removed)} is out of ${environment(view.environment)}, and ${version(view.restored)} is live there again.`;
  const undo = view.undoUntil === null ? '' : ' The receipt has an Undo for ten minutes.';
  // A mistyped version must not look as if it had been followed.
  const note =
    notTaken === undefined
      ? ''
      : ` “${escaped(notTaken, 80)}” is no version of ${slug(view.workflow)}, so those words were kept as the reason.`;
  return { text: `${text}${note}${undo}` };
}

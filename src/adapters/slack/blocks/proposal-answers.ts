import type { SettingsDecision } from '../../../use-cases/use-cases.ts';
import type { SettingsProposalsView, SettingsProposalView } from '../../../use-cases/views.ts';
import { APPROVE_SETTINGS, CANCEL_SETTINGS, nth, REJECT_SETTINGS } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button } from './button.ts';
import { fitMessage } from './fit-message.ts';
import { environment, mention, mentions, moment, slug } from './mrkdwn.ts';
import { bullets, buttons, context, IMPORTANCE, type Part, quote, section } from './parts.ts';
import { escaped } from './text.ts';

/*
 * Changes of settings that wait for approval, shown privately to whoever asks for them.
 */

/** So few that no message grows too long to show what each would change: nobody approves what they did not see. */
const MOST_SHOWN = 3;
/** Sentences of one change; the API and the audit have all of them. */
const MOST_SENTENCES = 15;

/** `/towpath env ENVIRONMENT proposals`. @param done what was just decided, above the list */
export function proposalsAnswer({ environment: where, proposals, more }: SettingsProposalsView, done?: string): Answer {
  const title = `Changes of the settings of ${environment(where)} that wait for approval`;
  const first = done === undefined ? [] : [section(done, IMPORTANCE.essential)];
  if (proposals.length === 0)
    return fitMessage(done ?? title, [...first, section(`${title}: none.`, IMPORTANCE.needed)]);
  return fitMessage(done ?? title, [
    ...first,
    section(`*${title}*`, IMPORTANCE.essential),
    ...proposals.slice(0, MOST_SHOWN).flatMap((proposal, index) => onePart(proposal, index)),
    ...(more || proposals.length > MOST_SHOWN
      ? [context('There are more, shown once these are decided.', IMPORTANCE.note)]
      : []),
  ]);
}

function onePart(proposal: SettingsProposalView, index: number): Part[] {
  const { id, workflow, requestedBy, requestedAt, reason, sentences, restores, needs, canApprove, approvals } =
    proposal;
  const what = workflow === null ? 'For every workflow' : `Only for ${slug(workflow)}`;
  const back = restores === null ? '' : `, bringing back number ${restores}`;
  const given = approvals.filter(({ counts }) => counts).map(({ by }) => by);
  const already = given.length === 0 ? '' : ` Approved by ${mentions(given.slice(0, 10))}.`;
  const able = canApprove.userIds.length === 0 ? '' : ` ${mentions(canApprove.userIds.slice(0, 10))} can.`;
  const carried = { proposalId: id };
  return [
    section(`*${what}*${back}: ${mention(requestedBy)} ${moment(requestedAt)}`, IMPORTANCE.needed),
    ...(reason === null ? [] : [quote(reason, IMPORTANCE.reason, 300)]),
    bullets(
      'What it changes',
      sentences.slice(0, MOST_SENTENCES),
      Math.max(0, sentences.length - MOST_SENTENCES),
      IMPORTANCE.needed,
    ),
    context(`${escaped(needs, 200)}.${already}${able}`, IMPORTANCE.approvals),
    ...buttons([
      button(
        nth(APPROVE_SETTINGS, index),
        'Approve',
        { ...carried, fingerprint: proposal.fingerprint },
        { style: 'primary' },
      ),
      button(nth(REJECT_SETTINGS, index), 'Reject', carried, { style: 'danger' }),
      button(nth(CANCEL_SETTINGS, index), 'Cancel', carried),
    ]),
  ];
}

/** What was decided, in a sentence. */
export function decidedWords(
  act: 'approve' | 'reject' | 'cancel',
  { proposal, changed, number }: SettingsDecision,
): string {
  const { workflow, environment: where } = proposal;
  const what = `the change of the settings of ${workflow === null ? '' : `${slug(workflow)} in `}${environment(where)}`;
  if (!changed) return `You decided ${what} already. Nothing was changed.`;
  if (proposal.status === 'stale')
    return `Nothing was changed: those settings were changed otherwise since, so ${what} was closed. It can be proposed again.`;
  if (act === 'reject') return `Rejected: ${what}.`;
  if (act === 'cancel') return `Cancelled: ${what}.`;
  return number === null
    ? `Approved: ${what}. Still needed: ${escaped(proposal.needs, 200)}.`
    : `Approved: ${what} applies now, as number ${number}.`;
}

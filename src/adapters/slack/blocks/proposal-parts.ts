import type { SettingsProposalView } from '../../../use-cases/views.ts';
import { APPROVE_SETTINGS, CANCEL_SETTINGS, nth, REJECT_SETTINGS, SETTINGS_DIFF } from '../actions/action-ids.ts';
import { button } from './button.ts';
import { environment, mention, mentions, moment, slug } from './mrkdwn.ts';
import { bullets, buttons, context, IMPORTANCE, type Part, quote, section } from './parts.ts';
import { escaped } from './text.ts';

/*
 * A proposed change of settings, as its card and the private list show it.
 */

/** Sentences that are shown; the full diff has all of it. */
const MOST_SENTENCES = 15;

/** `summarize-flow in staging`, or `staging, for every workflow`. */
export function layerName({
  environment: where,
  workflow,
}: Pick<SettingsProposalView, 'environment' | 'workflow'>): string {
  return workflow === null ? `${environment(where)}, for every workflow` : `${slug(workflow)} in ${environment(where)}`;
}

/** Who wants it, and why. */
export function proposalFacts({ requestedBy, requestedAt, reason, restores }: SettingsProposalView): Part[] {
  const back = restores === null ? '' : `, bringing back number ${restores}`;
  return [
    section(`Asked for by ${mention(requestedBy)} ${moment(requestedAt)}${back}`, IMPORTANCE.needed),
    ...(reason === null ? [] : [quote(reason, IMPORTANCE.reason, 300)]),
  ];
}

/** What it changes. Nobody approves what they did not see: as important as the buttons. */
export function proposedChanges({ sentences }: SettingsProposalView, title = 'What it changes'): Part {
  const more = Math.max(0, sentences.length - MOST_SENTENCES);
  return bullets(title, sentences.slice(0, MOST_SENTENCES), more, IMPORTANCE.needed);
}

/** What it still needs, and who can give it. */
export function proposalNeeds({ needs, canApprove, approvals }: SettingsProposalView): Part {
  const given = approvals.filter(({ counts }) => counts).map(({ by }) => by);
  const already = given.length === 0 ? '' : ` Approved by ${mentions(given.slice(0, 10))}.`;
  const able = canApprove.userIds.length === 0 ? '' : ` ${mentions(canApprove.userIds.slice(0, 10))} can.`;
  return context(`${escaped(needs, 200)}.${already}${able}`, IMPORTANCE.approvals);
}

/** What can be done with an open one. @param on where it is shown: a card changes by itself, a list is shown anew */
export function proposalButtons({ id, fingerprint }: SettingsProposalView, on: 'card' | 'list', index = 0): Part[] {
  const carried = { proposalId: id, on };
  return buttons([
    button(nth(APPROVE_SETTINGS, index), 'Approve', { ...carried, fingerprint }, { style: 'primary' }),
    button(nth(REJECT_SETTINGS, index), 'Reject', carried, { style: 'danger' }),
    button(nth(SETTINGS_DIFF, index), 'Full diff', { proposalId: id }),
    button(nth(CANCEL_SETTINGS, index), 'Cancel', carried, {
      confirm: {
        title: 'Cancel this change?',
        text: 'The settings stay as they are. It can be proposed again.',
        yes: 'Cancel the change',
        no: 'Keep it',
      },
    }),
  ]);
}

/** Leads to all that it changes, whatever became of it. */
export function proposalDiffButton({ id }: SettingsProposalView): Part[] {
  return buttons([button(nth(SETTINGS_DIFF, 0), 'Full diff', { proposalId: id })]);
}

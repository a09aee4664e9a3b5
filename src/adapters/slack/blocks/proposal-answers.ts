import type { SettingsDecision } from '../../../use-cases/use-cases.ts';
import type { SettingsProposalsView, SettingsProposalView } from '../../../use-cases/views.ts';
import type { Answer } from '../answers/answer.ts';
import { fitMessage } from './fit-message.ts';
import { environment, slug } from './mrkdwn.ts';
import { context, IMPORTANCE, type Part, section } from './parts.ts';
import { layerName, proposalButtons, proposalFacts, proposalNeeds, proposedChanges } from './proposal-parts.ts';
import { escaped } from './text.ts';

/*
 * Changes of settings that wait for approval, shown privately to whoever asks for them.
 */

/** So few that no message grows too long to show what each would change: nobody approves what they did not see. */
const MOST_SHOWN = 3;

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
  return [
    section(`*${layerName(proposal)}*`, IMPORTANCE.needed),
    ...proposalFacts(proposal),
    proposedChanges(proposal),
    proposalNeeds(proposal),
    ...proposalButtons(proposal, 'list', index),
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

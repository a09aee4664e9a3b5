import type { SettingsDecision } from '../../../use-cases/use-cases.ts';
import type { SettingsProposalsView, SettingsProposalView } from '../../../use-cases/views.ts';
import type { Answer } from '../answers/answer.ts';
import { fitMessage, fitsMessage } from './fit-message.ts';
import { environment, slug } from './mrkdwn.ts';
import { context, IMPORTANCE, type Part, section } from './parts.ts';
import { layerName, proposalButtons, proposalFacts, proposalNeeds, proposedChanges } from './proposal-parts.ts';
import { escaped } from './text.ts';

/*
 * Changes of settings that wait for approval, shown privately to whoever asks for them.
 */

/** Fewer where they are long: nobody approves what they did not see. */
const MOST_SHOWN = 3;

/** `/towpath env ENVIRONMENT proposals`. @param done what was just decided, above the list */
export function proposalsAnswer(view: SettingsProposalsView, done?: string): Answer {
  const title = `Changes of the settings of ${environment(view.environment)} that wait for approval`;
  const first = done === undefined ? [] : [section(done, IMPORTANCE.essential)];
  if (view.proposals.length === 0)
    return fitMessage(done ?? title, [...first, section(`${title}: none.`, IMPORTANCE.needed)]);
  const listed = (shown: number) => [
    ...first,
    section(`*${title}*`, IMPORTANCE.essential),
    ...view.proposals.slice(0, shown).flatMap((proposal, index) => onePart(proposal, index)),
    ...(view.more || view.proposals.length > shown
      ? [context('There are more, shown once these are decided.', IMPORTANCE.note)]
      : []),
  ];
  // Fewer, rather than one with its buttons and without what it changes.
  let shown = MOST_SHOWN;
  while (shown > 1 && !fitsMessage(listed(shown))) shown -= 1;
  return fitMessage(done ?? title, listed(shown));
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

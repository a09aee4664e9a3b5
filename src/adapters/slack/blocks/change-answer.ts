import type { SettingsChangeResult } from '../../../use-cases/use-cases.ts';
import type { Answer } from '../answers/answer.ts';
import { fitMessage } from './fit-message.ts';
import { environment, mentions, slug, typed } from './mrkdwn.ts';
import { context, IMPORTANCE, section } from './parts.ts';
import { proposedChanges } from './proposal-parts.ts';
import { escaped } from './text.ts';

/** What became of a wish to change settings: whether it applies, or waits for approval and whose. */
export function changeAnswer(result: SettingsChangeResult): Answer {
  if (result.kind === 'unchanged') return { text: 'Nothing was changed: the settings are like that already.' };
  const { proposal } = result;
  const { canApprove, needs } = proposal;
  const what = `${proposal.workflow === null ? '' : `${slug(proposal.workflow)} in `}${environment(proposal.environment)}`;
  if (result.kind === 'applied') {
    const text = `The settings of ${what} are changed, now number ${result.number}.`;
    return fitMessage(text, [section(text, IMPORTANCE.essential), proposedChanges(proposal, 'What changed')]);
  }
  const able = canApprove.userIds.length === 0 ? '' : ` ${mentions(canApprove.userIds.slice(0, 10))} can.`;
  const text = `You asked to change the settings of ${what}. It applies once it is approved. ${escaped(needs, 200)}.${able}`;
  return fitMessage(text, [
    section(text, IMPORTANCE.essential),
    proposedChanges(proposal),
    context(`${typed(`/towpath env ${proposal.environment.name} proposals`)} shows what waits.`, IMPORTANCE.note),
  ]);
}

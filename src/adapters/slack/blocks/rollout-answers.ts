import { shareText, WHOLE } from '../../../domain/rollout.ts';
import type { RolloutReceiptView, RolloutView, SideFigures } from '../../../use-cases/views.ts';
import { ROLL_BACK, UNDO_ABORT } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button } from './button.ts';
import { figuresInWords } from './figures.ts';
import { fitMessage } from './fit-message.ts';
import { environment, mention, moment, slug, typed, version } from './mrkdwn.ts';
import { buttons, context, IMPORTANCE, type Part, section } from './parts.ts';
import { compareSides, rolloutButtons } from './rollout-buttons.ts';
import { barred, movedOn, type ShownRollout, whoGetsWhat, whoOf } from './rollout-words.ts';

/*
 * What is told privately of a canary: how both sides do, and what was done to it.
 */

/** `/towpath rollout WORKFLOW ENVIRONMENT`: who gets what, how each does, and what can be done. */
export function rolloutAnswer(view: RolloutView): Answer {
  const { workflow, candidate, active, quarantined, runs } = view;
  const where = environment(view.environment);
  const title = `${slug(workflow)} in ${where}: canary of ${version(candidate.version)} at ${shareText(candidate.share)}`;
  const shown: ShownRollout = {
    ...{ workflow, environment: view.environment, deploymentId: candidate.deploymentId, share: candidate.share },
    ...{ candidate: candidate.version, active: active.version, waiting: view.waiting, promotionId: null },
  };
  const [next = '', live = ''] = whoGetsWhat(shown);
  const possible = quarantined ? 'none' : view.scheduled ? 'whole' : 'all';
  return fitMessage(title, [
    section(
      `🐤 *${title}*\nStarted by ${mention(candidate.startedBy)} ${moment(candidate.startedAt)}`,
      IMPORTANCE.essential,
    ),
    section(`${next}\n${sideInWords(runs.candidate)}`, IMPORTANCE.needed),
    section(`${live}\n${sideInWords(runs.active)}`, IMPORTANCE.needed),
    ...(quarantined ? [section(barred(candidate.version), IMPORTANCE.needed)] : []),
    ...movedOn(view.sinceApproved),
    ...rolloutButtons(shown, possible),
    context(`Runs since ${moment(runs.since)}.${possible === 'all' ? otherShares(view) : ''}`, IMPORTANCE.note),
  ]);
}

function otherShares({ workflow, environment: { name } }: RolloutView): string {
  return ` ${typed(`/towpath rollout ${workflow.slug} ${name} 5%`)} sets any other share.`;
}

function sideInWords(figures: SideFigures): string {
  return figures.runs === 0 ? 'No run of it was reported yet' : figuresInWords(figures);
}

/** After a step, a finish, an abort or its undo. @param by what was typed or clicked, where that was a rollback */
export function rolloutDone(receipt: RolloutReceiptView): Answer {
  switch (receipt.act) {
    case 'changed':
    case 'resumed':
      return movedAnswer(receipt);
    case 'finished':
      return { text: finishedText(receipt) };
    case 'aborted':
      return abortedAnswer(receipt);
  }
}

function movedAnswer(receipt: RolloutReceiptView): Answer {
  const shown = shownOf(receipt);
  const [next = '', live = ''] = whoGetsWhat(shown);
  const text = movedText(receipt);
  return fitMessage(text, [
    section([`*${text}*`, next, live].join('\n'), IMPORTANCE.essential),
    ...rolloutButtons(shown, receipt.steps, compareSides(shown)),
  ]);
}

function movedText({
  act,
  changed,
  workflow,
  environment: where,
  version: next,
  share,
  before,
}: RolloutReceiptView): string {
  const what = `the canary of ${slug(workflow)} ${version(next)} in ${environment(where)}`;
  if (act === 'resumed') return `Undone: ${what} runs again at ${shareText(share)}.`;
  if (!changed) return `It is so already: ${what} is at ${shareText(share)}. Nothing was changed.`;
  return `Done: ${what} is at ${shareText(share)} now, ${before === null ? '' : `${shareText(before)} before`}.`;
}

function finishedText({
  changed,
  workflow,
  environment: where,
  version: next,
  superseded,
  followed,
}: RolloutReceiptView): string {
  const what = `${slug(workflow)} ${version(next)}`;
  if (!changed) return `The canary of ${what} in ${environment(where)} was finished already. Nothing was changed.`;
  const back = followed === null ? `; ${typed(`/rollback ${workflow.slug} ${where.name}`)} brings it back` : '';
  const gone = superseded === null ? '' : ` ${version(superseded)} is out${back}.`;
  if (followed !== null && followed.canary === null)
    return `Finished: the canary of ${what} is over in ${environment(where)}. ${followedText(followed)}`;
  const beside = followed === null ? '' : ` ${followedText(followed)}`;
  return `Finished: everybody in ${environment(where)} gets ${what} now.${gone}${beside}`;
}

function abortedAnswer(receipt: RolloutReceiptView): Answer {
  const { changed, workflow, environment: where, version: next, active } = receipt;
  const what = `${slug(workflow)} ${version(next)}`;
  // Another canary of it may run since.
  if (!changed)
    return { text: `The canary of ${what} in ${environment(where)} was aborted already. Nothing was changed.` };
  const stayed = `Everybody there gets ${version(active.version)}, which stayed live.`;
  const text = `Aborted: ${what} is out of ${environment(where)}. ${receipt.followed === null ? stayed : followedText(receipt.followed)}`;
  return fitMessage(text, [section(text, IMPORTANCE.essential), ...buttons([undo(receipt)]), ...undoNote(receipt)]);
}

/** Somebody else's request, with all its approvals: whoever ended the canary may not have known of it. */
function followedText({ version: next, canary }: NonNullable<RolloutReceiptView['followed']>): string {
  const waited = `${version(next)} had waited for that with all that it needs, and`;
  return canary === null
    ? `${waited} is live there for everybody now.`
    : `${waited} started there as a canary at ${shareText(canary)}.`;
}

/** After `/rollback` while a canary ran: says what did not happen, and offers it. */
export function onlyAbortedAnswer(receipt: RolloutReceiptView, note = ''): Answer {
  const { environment: where, version: next, active } = receipt;
  const text = `Only the canary was taken out: ${version(next)} is gone from ${environment(where)}, and everybody there gets ${version(active.version)}, which stayed live and was *not* rolled back.${note}`;
  return fitMessage(text, [
    section(`${text}\nIs ${version(active.version)} at fault, too?`, IMPORTANCE.essential),
    ...buttons([rollBackToo(receipt), undo(receipt)]),
    ...undoNote(receipt),
  ]);
}

/** Carries the deployment that stayed live, so that nothing else is rolled back. */
function rollBackToo({ workflow, environment: where, active }: RolloutReceiptView) {
  const name = `v${active.version.number}`;
  const text = `${name} goes out of ${where.name} at once and the version live before it comes back, for everybody. ${name} can’t be promoted again until an admin allows it.`;
  const carried = { deploymentId: active.deploymentId, workflow: workflow.slug, environment: where.name };
  const confirm = { title: `Roll back ${name}?`, text, yes: 'Roll back', no: 'Leave it live' };
  return button(ROLL_BACK, `Roll back ${name} too`, carried, { style: 'danger', confirm });
}

function undo({ undoUntil, deploymentId, environment: where, version: next, active, share }: RolloutReceiptView) {
  if (undoUntil === null) return null;
  const rest = share === WHOLE ? '' : ` All others keep v${active.version.number}.`;
  const text = `In ${where.name} ${whoOf(share)} ${share === 0 || share === WHOLE ? 'gets' : 'get'} v${next.number} again at once.${rest}`;
  const confirm = { title: 'Undo the abort?', text, yes: 'Undo', no: 'Leave it' };
  return button(UNDO_ABORT, 'Undo the abort', { deploymentId }, { confirm });
}

function undoNote({ undoUntil }: RolloutReceiptView): Part[] {
  return undoUntil === null ? [] : [context(`You can undo this until ${moment(undoUntil)}.`, IMPORTANCE.note)];
}

function shownOf({
  workflow,
  environment: where,
  deploymentId,
  version: next,
  active,
  share,
  waiting,
}: RolloutReceiptView): ShownRollout {
  return {
    ...{ workflow, environment: where, deploymentId, share },
    ...{ candidate: next, active: active.version, waiting, promotionId: null },
  };
}

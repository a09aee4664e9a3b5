import type { Button } from '@slack/types';
import { shareText, WHOLE } from '../../../domain/rollout.ts';
import type { PossibleSteps } from '../../../use-cases/views.ts';
import { ABORT_ROLLOUT, CHANGE_ROLLOUT, FINISH_ROLLOUT, nth, SHOW_ROLLOUT } from '../actions/action-ids.ts';
import { button } from './button.ts';
import { buttons, type Part } from './parts.ts';
import { type ShownRollout, stepText, whoOf } from './rollout-words.ts';

/** The steps that are offered; any other share is typed. */
const STEPS = [2_500, 5_000, WHOLE];

/**
 * What can be done with a canary, each asked about first in words that say who gets what. The steps stand apart from both ends,
 * which name the version that stays: who is woken by a canary may think of either as its end.
 */
export function rolloutButtons(shown: ShownRollout, possible: PossibleSteps, first: Button | null = null): Part[] {
  if (possible === 'none') return buttons([first, abort(shown)]);
  const steps = STEPS.filter((step) => step > shown.share && (possible === 'all' || step === WHOLE));
  return [
    ...buttons([first, ...steps.map((step, i) => stepButton(shown, step, i))]),
    ...buttons([finish(shown), abort(shown)]),
  ];
}

/** Leads from the card to how both sides do, which changes by the minute. */
export function compareSides(shown: ShownRollout): Button | null {
  return button(SHOW_ROLLOUT, 'Compare', carriedBy(shown));
}

/** Carries the deployment that is shown: a button that is behind moves nothing else. */
function carriedBy({ workflow, environment, deploymentId, promotionId }: ShownRollout) {
  return {
    workflow: workflow.slug,
    environment: environment.name,
    deploymentId,
    ...(promotionId === null ? {} : { promotionId }),
  };
}

function stepButton(shown: ShownRollout, share: number, index: number): Button | null {
  const { environment, candidate, share: now } = shown;
  const rest =
    share === WHOLE
      ? `Runs without a key get it too. ${liveName(shown)} stands by until Finish: Abort brings it back at once.`
      : `Whoever has it keeps it. All others, and runs without a key, stay on ${liveName(shown)}.`;
  const confirm = {
    title: `Give v${candidate.number} to ${whoOf(share)}?`,
    text: `In ${environment.name} ${whoOf(share)} get${share === WHOLE ? 's' : ''} v${candidate.number}, instead of ${whoOf(now)}. ${rest}`,
    yes: `Go to ${shareText(share)}`,
    no: `Stay at ${shareText(now)}`,
  };
  return button(nth(CHANGE_ROLLOUT, index), stepText(share), { ...carriedBy(shown), share, from: now }, { confirm });
}

function finish(shown: ShownRollout): Button | null {
  const { environment, candidate, share } = shown;
  const others = share === WHOLE ? '' : `, also the ${shareText(WHOLE - share)} on ${liveName(shown)} now`;
  const confirm = {
    title: `Finish: v${candidate.number} for everybody?`,
    text: `Everybody in ${environment.name} gets v${candidate.number}${others}. ${liveName(shown)} goes out; only a rollback brings it back then.`,
    yes: `v${candidate.number} for everybody`,
    no: `Stay at ${shareText(share)}`,
  };
  return button(FINISH_ROLLOUT, `Finish with v${candidate.number}`, carriedBy(shown), { confirm });
}

function abort(shown: ShownRollout): Button | null {
  const { environment, candidate, share } = shown;
  const had =
    share === 0
      ? ''
      : `, also ${share === WHOLE ? 'all who have' : `the ${shareText(share)} with`} v${candidate.number} now`;
  const confirm = {
    title: `Abort the canary of v${candidate.number}?`,
    text: `Everybody in ${environment.name} gets ${liveName(shown)} at once${had}.${next(shown)} v${candidate.number} isn’t barred: it can be asked for again, with new approvals.`,
    yes: 'Abort',
    no: 'Let it run',
  };
  const back = shown.active === null ? 'Abort' : `Abort, back to v${shown.active.number}`;
  return button(ABORT_ROLLOUT, back, carriedBy(shown), { style: 'danger', confirm });
}

/** Nobody brings in something new by an abort without knowing. */
function next({ waiting }: ShownRollout): string {
  if (waiting === null) return '';
  const [name, { canary }] = [`v${waiting.version.number}`, waiting];
  const what = canary === null ? 'takes its place for everybody' : `starts as a canary at ${shareText(canary)}`;
  return ` Then ${name}, which waits for this with all that it needs, ${what}.`;
}

function liveName({ active }: ShownRollout): string {
  return active === null ? 'what was live before' : `v${active.number}`;
}

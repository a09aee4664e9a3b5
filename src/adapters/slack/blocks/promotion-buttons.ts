import type { Button } from '@slack/types';
import type { PromotionView } from '../../../use-cases/views.ts';
import {
  APPROVE,
  ASK_GATES,
  CANCEL,
  FULL_DIFF,
  LOCK,
  nth,
  OPEN_LINK,
  REJECT,
  REVIEW,
  ROLL_BACK,
  UNLOCK,
} from '../actions/action-ids.ts';
import { isEarlier } from './approvals.ts';
import { button, linkButton } from './button.ts';
import { buttons, type Part } from './parts.ts';
import { compareSides, rolloutButtons } from './rollout-buttons.ts';
import { rolledOut } from './rollout-words.ts';

/** What can be done with a promotion in its state. @param wide the address of the comparison's page */
export function promotionButtons(view: PromotionView, wide: string | null): Part[] {
  const look = [fullDiff(view.id), wideScreen(wide)];
  if (view.status === 'open') return buttons([approve(view), reject(view.id), ...look, cancel(view)]);
  if (view.status === 'deployed' && view.deployment?.active)
    return buttons([...look, rollBack(view, view.deployment.id)]);
  return buttons(look);
}

/** What can be done with the canary that it became, to stand beside who gets what: on a phone the rest is a screen long. */
export function canaryButtons(view: PromotionView): Part[] {
  const rollout = rolledOut(view);
  return rollout === null
    ? []
    : rolloutButtons(rollout, view.deployment?.rollout?.steps ?? 'all', compareSides(rollout));
}

/** The id of the block whose buttons the card in a modal does without. */
export const HOLD_BUTTONS = 'hold_buttons';

/** Beside the decision: to look again at what moved since one approved, and to keep it and all else from going live. */
export function holdButtons(view: PromotionView): Part[] {
  if (view.status !== 'open') return [];
  const again = view.approvals.some(isEarlier) ? button(REVIEW, 'Review again', { promotionId: view.id }) : null;
  const own = view.locks.find(({ promotionId }) => promotionId === view.id);
  const hold = own === undefined ? button(LOCK, 'Lock', { promotionId: view.id }) : unlock(view, own.id);
  // Of one that said no the answer says that this stays.
  const hasFailed = view.requirements.some(({ kind, state }) => kind === 'gates' && state === 'failed');
  const gates = hasFailed ? button(ASK_GATES, 'Ask gates again', { promotionId: view.id }) : null;
  return buttons([again, gates, hold]).map(({ block, importance }) => ({
    block: { ...block, block_id: HOLD_BUTTONS } as typeof block,
    importance,
  }));
}

function unlock({ id, to, workflow }: PromotionView, lockId: string): Button | null {
  const text = `${workflow.slug} may go live in ${to.name} again, this request included. Whoever locked it is told, unless it was you.`;
  const confirm = { title: 'Unlock it?', text, yes: 'Unlock', no: 'Leave it locked' };
  return button(UNLOCK, 'Unlock', { lockId, promotionId: id, others: true }, { confirm });
}

/** Leads out of Slack, to the same comparison with room for it. */
export function wideScreen(address: string | null): Button | null {
  return address === null ? null : linkButton(nth(OPEN_LINK, 0), 'Open on a wide screen', address);
}

/** Carries the fingerprint of what the card shows, so that nobody approves what they did not see (rule 5). */
function approve(view: PromotionView): Button | null {
  return button(APPROVE, 'Approve', { promotionId: view.id, fingerprint: view.fingerprint }, { style: 'primary' });
}

function reject(promotionId: string): Button | null {
  return button(REJECT, 'Reject', { promotionId }, { style: 'danger' });
}

function fullDiff(promotionId: string): Button | null {
  return button(FULL_DIFF, 'Full diff', { promotionId });
}

function cancel(view: PromotionView): Button | null {
  const text = `The request to take v${view.version.number} to ${view.to.name} is withdrawn. It can be asked for again.`;
  return button(
    CANCEL,
    'Cancel',
    { promotionId: view.id },
    { confirm: { title: 'Cancel this request?', text, yes: 'Cancel the request', no: 'Keep it' } },
  );
}

/** Carries the deployment that the card shows: a card that is behind rolls nothing else back. */
function rollBack(view: PromotionView, deploymentId: string): Button | null {
  const before =
    view.replaces === null
      ? 'the version before comes back'
      : `v${view.replaces.number} or the one live before it comes back`;
  const text = `v${view.version.number} goes out of ${view.to.name} at once and ${before}.${canaryToo(view)} v${view.version.number} can't be promoted again until an admin allows it.`;
  const carried = { deploymentId, promotionId: view.id, workflow: view.workflow.slug, environment: view.to.name };
  const confirm = { title: `Roll back ${view.workflow.slug}?`, text, yes: 'Roll back', no: 'Leave it live' };
  return button(ROLL_BACK, 'Roll back', carried, { style: 'danger', confirm });
}

function canaryToo({ deployment }: PromotionView): string {
  const beside = deployment?.beside ?? null;
  return beside === null ? '' : ` The canary of v${beside.number} goes, too.`;
}

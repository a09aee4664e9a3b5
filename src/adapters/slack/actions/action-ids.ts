/*
 * What every button and form is called. A button's id may end in `:` and a number where a row holds several of one kind;
 * what follows the colon is not part of its name.
 */

export const APPROVE = 'approve_promotion';
export const REJECT = 'reject_promotion';
export const CANCEL = 'cancel_promotion';
export const APPROVE_SETTINGS = 'approve_settings';
export const REJECT_SETTINGS = 'reject_settings';
export const CANCEL_SETTINGS = 'cancel_settings';
export const SETTINGS_DIFF = 'show_settings_diff';
export const SETTINGS_DIFF_PAGE = 'settings_diff_page';
export const SHOW_PROPOSALS = 'show_proposals';
export const EDIT_SETTINGS = 'edit_settings';
export const SETTINGS_HISTORY = 'settings_history';
export const SETTINGS_HISTORY_PAGE = 'settings_history_page';
export const GO_BACK = 'go_back_settings';
export const BIND_MASKS = 'bind_masks';
export const FULL_DIFF = 'show_diff';
export const ROLL_BACK = 'roll_back';
export const UNDO_ROLLBACK = 'undo_rollback';
export const CHANGE_ROLLOUT = 'change_rollout';
export const FINISH_ROLLOUT = 'finish_rollout';
export const ABORT_ROLLOUT = 'abort_rollout';
export const UNDO_ABORT = 'undo_abort';
export const SHOW_ROLLOUT = 'show_rollout';
export const PROMOTE = 'promote_version';
export const REPLACE = 'replace_promotion';
export const KEEP = 'keep_promotion';
export const TICK = 'tick_item';
export const UNTICK = 'untick_item';
export const ASK_GATES = 'ask_gates';
export const LOCK = 'lock_promotion';
export const UNLOCK = 'unlock';
export const UNFREEZE = 'unfreeze';
export const SHOW_CASES = 'show_cases';
export const RUN_TESTS = 'run_tests';
export const STOP_TESTS = 'stop_tests';
export const EDIT_SUITE = 'edit_suite';
export const REDELIVER = 'redeliver_webhook';
export const MORE_STATUS = 'more_status';
export const MORE_HISTORY = 'more_history';
export const MORE_WEBHOOKS = 'more_webhooks';
export const MORE_TOKENS = 'more_tokens';
export const MORE_AGENTS = 'more_agents';
export const MORE_AUDIT = 'more_audit';
export const DIFF_PAGE = 'diff_page';
export const REVIEW = 'review_promotion';
export const OPEN_LINK = 'open_link';
export const OPEN_PUSH = 'open_push';
export const REFUSE_LOGIN = 'refuse_login';

export const REJECT_FORM = 'reject_form';
export const LOCK_FORM = 'lock_form';
export const SUITE_FORM = 'suite_form';
export const PUSH_FORM = 'push_form';
export const LOGIN_FORM = 'login_form';
export const SETTINGS_FORM = 'settings_form';
export const GO_BACK_FORM = 'go_back_form';
export const BIND_FORM = 'bind_form';

/** The id of one of several buttons of a kind in the same row. */
export function nth(actionId: string, index: number): string {
  return `${actionId}:${index}`;
}

/** The kind of button behind an id. */
export function actionName(actionId: string): string {
  return actionId.split(':', 1)[0] ?? actionId;
}

import { RefusedError } from './refused-error.ts';

/** Every stable code a refusal can carry. The API shows it as `code`; branch on it, never on the sentence. */
export type RefusalCode =
  | 'unknown_workflow'
  | 'unknown_version'
  | 'unknown_file'
  | 'unknown_environment'
  | 'ambiguous_environment'
  | 'unknown_promotion'
  | 'unknown_settings_revision'
  | 'unknown_settings_proposal'
  | 'already_proposed'
  | 'unknown_department'
  | 'unknown_token'
  | 'login_ended'
  | 'login_refused'
  | 'department_required'
  | 'invalid_input'
  | 'not_first_environment'
  | 'no_environment_before'
  | 'nothing_active_before'
  | 'already_active'
  | 'quarantined'
  | 'not_quarantined'
  | 'not_permitted'
  | 'own_request'
  | 'no_open_promotion'
  | 'which_promotion'
  | 'already_decided'
  | 'review_changed'
  | 'nothing_active'
  | 'nothing_to_roll_back_to'
  | 'nothing_to_compare_with'
  | 'scheduled_workflow'
  | 'rollout_running'
  | 'locked'
  | 'frozen'
  | 'nothing_locked'
  | 'not_frozen'
  | 'unknown_item'
  | 'no_suite'
  | 'no_runner'
  | 'unknown_work'
  | 'cost_reached'
  | 'unknown_suite_run'
  | 'unknown_check'
  | 'no_rollout'
  | 'moved_on'
  | 'does_not_fill'
  | 'unknown_secret'
  | 'secret_unavailable'
  | 'undo_expired'
  | 'label_taken'
  | 'invalid_label'
  | 'managed_by_file'
  | 'confirmation_outdated'
  | 'invalid_configuration'
  | 'too_large'
  | 'too_many'
  | 'unavailable';

/** A refusal whose sentence was written where the rule is. */
export class Refusal extends RefusedError {
  readonly code: RefusalCode;
  readonly userMessage: string;
  /** What a listener may offer beside the sentence, for instance the promotions to choose from. */
  readonly offers: readonly Offer[];

  constructor(code: RefusalCode, userMessage: string, offers: readonly Offer[] = []) {
    super(userMessage);
    this.name = 'Refusal';
    this.code = code;
    this.userMessage = userMessage;
    this.offers = offers;
  }
}

/** Something that the person who was refused may do instead, shown as a button. */
export interface Offer {
  kind: 'approve' | 'reject';
  label: string;
  promotionId: string;
}

import type { ViewResponseAction } from '@slack/bolt';
import {
  BIND_FORM,
  GO_BACK_FORM,
  LOCK_FORM,
  LOGIN_FORM,
  PUSH_FORM,
  REJECT_FORM,
  SETTINGS_FORM,
  SUITE_FORM,
} from '../actions/action-ids.ts';
import type { Listening } from '../listen.ts';
import { viewSubmission } from '../requests.ts';
import { submitGoBack } from './go-back-form.ts';
import { submitLogin } from './login-modal.ts';
import { submitBind } from './submit-bind.ts';
import { submitLock } from './submit-lock.ts';
import { submitPush } from './submit-push.ts';
import { submitReject } from './submit-reject.ts';
import { submitSettings } from './submit-settings.ts';
import { submitSuite } from './submit-suite.ts';

export type SubmissionAck = (response?: ViewResponseAction) => Promise<void>;

/** Takes every form that is sent. */
export function makeSubmissionListener(listening: Listening): (body: unknown, ack: SubmissionAck) => Promise<void> {
  return async (body, ack) => {
    const submission = viewSubmission.parse(body);
    switch (submission.view.callback_id) {
      case REJECT_FORM:
        return submitReject(listening, submission, ack);
      case PUSH_FORM:
        return submitPush(listening, submission, ack);
      case LOCK_FORM:
        return submitLock(listening, submission, ack);
      case LOGIN_FORM:
        return submitLogin(listening, submission, ack);
      case SETTINGS_FORM:
        return submitSettings(listening, submission, ack);
      case GO_BACK_FORM:
        return submitGoBack(listening, submission, ack);
      case BIND_FORM:
        return submitBind(listening, submission, ack);
      case SUITE_FORM:
        return submitSuite(listening, submission, ack);
      default:
        return ack();
    }
  };
}

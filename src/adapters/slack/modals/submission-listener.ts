import type { ViewResponseAction } from '@slack/bolt';
import { LOGIN_FORM, PUSH_FORM, REJECT_FORM } from '../actions/action-ids.ts';
import type { Listening } from '../listen.ts';
import { viewSubmission } from '../requests.ts';
import { submitLogin } from './login-modal.ts';
import { submitPush } from './submit-push.ts';
import { submitReject } from './submit-reject.ts';

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
      case LOGIN_FORM:
        return submitLogin(listening, submission, ack);
      default:
        return ack();
    }
  };
}

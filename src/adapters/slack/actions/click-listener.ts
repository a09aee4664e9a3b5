import type { RefusedError } from '../../../domain/refused-error.ts';
import type { Addressee } from '../answers/send-privately.ts';
import type { Listening } from '../listen.ts';
import { openBindForm } from '../modals/bind-form.ts';
import { openCases } from '../modals/cases-modal.ts';
import { openDiffModal, turnDiffPage } from '../modals/diff-modal.ts';
import { openGoBackForm } from '../modals/go-back-form.ts';
import { openLockForm } from '../modals/lock-form.ts';
import { refuseLogin } from '../modals/login-modal.ts';
import { openSettingsForm } from '../modals/open-settings-form.ts';
import { openPushModal } from '../modals/push-modal.ts';
import { openRejectModal, openRejectSettingsModal } from '../modals/reject-modal.ts';
import { openReviewModal } from '../modals/review-modal.ts';
import { openSettingsDiff, turnSettingsDiff } from '../modals/settings-diff-modal.ts';
import { openSettingsHistory, turnSettingsHistory } from '../modals/settings-history.ts';
import { openSuiteForm } from '../modals/suite-form.ts';
import { clickRequest, requestKey, type SlackClick } from '../requests.ts';
import * as ids from './action-ids.ts';
import { afterClick, subjectOf } from './after-click.ts';
import type { Click, ClickHandler } from './click.ts';
import { makeApproveClick, makeCancelClick } from './decide.ts';
import { makeSettingsClicks } from './decide-settings.ts';
import { makeHoldClicks } from './hold.ts';
import { makeMoreClicks } from './more.ts';
import { makeKeepClick, makePromoteClick, makeReplaceClick, makeRollBackClick, makeUndoClick } from './move.ts';
import { makeRolloutClicks } from './rollout.ts';
import { makeTestClicks } from './tests.ts';

/** Opens or turns a modal: must be quick, and repeating it is harmless. Answers for itself. */
type Opener = (listening: Listening, click: Click, to: Addressee) => Promise<void>;

const OPENERS: Record<string, Opener> = {
  [ids.REJECT]: openRejectModal,
  [ids.REJECT_SETTINGS]: openRejectSettingsModal,
  [ids.SETTINGS_DIFF]: openSettingsDiff,
  [ids.SETTINGS_DIFF_PAGE]: turnSettingsDiff,
  [ids.EDIT_SETTINGS]: openSettingsForm,
  [ids.SETTINGS_HISTORY]: openSettingsHistory,
  [ids.SETTINGS_HISTORY_PAGE]: turnSettingsHistory,
  [ids.GO_BACK]: openGoBackForm,
  [ids.BIND_MASKS]: openBindForm,
  [ids.FULL_DIFF]: openDiffModal,
  [ids.DIFF_PAGE]: turnDiffPage,
  [ids.REVIEW]: openReviewModal,
  [ids.LOCK]: openLockForm,
  [ids.SHOW_CASES]: openCases,
  [ids.EDIT_SUITE]: openSuiteForm,
  [ids.REFUSE_LOGIN]: refuseLogin,
  [ids.OPEN_PUSH]: (listening, { actor, triggerId }, to) =>
    openPushModal(listening, { actor, to, triggerId, originChannel: null }),
};

/** Takes every click on a button: acknowledges at once, then runs its handler. */
export function makeClickListener(listening: Listening): (body: unknown, ack: () => Promise<void>) => Promise<void> {
  const handlers: Record<string, ClickHandler> = {
    [ids.APPROVE]: makeApproveClick(listening),
    [ids.CANCEL]: makeCancelClick(listening),
    [ids.PROMOTE]: makePromoteClick(listening),
    [ids.REPLACE]: makeReplaceClick(listening),
    [ids.KEEP]: makeKeepClick(),
    [ids.ROLL_BACK]: makeRollBackClick(listening),
    [ids.UNDO_ROLLBACK]: makeUndoClick(listening),
    ...makeRolloutClicks(listening),
    ...makeSettingsClicks(listening),
    ...makeHoldClicks(listening),
    ...makeTestClicks(listening),
    ...makeMoreClicks(listening),
  };
  const unknown: ClickHandler = () =>
    Promise.resolve({
      text: 'This button is from another version of Towpath and does nothing any more. `/towpath help` lists the commands.',
    });
  return async (body, ack) => {
    await ack();
    const request = clickRequest.parse(body);
    const name = ids.actionName(request.actions[0]?.action_id ?? '');
    // A link opens by itself; Slack reports the click all the same.
    if (name === ids.OPEN_LINK) return;
    const click = readClick(listening, request);
    const to = addressee(request);
    const open = Object.hasOwn(OPENERS, name) ? OPENERS[name] : undefined;
    if (open !== undefined) return open(listening, click, to);
    const handle = (Object.hasOwn(handlers, name) ? handlers[name] : undefined) ?? unknown;
    await listening.answerPerson(
      {
        key: requestKey('click', request),
        what: name,
        to,
        whenRefused: (refused) => refreshStale(listening, click, refused),
      },
      async () => {
        const answer = await handle(click);
        await afterClick(listening, click);
        return answer;
      },
    );
  };
}

function readClick(
  { workspace }: Listening,
  { user, actions, channel, trigger_id: triggerId, view }: SlackClick,
): Click {
  return {
    value: readJson(actions[0]?.value ?? 'null'),
    actor: { workspaceId: workspace.id, userId: user.id, via: 'slack' },
    channelId: channel?.id ?? null,
    triggerId: triggerId ?? null,
    view: view ?? null,
  };
}

function addressee({ user, channel, response_url: responseUrl, container }: SlackClick): Addressee {
  return {
    userId: user.id,
    ...(channel && { channelId: channel.id }),
    ...(responseUrl !== undefined && { responseUrl }),
    isPrivate: container?.is_ephemeral === true,
  };
}

/** What was clicked may show an earlier state: it is brought up to date, so that the next click is made on what is true. */
async function refreshStale(listening: Listening, click: Click, refused: RefusedError): Promise<void> {
  const subject = subjectOf(click);
  if (subject === null || refused.code === 'unavailable') return;
  await listening.ports.inTransaction(listening.workspace.id, (tx) => tx.announcements.refresh(subject));
  await afterClick(listening, click);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

import { z } from 'zod';
import type { Actor } from '../../../domain/actor.ts';
import { LOGIN_FORM } from '../actions/action-ids.ts';
import type { Click } from '../actions/click.ts';
import type { Addressee } from '../answers/send-privately.ts';
import { loggedIn, loginQuestion, loginRefused } from '../blocks/login-answers.ts';
import { takeWords } from '../commands/typed-text.ts';
import type { Listening } from '../listen.ts';
import type { SlackSubmission } from '../requests.ts';
import { type ModalLook, modal, waitingModal } from './modal.ts';
import { fill, openAndFill } from './open-modal.ts';
import type { SubmissionAck } from './submission-listener.ts';

/** It holds no code: whoever reads a form afterwards has nothing of it. */
const carried = z.object({ loginId: z.string() });
const LOOK: ModalLook = { title: 'Log in', callbackId: LOGIN_FORM };
/** Letters in groups, and a blank between any two of them. */
const MOST_WORDS = 8;

/** The code of `/towpath login CODE`; null where it was typed for something else, or without one. */
export function typedLoginCode(text: string): string | null {
  const [word, ...code] = takeWords(text, MOST_WORDS + 1).words;
  if (word?.toLowerCase() !== 'login' || code.length === 0) return null;
  return ['help', '?'].includes(code[0]?.toLowerCase() ?? '') ? null : code.join(' ');
}

/** Says what waits under the code, and asks whether it may act as whoever typed it. */
export async function openLoginModal(
  listening: Listening,
  code: string,
  { actor, to, triggerId }: { actor: Actor; to: Addressee; triggerId: string | null },
): Promise<void> {
  await openAndFill(listening, { actor, triggerId }, to, LOOK, async () => {
    const login = await listening.useCases.findLogin({ actor, code });
    return modal(
      { ...LOOK, submit: 'Let it act as me', close: 'Cancel', metadata: { loginId: login.id } },
      loginQuestion(login),
    );
  });
}

/** The form stays open and says how it went. */
export async function submitLogin(
  listening: Listening,
  { user, view }: SlackSubmission,
  ack: SubmissionAck,
): Promise<void> {
  await ack({ response_action: 'update', view: waitingModal(LOOK, 'Logging in…') });
  await fill(listening, { view_id: view.id }, user.id, LOOK, async () => {
    await listening.ensureKnown(user.id);
    const { loginId } = carried.parse(JSON.parse(view.private_metadata));
    const actor = { workspaceId: listening.workspace.id, userId: user.id, via: 'slack' } as const;
    return modal(LOOK, loggedIn(await listening.useCases.confirmLogin({ actor, loginId })));
  });
}

/** “I did not start this” */
export async function refuseLogin(listening: Listening, { actor, value, view }: Click): Promise<void> {
  if (view === null) return;
  await fill(listening, { view_id: view.id }, actor.userId, LOOK, async () => {
    await listening.ensureKnown(actor.userId);
    const { loginId } = carried.parse(value);
    await listening.useCases.refuseLogin({ actor, loginId });
    return modal(LOOK, loginRefused());
  });
}

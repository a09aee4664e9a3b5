import type { Role } from '../../../domain/person.ts';
import type { LoginView } from '../../../use-cases/login/login-use-cases.ts';
import { REFUSE_LOGIN } from '../actions/action-ids.ts';
import { button } from './button.ts';
import { duration, moment, typed } from './mrkdwn.ts';
import { buttons, context, IMPORTANCE, type Part, section } from './parts.ts';

/** What each role adds, for a sentence. */
const MAY: Record<Role, string> = {
  viewer: 'read everything that you can see here, and change nothing',
  member: 'push, deploy, ask for promotions, roll back, and *approve* where members may',
  lead: 'push, deploy, change settings, ask for promotions, *approve and reject* them, and roll back',
  admin: 'push, deploy, change settings, *approve and reject* promotions, roll back, and *make and end API tokens*',
};

/** What whoever typed a code is asked. */
export function loginQuestion({ id, device, startedAt, person, tokenLife }: LoginView): Part[] {
  return [
    section(
      `*A program wants to act as you.*\nIt calls itself ${typed(device)} and asked ${moment(startedAt)}.`,
      IMPORTANCE.essential,
    ),
    section(
      `:warning: *Go on only if you typed ${typed('towpath login')} yourself just now*, and it is your own terminal that waits. Did somebody send you this code? Nobody who helps you needs it, and whoever sent it could act as you.`,
      IMPORTANCE.essential,
    ),
    section(
      `As you are ${article(person.role)} *${person.role}*, it could ${MAY[person.role]}, for ${duration(tokenLife)}. Should your role change, so does what it may.`,
      IMPORTANCE.needed,
    ),
    ...buttons([button(REFUSE_LOGIN, 'I did not start this', { loginId: id }, { style: 'danger' })]),
    context(
      `What it does is recorded under your name, with the name of its token. ${typed('/towpath tokens')} lists what acts as you.`,
      IMPORTANCE.note,
    ),
  ];
}

export function loggedIn({ device }: LoginView): Part[] {
  return [
    section(`:white_check_mark: ${typed(device)} acts as you now. Go back to your terminal.`, IMPORTANCE.essential),
    context(
      `${typed('/towpath tokens')} lists what acts as you, and ${typed('/towpath token revoke NAME')} ends it.`,
      IMPORTANCE.note,
    ),
  ];
}

export function loginRefused(): Part[] {
  return [
    section(
      'Refused: it gets nothing. If somebody sent you that code, tell an admin, since they may ask others too.',
      IMPORTANCE.essential,
    ),
  ];
}

function article(role: Role): string {
  return role === 'admin' ? 'an' : 'a';
}

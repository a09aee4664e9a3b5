import type { Actor } from '../../domain/actor.ts';
import { hashCode, type Login, MOST_TRIES, PERSONAL_LIFE, readCode, TRIES_COUNT_FOR } from '../../domain/login.ts';
import { assertCanLogIn } from '../../domain/permissions.ts';
import type { Person } from '../../domain/person.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Ports, Reading, Transaction } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import type { LoginView } from './login-use-cases.ts';

/** What a code stands for, for whoever typed it. Wrong ones are counted, so that nobody finds one by trying. */
export function makeFindLogin({ inTransaction }: Ports): UseCases['findLogin'] {
  return async ({ actor, code: typed }) => {
    const code = readCode(typed);
    if (code === null)
      throw new Refusal(
        'invalid_input',
        'A code has eight letters, such as BCDF-GHJK. Type it as `towpath login` shows it on your terminal.',
      );
    const found = await inTransaction(actor.workspaceId, (tx) => look(tx, actor, hashCode(code)));
    // Thrown here, since what is thrown in there is forgotten with the transaction.
    if (found === null)
      throw new Refusal(
        'login_ended',
        'No login waits under this code. Codes are good for ten minutes: run `towpath login` again and type the new one.',
      );
    return found;
  };
}

async function look(tx: Transaction, actor: Actor, codeHash: string): Promise<LoginView | null> {
  const person = await personWhoLogsIn(tx, actor);
  const since = new Date(tx.now.getTime() - TRIES_COUNT_FOR);
  if ((await tx.logins.countMissesLocked(actor.userId, since)) >= MOST_TRIES)
    throw new Refusal('too_many', 'That were too many wrong codes. Wait a minute, then type the one on your terminal.');
  const login = await tx.logins.findByCode(codeHash);
  if (login !== null) return describeLogin(login, person);
  await tx.logins.miss(actor.userId);
  return null;
}

/** Who decides about a login: a member of the workspace, in Slack, where who they are is certain. @throws Refusal not_permitted */
export async function personWhoLogsIn(tx: Reading, actor: Actor): Promise<Person> {
  if (actor.via !== 'slack')
    throw new Refusal('not_permitted', 'A login is confirmed in Slack, with `/towpath login`.');
  const person = await tx.people.get(actor.userId);
  assertCanLogIn(person);
  return person;
}

export function describeLogin({ id, device, startedAt, expiresAt }: Login, { userId, role }: Person): LoginView {
  return { id, device, startedAt, expiresAt, person: { userId, role }, tokenLife: PERSONAL_LIFE };
}

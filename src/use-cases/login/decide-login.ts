import { assertWaiting, endedLogin, type Login, MOST_OF_ONE, TIME_TO_COLLECT } from '../../domain/login.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Ports, Transaction } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import { describeLogin, personWhoLogsIn } from './find-login.ts';

/** Lets a program act as whoever confirms it. Its token is made when it asks for it, so that it is kept nowhere meanwhile. */
export function makeConfirmLogin({ inTransaction }: Ports): UseCases['confirmLogin'] {
  return ({ actor, loginId }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const person = await personWhoLogsIn(tx, actor);
      const login = await getLogin(tx, loginId);
      const isRepeated = login.state !== 'refused' && login.decidedBy === actor.userId;
      if (isRepeated) return describeLogin(login, person);
      assertWaiting(login, tx.now);
      await assertHasRoom(tx, actor.userId);
      const expiresAt = new Date(Math.max(login.expiresAt.getTime(), tx.now.getTime() + TIME_TO_COLLECT));
      await tx.logins.decide(login.id, { state: 'confirmed', decidedBy: actor.userId, expiresAt });
      await tx.audit.record(actor, {
        action: 'login.confirmed',
        subject: `login:${login.id}`,
        after: { device: login.device, startedAt: login.startedAt },
      });
      return describeLogin(login, person);
    });
}

/** Whoever reads a code that they did not ask for ends it. */
export function makeRefuseLogin({ inTransaction }: Ports): UseCases['refuseLogin'] {
  return ({ actor, loginId }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      await personWhoLogsIn(tx, actor);
      const login = await getLogin(tx, loginId);
      if (login.state === 'refused') return;
      assertWaiting(login, tx.now);
      await tx.logins.decide(login.id, { state: 'refused', decidedBy: actor.userId });
      await tx.audit.record(actor, {
        action: 'login.refused',
        subject: `login:${login.id}`,
        after: { device: login.device, startedAt: login.startedAt },
      });
    });
}

/** @throws Refusal login_ended */
async function getLogin(tx: Transaction, id: string): Promise<Login> {
  const login = await tx.logins.findLocked(id);
  if (login === null) throw endedLogin();
  return login;
}

/** @throws Refusal too_many */
export async function assertHasRoom(tx: Transaction, userId: string): Promise<void> {
  if ((await tx.tokens.countPersonalLocked(userId)) < MOST_OF_ONE) return;
  throw new Refusal(
    'too_many',
    `You are logged in on ${MOST_OF_ONE} command lines, which is as many as can be. \`/towpath tokens\` lists them; end one with \`/towpath token revoke NAME\`.`,
  );
}

import { randomBytes, randomInt } from 'node:crypto';
import type { Actor } from '../../domain/actor.ts';
import {
  endedLogin,
  hashDeviceCode,
  type Login,
  loginTokenName,
  looksLikeDeviceCode,
  PERSONAL_LIFE,
  refusedLogin,
} from '../../domain/login.ts';
import { assertCanLogIn } from '../../domain/permissions.ts';
import { Refusal } from '../../domain/refusal.ts';
import { expiryOf, hashToken, tokenText } from '../../domain/token.ts';
import { auditedToken, describeToken } from '../describe-token.ts';
import type { Ports, Transaction } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import { assertHasRoom } from './decide-login.ts';
import type { Collected } from './login-use-cases.ts';

/**
 * Hands a program the token of who confirmed it. Once: a second question by the same device code means that the answer was lost, or
 * that somebody else has the code too, and nobody can tell which. The token of the first answer ends then (as RFC 6749, 4.1.2, has it
 * for codes used twice), and the program starts again.
 */
export function makeCollectLogin({ inTransaction }: Ports): UseCases['collectLogin'] {
  return async ({ workspaceId, deviceCode }) => {
    if (!looksLikeDeviceCode(deviceCode)) throw endedLogin();
    const text = tokenText(randomBytes(32));
    const result = await inTransaction(workspaceId, (tx) => collect(tx, hashDeviceCode(deviceCode), text));
    // Thrown here, since what is thrown in there is forgotten with the transaction.
    if (result === 'again') throw handedOutTwice();
    return result;
  };
}

async function collect(tx: Transaction, deviceHash: string, text: string): Promise<Collected | 'again'> {
  const login = await tx.logins.findByDeviceLocked(deviceHash);
  if (login === null) throw endedLogin();
  if (login.state === 'refused') throw refusedLogin();
  if (login.state === 'collected') return endWhatWasHandedOut(tx, login);
  if (login.expiresAt <= tx.now) throw endedLogin();
  if (login.state === 'waiting' || login.decidedBy === null) return { kind: 'waiting', expiresAt: login.expiresAt };
  return handOut(tx, login, login.decidedBy, text);
}

async function handOut(tx: Transaction, login: Login, userId: string, text: string): Promise<Collected> {
  // They may have left since they confirmed.
  assertCanLogIn(await tx.people.get(userId));
  await assertHasRoom(tx, userId);
  const created = await tx.tokens.create({
    name: loginTokenName(
      login.device,
      randomInt(36 ** 6)
        .toString(36)
        .padStart(6, '0'),
    ),
    ...{ hash: hashToken(text), environmentId: null, scopes: [], createdBy: userId, isPersonal: true },
    expiresAt: expiryOf(tx.now, PERSONAL_LIFE),
  });
  await tx.logins.collect(login.id, created.name);
  const actor: Actor = { workspaceId: tx.workspaceId, userId, via: 'api' };
  await tx.audit.record(actor, {
    action: 'token.created',
    subject: `token:${created.name}`,
    after: { ...auditedToken(created), login: login.id },
  });
  return { kind: 'token', text, token: await describeToken(tx, created) };
}

async function endWhatWasHandedOut(tx: Transaction, { id, tokenName }: Login): Promise<'again'> {
  const nobody: Actor = { workspaceId: tx.workspaceId, userId: 'api', via: 'api' };
  const [token] = tokenName === null ? [] : await tx.tokens.revoke(tokenName, nobody.userId);
  if (token !== undefined)
    await tx.audit.record(nobody, {
      action: 'token.revoked',
      subject: `token:${token.name}`,
      before: auditedToken(token),
      after: { name: token.name, revokedBy: nobody.userId, login: id, why: 'its login was asked for twice' },
    });
  return 'again';
}

function handedOutTwice(): Refusal {
  return new Refusal(
    'login_ended',
    'The token of this login was handed out already, and was ended now that it was asked for again. Start again with `towpath login`.',
  );
}

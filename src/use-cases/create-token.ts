import { randomBytes } from 'node:crypto';
import type { Actor } from '../domain/actor.ts';
import { getEnvironment } from '../domain/environment.ts';
import { Refusal } from '../domain/refusal.ts';
import { checkScopes, checkTokenName, expiryOf, hashToken, tokenState, tokenText } from '../domain/token.ts';
import { auditedToken, describeToken } from './describe-token.ts';
import type { Ports, Reading, Transaction } from './ports.ts';
import type { UseCases } from './use-cases.ts';
import { assertActsAsAdmin } from './who-could.ts';

/** A token for programs. Its text is in the answer alone, and known to nobody afterwards but who was shown it. */
export function makeCreateToken({ inTransaction }: Ports): UseCases['createToken'] {
  return ({ actor, name: typed, environment: word, scopes: asked, expiresIn = null }) => {
    const text = tokenText(randomBytes(32));
    return inTransaction(actor.workspaceId, async (tx) => {
      await assertMakesTokens(tx, actor, 'create a token');
      const name = checkTokenName(typed);
      const scopes = checkScopes(asked, word !== undefined);
      const environmentId = word === undefined ? null : getEnvironment(await tx.environments.pipelineLocked(), word).id;
      const expiresAt = expiryOf(tx.now, expiresIn);
      await freeName(tx, actor, name);
      const created = await tx.tokens.create({
        ...{ name, environmentId, scopes, expiresAt },
        hash: hashToken(text),
        createdBy: actor.userId,
      });
      await tx.audit.record(actor, {
        action: 'token.created',
        subject: `token:${name}`,
        ...(environmentId === null ? {} : { environmentId }),
        after: auditedToken(created),
      });
      return { text, token: await describeToken(tx, created) };
    });
  };
}

/** A token acts in the name of whoever made it, so that only a person makes one. @throws Refusal not_permitted */
export async function assertMakesTokens(tx: Transaction, actor: Actor, act: string): Promise<void> {
  await assertManagesTokens(tx, actor, act);
  if (actor.userId === actor.via)
    throw new Refusal('not_permitted', 'A token belongs to somebody. An admin makes one with `/towpath token create`.');
}

/** Admins only, and never by an application's token, which would outlive its end so. @throws Refusal not_permitted */
export async function assertManagesTokens(tx: Reading, actor: Actor, act: string): Promise<void> {
  if (actor.token?.isPersonal === false)
    throw new Refusal('not_permitted', `An application’s token can’t ${act}. An admin does it in Slack, or logged in.`);
  await assertActsAsAdmin(tx, actor, act);
}

/** An expired token gives its name away. @throws Refusal invalid_input */
async function freeName(tx: Transaction, actor: Actor, name: string): Promise<void> {
  const current = await tx.tokens.findCurrentLocked(name);
  if (current === null) return;
  if (tokenState(current, tx.now) === 'good')
    throw new Refusal(
      'invalid_input',
      `There is a token ${name} already. Pick another name, or replace it by \`/towpath token rotate ${name}\`.`,
    );
  await tx.tokens.revoke(name, actor.userId);
}

import { isPersonsAct } from '../domain/actor.ts';
import { checkTokenName } from '../domain/token.ts';
import { assertManagesTokens } from './create-token.ts';
import { auditedToken } from './describe-token.ts';
import type { Ports } from './ports.ts';
import { unknownToken } from './rotate-token.ts';
import type { UseCases } from './use-cases.ts';

/** Ends a token, and those of its name that were good for an overlap still. Every process hears of it. */
export function makeRevokeToken({ inTransaction }: Ports): UseCases['revokeToken'] {
  return ({ actor, name: typed, whose = 'mine' }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const name = checkTokenName(typed);
      const token = await tx.tokens.findCurrentLocked(name);
      const isOwn = token?.isPersonal === true && token.createdBy === actor.userId && isPersonsAct(actor);
      if (!isOwn || whose === 'all') await assertManagesTokens(tx, actor, 'revoke a token');
      const [newest, ...older] = await tx.tokens.revoke(name, actor.userId);
      if (newest === undefined) throw unknownToken(name);
      await tx.audit.record(actor, {
        action: 'token.revoked',
        subject: `token:${name}`,
        ...(newest.environmentId === null ? {} : { environmentId: newest.environmentId }),
        before: auditedToken(newest),
        after: { name, revokedBy: actor.userId, alsoOlder: older.length },
      });
      return { name, revoked: older.length + 1 };
    });
}

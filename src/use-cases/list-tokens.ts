import { assertManagesTokens } from './create-token.ts';
import { describeTokens } from './describe-token.ts';
import { getActing } from './find-things.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';

/** Tokens that are not revoked, newest first: admins are told who could be let in, others of their own logins. */
export function makeListTokens({ reading }: Ports): UseCases['listTokens'] {
  return ({ actor, page, whose = 'mine' }) =>
    reading(actor.workspaceId, async (tx) => {
      const { role, standing } = await getActing(tx, actor);
      const isAdmin = role === 'admin' && standing === 'member';
      if (isAdmin || whose === 'all') await assertManagesTokens(tx, actor, 'see the tokens');
      const { items, cursor } = await tx.tokens.list(page, isAdmin ? undefined : { personId: actor.userId });
      return { items: await describeTokens(tx, items), cursor };
    });
}

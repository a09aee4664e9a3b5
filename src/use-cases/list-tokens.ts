import { describeTokens } from './describe-token.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';
import { assertActsAsAdmin } from './who-could.ts';

/** Tokens that are not revoked, newest first. Admins only: it says what could be let in. */
export function makeListTokens({ reading }: Ports): UseCases['listTokens'] {
  return ({ actor, page }) =>
    reading(actor.workspaceId, async (tx) => {
      await assertActsAsAdmin(tx, actor, 'see the tokens');
      const { items, cursor } = await tx.tokens.list(page);
      return { items: await describeTokens(tx, items), cursor };
    });
}

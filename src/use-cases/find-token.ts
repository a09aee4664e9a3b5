import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';

/** What is known of a token that a request shows. Nobody's permission is asked: whoever holds the token is who asks. */
export function makeFindToken({ glance }: Ports): UseCases['findToken'] {
  return ({ workspaceId, hash }) => glance(workspaceId, (tx) => tx.tokens.findByHash(hash));
}

/** Notes that tokens were used. */
export function makeRecordTokenUses({ inTransaction }: Ports): UseCases['recordTokenUses'] {
  return ({ workspaceId, tokenIds }) => inTransaction(workspaceId, (tx) => tx.tokens.touch(tokenIds));
}

import { randomBytes } from 'node:crypto';
import { Refusal } from '../domain/refusal.ts';
import { checkTokenName, endOfOverlap, expiryOf, hashToken, lifeOf, tokenState, tokenText } from '../domain/token.ts';
import { assertMakesTokens } from './create-token.ts';
import { auditedToken, describeToken } from './describe-token.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';

/** Puts a new token in the place of another: good at once, while the old one stays good for the overlap. */
export function makeRotateToken({ inTransaction }: Ports): UseCases['rotateToken'] {
  return ({ actor, name: typed, overlap, expiresIn }) => {
    const text = tokenText(randomBytes(32));
    return inTransaction(actor.workspaceId, async (tx) => {
      await assertMakesTokens(tx, actor, 'rotate a token');
      const name = checkTokenName(typed);
      const old = await tx.tokens.findCurrentLocked(name);
      if (old === null || tokenState(old, tx.now) !== 'good') throw unknownToken(name);
      if (old.isPersonal)
        throw new Refusal(
          'invalid_input',
          `${name} is somebody’s own login. They get another with \`towpath login\`; \`/towpath token revoke ${name}\` ends it.`,
        );
      const oldGoodUntil = endOfOverlap(old, tx.now, overlap);
      await tx.tokens.retire(old.id, oldGoodUntil);
      const created = await tx.tokens.create({
        name,
        environmentId: old.environmentId,
        scopes: old.scopes,
        hash: hashToken(text),
        createdBy: actor.userId,
        expiresAt: expiryOf(tx.now, expiresIn === undefined ? lifeOf(old) : expiresIn),
        rotatesId: old.id,
      });
      await tx.audit.record(actor, {
        action: 'token.rotated',
        subject: `token:${name}`,
        ...(old.environmentId === null ? {} : { environmentId: old.environmentId }),
        before: auditedToken(old),
        after: { ...auditedToken(created), oldGoodUntil },
      });
      return { text, token: await describeToken(tx, created), oldGoodUntil };
    });
  };
}

/** Nothing good goes by that name. */
export function unknownToken(name: string): Refusal {
  return new Refusal('unknown_token', `There is no token ${name} that is good. \`/towpath tokens\` lists them.`);
}

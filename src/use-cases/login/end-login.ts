import { Refusal } from '../../domain/refusal.ts';
import { auditedToken } from '../describe-token.ts';
import { getActing } from '../find-things.ts';
import type { Ports } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';

/** Ends the token by which it is asked, so that nobody else can. Repeating it changes nothing. */
export function makeEndLogin({ inTransaction }: Ports): UseCases['endLogin'] {
  return ({ actor }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const { token: used } = actor;
      if (used?.isPersonal !== true)
        throw new Refusal('not_permitted', 'Only a token of `towpath login` is ended by itself.');
      const [token] = await tx.tokens.revoke(used.name, actor.userId);
      if (token !== undefined)
        await tx.audit.record(actor, {
          action: 'token.revoked',
          subject: `token:${token.name}`,
          before: auditedToken(token),
          after: { name: token.name, revokedBy: actor.userId },
        });
      return { name: used.name };
    });
}

/** Whom a token stands for. The operator's own and those that run workflows stand for nobody. */
export function makeWhoAmI({ reading }: Ports): UseCases['whoAmI'] {
  return ({ actor }) =>
    reading(actor.workspaceId, async (tx) => {
      const person = await getActing(tx, actor);
      if (actor.userId === actor.via || person.standing === 'bot') return null;
      return { ...person, timeZone: await tx.people.timeZone(actor.userId) };
    });
}

import { getEnvironment } from '../../domain/environment.ts';
import { assertCanFreeze } from '../../domain/permissions.ts';
import { Refusal } from '../../domain/refusal.ts';
import { checkReason } from '../decide.ts';
import { getActing } from '../find-things.ts';
import type { Ports } from '../ports.ts';
import { describeFreeze } from './describe-hold.ts';
import type { HoldUseCases } from './hold-use-cases.ts';
import { momentOf } from './moment-of.ts';

/** More at once than this are nobody's to keep in mind. */
const MOST_FREEZES = 200;

/** Keeps everything from going live in an environment until then. Acts there wait for it, so that none goes live afterwards. */
export function makeFreeze({ inTransaction }: Ports): HoldUseCases['freeze'] {
  return ({ actor, environment: word, reason: words, until }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const reason = checkReason(words, '/towpath freeze ENV until TIME');
      const environment = getEnvironment(await tx.environments.pipelineHeld(), word);
      assertCanFreeze(await getActing(tx, actor), environment);
      if ((await tx.holds.listFreezes()).length >= MOST_FREEZES)
        throw new Refusal('too_many', `There are ${MOST_FREEZES} freezes already. End some of them first.`);
      const freeze = await tx.holds.freeze({
        ...{ environmentId: environment.id, reason, by: actor.userId },
        until: until === undefined ? null : momentOf(until, tx.now),
      });
      await tx.audit.record(actor, {
        ...{ action: 'freeze.set', subject: `freeze:${freeze.id}`, environmentId: environment.id },
        ...{ before: null, after: freeze },
      });
      await tx.promotions.markForJudging({ scope: { workflowId: null, environmentId: environment.id } });
      return describeFreeze(freeze, environment);
    });
}

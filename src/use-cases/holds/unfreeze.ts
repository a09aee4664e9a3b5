import { getEnvironment } from '../../domain/environment.ts';
import { assertCanFreeze } from '../../domain/permissions.ts';
import { Refusal } from '../../domain/refusal.ts';
import { getActing } from '../find-things.ts';
import type { Ports } from '../ports.ts';
import { describeFreeze } from './describe-hold.ts';
import type { HoldUseCases } from './hold-use-cases.ts';
import type { FreezeView } from './hold-views.ts';

/** Ends what was frozen by hand. What waited for nothing else goes live within a second, by the clock's tick. */
export function makeUnfreeze({ inTransaction }: Ports): HoldUseCases['unfreeze'] {
  return ({ actor, environment: word }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const environment = getEnvironment(await tx.environments.pipelineHeld(), word);
      assertCanFreeze(await getActing(tx, actor), environment);
      const ended: FreezeView[] = [];
      for (const freeze of await tx.holds.listFreezes()) {
        if (freeze.environmentId !== environment.id || !(await tx.holds.unfreeze(freeze.id, actor.userId))) continue;
        await tx.audit.record(actor, {
          ...{ action: 'freeze.ended', subject: `freeze:${freeze.id}`, environmentId: environment.id },
          ...{ before: freeze, after: null },
        });
        ended.push(describeFreeze(freeze, environment));
      }
      if (ended.length === 0)
        throw new Refusal(
          'not_frozen',
          `Nobody froze ${environment.name} by hand. Windows of towpath.yaml end by themselves: \`/towpath locks\` shows them.`,
        );
      await tx.promotions.markForJudging({ scope: { workflowId: null, environmentId: environment.id } });
      return { ended };
    });
}

import type { Environment } from '../../domain/environment.ts';
import { frozenBy } from '../../domain/freeze-calendar.ts';
import { tagEnvironment } from '../find-things.ts';
import type { Ports } from '../ports.ts';
import { describeFreeze, describeLock } from './describe-hold.ts';
import type { HoldUseCases } from './hold-use-cases.ts';
import type { HoldsView } from './hold-views.ts';

/** All that keeps things from going live now, of whichever workflow. */
export function makeListHolds({ reading }: Ports): HoldUseCases['listHolds'] {
  return ({ workspaceId }) =>
    reading(workspaceId, async (tx) => {
      const pipeline = await tx.environments.pipeline();
      const [locks, freezes] = [await tx.holds.listLocks(), await tx.holds.listFreezes()];
      const workflows = await tx.workflows.getMany(locks.flatMap(({ workflowId }) => workflowId ?? []));
      const ids = [...locks, ...freezes].flatMap(({ environmentId }) => environmentId ?? []);
      const environments = await tx.environments.getMany(ids);
      return {
        locks: locks.map((lock) =>
          describeLock(lock, {
            workflow: workflows.get(lock.workflowId ?? '') ?? null,
            environment: environments.get(lock.environmentId ?? '') ?? null,
          }),
        ),
        freezes: freezes.flatMap((freeze) => {
          const environment = environments.get(freeze.environmentId);
          return environment === undefined ? [] : [describeFreeze(freeze, environment)];
        }),
        windows: pipeline.flatMap((environment) => windowsOf(environment, tx.now)),
      };
    });
}

/** Of rules that can't be followed nothing is told here: promotions there say so. */
function windowsOf(environment: Environment, now: Date): HoldsView['windows'] {
  try {
    const found = frozenBy(environment.policy.freezes ?? [], now);
    return found.map((frozen) => ({ environment: tagEnvironment(environment), ...frozen }));
  } catch {
    return [];
  }
}

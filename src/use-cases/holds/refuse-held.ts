import type { Environment } from '../../domain/environment.ts';
import { frozenBy } from '../../domain/freeze-calendar.ts';
import { policyFor } from '../../domain/policy/policy-for.ts';
import { Refusal } from '../../domain/refusal.ts';
import { isFreezeInForce } from '../../domain/requirements/freeze.ts';
import { locksOn } from '../../domain/requirements/lock.ts';
import type { Workflow } from '../../domain/version.ts';
import type { InTheWay } from '../ports.ts';

/**
 * Refuses what would go live by itself, without a promotion that waits: locks and freezes stop it, as they stop promotions.
 * @throws Refusal locked, frozen
 */
export function refuseHeld(
  { locks, freezes }: Pick<InTheWay, 'locks' | 'freezes'>,
  workflow: Workflow,
  environment: Environment,
  now: Date,
): void {
  const [lock] = locksOn(locks, workflow.id, environment.id, now);
  if (lock !== undefined) {
    const what =
      lock.workflowId !== null ? workflow.slug : lock.environmentId !== null ? environment.name : 'Everything';
    throw new Refusal(
      'locked',
      `${what} has been locked by <@${lock.by}>: “${lock.reason.slice(0, 200)}”${untilText(lock.until)}. \`/towpath locks\` shows all locks; nothing was deployed.`,
    );
  }
  const freeze = freezes.find((one) => isFreezeInForce(one, now));
  if (freeze !== undefined)
    throw new Refusal(
      'frozen',
      `${environment.name} has been frozen by <@${freeze.by}>: “${freeze.reason.slice(0, 200)}”${untilText(freeze.until)}. Nothing was deployed.`,
    );
  const [window] = windowsOf(environment, workflow, now);
  if (window === undefined) return;
  throw new Refusal(
    'frozen',
    `${environment.name} is frozen: ${window.reason}${untilText(window.until)}. Nothing was deployed.`,
  );
}

/** A rule that can't be followed keeps everything back, since nobody knows whether it may go. */
function windowsOf(environment: Environment, workflow: Workflow, now: Date): { reason: string; until: Date | null }[] {
  try {
    return frozenBy(policyFor(environment, workflow).freezes ?? [], now);
  } catch {
    return [{ reason: 'its freeze windows in towpath.yaml can’t be followed', until: null }];
  }
}

function untilText(until: Date | null): string {
  return until === null ? '' : `, until ${until.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

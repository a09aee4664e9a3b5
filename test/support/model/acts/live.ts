import { FLOW } from '../../use-cases/open-canal.ts';
import type { CanalModel, Place } from '../canal-model.ts';
import { act, mayWait, unlessRefused } from './act.ts';
import { freeze, lock } from './holds.ts';

export const canaryAct = (by: string, environment: 'staging' | 'production', what: 'finish' | 'abort') =>
  act(`${by} ${what}s the canary in ${environment}`, async (model, real) => {
    const { useCases, as } = real.canal;
    const asked = { actor: as(by), workflow: FLOW, environment };
    const done = await unlessRefused(real, () =>
      what === 'finish' ? useCases.finishRollout(asked) : useCases.abortRollout(asked),
    );
    if (done !== null) mayWait(model, environment);
    return undefined;
  });

export const unquarantine = (version: number) =>
  act(`v${version} is lifted`, async (_, real) => {
    const asked = { actor: real.canal.as('U0ADA'), workflow: FLOW, version: `v${version}`, reason: 'fixed' };
    await unlessRefused(real, () => real.canal.useCases.liftQuarantine(asked));
    return undefined;
  });

/** Never kept from happening by what is locked or frozen: it is refused where there is nothing to go back to, and nowhere else. */
export const rollBack = (by: string, environment: Place) =>
  act(`${by} rolls back ${environment}`, async (model, real) => {
    const expected = canRollBack(model, by, environment);
    const { useCases, as } = real.canal;
    const hadCanary = model.seen.deployments.some((d) => d.environment === environment && d.status === 'candidate');
    const done = await unlessRefused(real, () => useCases.rollBack({ actor: as(by), workflow: FLOW, environment }));
    if (done !== null) mayWait(model, environment);
    const waiting = model.promotionTo(environment);
    if (done !== null && hadCanary && waiting?.status === 'open') waiting.isHeld = true;
    if ((done !== null) !== expected)
      throw new Error(`A rollback of ${environment} was ${expected ? 'refused' : 'done'}, against all rules.`);
    if (done !== null) real.count('rolled back');
    return undefined;
  });

/** What is done at night: nothing more may go live, and what did goes out. */
export const incident = (by: string, environment: Place) =>
  act(`${by} has an incident in ${environment}`, async (model, real) => {
    await lock(by, 'all', 120).perform(model, real);
    await freeze(by, environment, 30).perform(model, real);
    return rollBack(by, environment).perform(model, real);
  });

function canRollBack({ people, seen }: CanalModel, by: string, environment: string): boolean {
  const person = people.get(by);
  if (person === undefined || !person.isThere || person.role === 'viewer') return false;
  const here = seen.deployments.filter((d) => d.environment === environment);
  const active = here.findIndex(({ status }) => status === 'active');
  if (active !== -1 && here.some(({ status }) => status === 'candidate')) return true;
  return here
    .slice(0, Math.max(0, active))
    .some(
      (d) => d.status === 'superseded' && !seen.quarantined.includes(d.version) && d.version !== here[active]?.version,
    );
}

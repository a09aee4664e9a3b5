import { FLOW } from '../../use-cases/open-canal.ts';
import type { CanalModel, Place } from '../canal-model.ts';
import type { RealCanal } from '../real-canal.ts';
import { act, minutes, type Settles, unlessRefused } from './act.ts';

/** A workflow, an environment, `all`, or the card of what is under review there. */
export type LockScope = 'flow' | 'all' | Place | { card: 'staging' | 'production' };

export const lock = (by: string, scope: LockScope, lasts: number | null) =>
  act(`${by} locks ${JSON.stringify(scope)} for ${lasts}`, async (model, real) => {
    const { useCases, as } = real.canal;
    const card = typeof scope === 'object' ? model.promotionTo(scope.card) : undefined;
    if (typeof scope === 'object' && card === undefined) return undefined;
    const where = typeof scope === 'object' ? { promotionId: card?.id ?? '' } : { scope: scopeWord(scope) };
    const until = lasts === null ? {} : { until: minutes(lasts) };
    const taken = await unlessRefused(real, () => useCases.lock({ actor: as(by), reason: 'why', ...where, ...until }));
    if (taken === null) return undefined;
    const environment = typeof scope === 'object' ? scope.card : scope === 'flow' || scope === 'all' ? null : scope;
    const ends = lasts === null ? null : model.minutes + lasts;
    model.locks.push({ id: taken.id, by, environment, until: ends, promotion: card?.id ?? null });
    return undefined;
  });

function scopeWord(scope: string): string {
  return scope === 'flow' ? FLOW : scope;
}

export const unlock = (by: string, scope: Exclude<LockScope, object>, others: boolean) =>
  act(`${by} unlocks ${scope}`, (model, real) => end(model, real, by, { scope: scopeWord(scope), others }));

/** By the button beside it in the list of all. */
export const unlockOne = (by: string, lockId: string) =>
  act(`${by} ends one lock`, (model, real) => end(model, real, by, { lockId, others: true }));

async function end(
  model: CanalModel,
  real: RealCanal,
  by: string,
  which: { others: boolean; scope?: string; lockId?: string },
): Promise<Settles> {
  const { useCases, as } = real.canal;
  const done = await unlessRefused(real, () => useCases.unlock({ actor: as(by), ...which }));
  const ended = (done?.ended ?? []).map(({ id }) => id);
  model.locks = model.locks.filter(({ id }) => !ended.includes(id));
  return undefined;
}

export const freeze = (by: string, environment: Place, lasts: number | null) =>
  act(`${by} freezes ${environment} for ${lasts}`, async (model, real) => {
    const { useCases, as } = real.canal;
    const until = lasts === null ? {} : { until: minutes(lasts) };
    const set = await unlessRefused(real, () =>
      useCases.freeze({ actor: as(by), environment, reason: 'why', ...until }),
    );
    if (set !== null)
      model.freezes.push({ id: set.id, environment, until: lasts === null ? null : model.minutes + lasts });
    return undefined;
  });

export const unfreeze = (by: string, environment: Place) =>
  act(`${by} unfreezes ${environment}`, async (model, real) => {
    const { useCases, as } = real.canal;
    const done = await unlessRefused(real, () => useCases.unfreeze({ actor: as(by), environment }));
    const ended = (done?.ended ?? []).map(({ id }) => id);
    model.freezes = model.freezes.filter(({ id }) => !ended.includes(id));
    return undefined;
  });

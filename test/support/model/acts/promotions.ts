import { FLOW } from '../../use-cases/open-canal.ts';
import type { CanalModel, Place } from '../canal-model.ts';
import { boundNow } from '../model-rules.ts';
import type { RealCanal } from '../real-canal.ts';
import { type Like, likeTraits, sourceLike } from '../traits.ts';
import { act, minutes, onPromotion, type Settles, unlessRefused } from './act.ts';

const BEFORE: Record<string, Place> = { staging: 'development', production: 'staging' };
const WEEK = 7 * 24 * 60;
/** A version that is like the newest but for one thing. */
export const push = (by: string, like: Like) =>
  act(`${by} pushes another ${like}`, async (model, real) => {
    const number = model.authors.size + 1;
    const traits = likeTraits(model.traits.get(number - 1), like, number);
    const { useCases, as } = real.canal;
    const source = sourceLike(traits, number);
    const pushed = await unlessRefused(real, () => useCases.pushVersion({ actor: as(by), workflow: FLOW, source }));
    if (pushed === null) return undefined;
    model.authors.set(number, by);
    model.traits.set(number, traits);
    return undefined;
  });

export const deploy = (by: string, version: number | null) =>
  act(`${by} deploys ${version ?? 'the newest'}`, async (_, real) => {
    const word = version === null ? [] : [`v${version}`];
    await unlessRefused(real, () => real.canal.deploy(word[0], FLOW, by));
    return undefined;
  });

export interface Wish {
  by: string;
  to: 'staging' | 'production';
  canary: boolean;
  /** In so many minutes. */
  in: number | null;
  replace: boolean;
}

export const ask = (wish: Wish) => act(`ask ${JSON.stringify(wish)}`, (model, real) => request(model, real, wish));

async function request(model: CanalModel, real: RealCanal, wish: Wish): Promise<Settles> {
  const { by, to, canary } = wish;
  const { useCases, as } = real.canal;
  const from = BEFORE[to] ?? '';
  const [version, deployAt] = [model.liveIn(from)?.version, wish.in === null ? null : model.minutes + wish.in];
  const asked = {
    ...{ actor: as(by), workflow: FLOW, environment: to, ...(canary && { canary: 1_000 }) },
    ...(wish.in !== null && { at: minutes(wish.in) }),
  };
  const result = await unlessRefused(real, async () => {
    const first = await useCases.requestPromotion(asked);
    if (first.kind !== 'confirm-replacement' || !wish.replace) return first;
    return useCases.requestPromotion({ ...asked, replace: first.open.id });
  });
  if (result === null || result.kind === 'confirm-replacement') return undefined;
  const { id } = result.promotion;
  if (version !== undefined && !model.promotions.has(id)) {
    model.promotions.set(id, {
      ...{ id, version, from, to, by, canary, deployAt, status: 'open', mayWait: false, isHeld: false },
      ...{
        expiresAt: (deployAt ?? model.minutes) + WEEK,
        yes: [],
        noes: [],
        ticks: new Set(),
        gates: [],
        parity: null,
      },
    });
  }
  const promotion = model.promotions.get(id);
  if (promotion !== undefined) promotion.isHeld = false;
  return [id];
}

/** @param beside with processes that judge at the same moment */
export const approve = (by: string, to: string, beside: boolean) =>
  onPromotion(`${by} approves${beside ? ' beside ticks' : ''}`, to, async (promotion, model, real) => {
    const given = boundNow(model, promotion, model.liveIn(to)?.id ?? null);
    const role = model.people.get(by)?.role ?? 'viewer';
    const ticks = beside ? [1, 2].map(() => real.canal.useCases.judgeDue(real.canal.workspaceId)) : [];
    const [decided] = await Promise.all([unlessRefused(real, () => real.canal.approve(by, promotion.id)), ...ticks]);
    if (decided === null) return undefined;
    promotion.isHeld = false;
    if (decided.changed) promotion.yes.push({ by, role, to: given, turn: model.turn });
    return [promotion.id];
  });

export const reject = (by: string, to: string) =>
  onPromotion(`${by} rejects`, to, async (promotion, model, real) => {
    const decided = await unlessRefused(real, () => real.canal.reject(by, promotion.id));
    if (decided?.changed === true) {
      promotion.noes = [...promotion.noes.filter((no) => no.by !== by), { by, turn: model.turn }];
    }
    return undefined;
  });

export const cancel = (by: string, to: string) =>
  onPromotion(`${by} cancels`, to, async ({ id }, _, real) => {
    await unlessRefused(real, () => real.canal.useCases.cancelPromotion({ actor: real.canal.as(by), promotionId: id }));
    return undefined;
  });

export const tick = (by: string, to: string, item: string, takesBack: boolean) =>
  onPromotion(`${by} ${takesBack ? 'un' : ''}ticks ${item}`, to, async (promotion, _, real) => {
    const { useCases, as } = real.canal;
    const asked = { actor: as(by), promotionId: promotion.id, item };
    const done = await unlessRefused(real, () => (takesBack ? useCases.untickItem(asked) : useCases.tickItem(asked)));
    // What was ticked already is judged by the clock.
    if (done?.changed !== true) return undefined;
    if (takesBack) promotion.ticks.delete(item);
    else promotion.ticks.add(item);
    return [promotion.id];
  });

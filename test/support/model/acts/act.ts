import type fc from 'fast-check';
import { RefusedError } from '../../../../src/domain/refused-error.ts';
import type { CanalModel, ModelPromotion } from '../canal-model.ts';
import type { RealCanal } from '../real-canal.ts';
import { watch } from '../watch.ts';

/** Which promotions have to be live now if nothing is missing: the one that was acted on, all of them, or none. */
export type Settles = readonly string[] | 'all' | undefined;
type Perform = (model: CanalModel, real: RealCanal) => Promise<Settles>;
export interface Act extends fc.AsyncCommand<CanalModel, RealCanal> {
  perform: Perform;
}

/** Does something as people do, notes what they were told, and then looks whether all that must hold does. */
export function act(says: string, perform: Perform, check: (model: Readonly<CanalModel>) => boolean = () => true): Act {
  return {
    check,
    perform,
    async run(model, real) {
      model.turn += 1;
      const settles = await perform(model as CanalModel, real);
      await watch(model as CanalModel, real, says, settles);
    },
    toString: () => says,
  };
}

/** Acts on what is under review there, or, now and then, on what was decided already. */
export function onPromotion(
  says: string,
  to: string,
  perform: (promotion: ModelPromotion, model: CanalModel, real: RealCanal) => Promise<Settles>,
): Act {
  const isThere = (model: Readonly<CanalModel>) => model.promotionTo(to)?.status === 'open' || model.turn % 8 === 0;
  return act(
    `${says} to ${to}`,
    async (model, real) => {
      const promotion = model.promotionTo(to);
      return promotion === undefined ? undefined : perform(promotion, model, real);
    },
    isThere,
  );
}

/** What came of it, or null where it was refused. Anything else that is thrown is a bug. */
export async function unlessRefused<T>(real: RealCanal, doing: () => Promise<T>): Promise<T | null> {
  try {
    return await doing();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    real.count(`refused: ${error.code}`);
    return null;
  }
}

export const minutes = (n: number) => ({ in: n * 60_000 });

/** All that are asked for into the environment. */
export function promotionsTo(model: CanalModel, environment: string): string[] {
  return [...model.promotions.values()].filter(({ to }) => to === environment).map(({ id }) => id);
}

/** Something went back to what it was: what was asked for there may be complete without anybody having acted on it. */
export function mayWait(model: CanalModel, environment: string): void {
  for (const promotion of model.promotions.values()) if (promotion.to === environment) promotion.mayWait = true;
}

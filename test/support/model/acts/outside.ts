import type { CanalModel, ModelGate, ModelPromotion, Replay } from '../canal-model.ts';
import { boundNow } from '../model-rules.ts';
import { namesVariable } from '../traits.ts';
import { onPromotion, unlessRefused } from './act.ts';

/** The queue's worker asks each gate that is to be asked. @param isReached false: none can be */
export const askGates = (to: 'staging' | 'production', isReached: boolean) =>
  onPromotion(`gates are ${isReached ? '' : 'not '}reached`, to, async (promotion, model, real) => {
    const bound = boundNow(model, promotion, model.liveIn(to)?.id ?? null);
    for (const { url } of model.asked(to).gates ?? []) {
      const asked = await real.askGate(promotion.id, url, isReached);
      if (asked === null) continue;
      if (promotion.status !== 'open') throw new Error(`A gate was asked about what is ${promotion.status}.`);
      if (promotion.gates.some((gate) => gate.url === url && gate.to === bound))
        throw new Error('A gate was asked the same thing twice.');
      const state = isReached ? 'asked' : 'unreachable';
      promotion.gates.push({ url, to: bound, at: model.minutes, state, token: asked.token });
      real.count('gate asked');
    }
    return undefined;
  });

/** By the token of one of the questions, of whatever is proposed now; or by none that there is. */
export const answerGate = (to: string, which: number, says: 'approved' | 'rejected', isInvented: boolean) =>
  onPromotion(`gate ${which} says ${says}${isInvented ? ' by no token' : ''}`, to, async (promotion, _, real) => {
    const gate = isInvented ? undefined : promotion.gates.at(-1 - (which % Math.max(1, promotion.gates.length)));
    const { workspaceId, useCases } = real.canal;
    const answer = { workspaceId, token: gate?.token ?? 'tg_of-nobody', state: says };
    const done = await unlessRefused(real, () => useCases.answerGate(answer));
    const isOpen = promotion.status === 'open' && (gate?.state === 'asked' || gate?.state === 'unreachable');
    if ((done?.changed ?? false) !== isOpen)
      throw new Error(`A gate’s ${says} was ${isOpen ? 'not taken' : 'taken'}, against all rules.`);
    if (gate !== undefined && isOpen) gate.state = says;
    return undefined;
  });

export const askGatesAgain = (by: string, to: string) =>
  onPromotion(`${by} has gates asked again`, to, async (promotion, model, real) => {
    const { useCases, as } = real.canal;
    const asked = { actor: as(by), promotionId: promotion.id };
    if ((await unlessRefused(real, () => useCases.askGatesAgain(asked))) === null) return undefined;
    const bound = boundNow(model, promotion, model.liveIn(to)?.id ?? null);
    promotion.gates = promotion.gates.filter((gate) => gate.to !== bound || !isSilent(model, promotion, gate));
    return [promotion.id];
  });

/** Nothing more is to be expected of it. */
export function isSilent(model: CanalModel, { to }: ModelPromotion, { url, state, at }: ModelGate): boolean {
  const gate = (model.asked(to).gates ?? []).find((one) => one.url === url);
  const isOver = gate !== undefined && model.minutes - at >= gate.timeout / 60_000;
  return state === 'unreachable' || (state === 'asked' && isOver);
}

/** The queue's worker looks at what the target has, if that is to be looked at. */
export const checkParity = (to: 'staging' | 'production') =>
  onPromotion('it is looked what is there', to, async (promotion, model, real) => {
    if (promotion.status !== 'open' || !(await real.checkParity(promotion.id))) return undefined;
    if (model.asked(to).parity === undefined) return undefined;
    const traits = model.traits.get(promotion.version);
    const isThere = traits === undefined || !namesVariable(traits) || model.greetings.has(to);
    promotion.parity = { to: boundNow(model, promotion, model.liveIn(to)?.id ?? null), isThere, at: model.minutes };
    return undefined;
  });

/** The replays that are under way for it end alike. */
export const endReplays = (to: string, outcome: Replay) =>
  onPromotion(`replays end ${JSON.stringify(outcome)}`, to, async ({ id, version }, model, real) => {
    const ended = await real.endReplays(id, outcome);
    for (const beside of ended) model.replays.push({ ...outcome, version, environment: to, beside });
    return undefined;
  });

import type { Asked, CanalModel } from '../canal-model.ts';
import { boundNow } from '../model-rules.ts';
import { passTime } from '../pass-time.ts';
import type { RealCanal } from '../real-canal.ts';
import { act, promotionsTo } from './act.ts';

/** The environment asks for something else than before, in one part. */
export const change = (environment: 'staging' | 'production', part: Partial<Asked> | Record<string, undefined>) =>
  act(`${environment} asks ${JSON.stringify(Object.entries(part))}`, async (model, real) => {
    const before = model.asked(environment);
    const now = without({ ...before, ...part });
    model.ask(environment, now);
    await real.configure(model);
    if (JSON.stringify(before) === JSON.stringify(now)) return undefined;
    return promotionsTo(model, environment);
  });

/** Without what is undefined: what is not asked stands nowhere. In one order, so that alike is the same text. */
export function without(asked: object): Asked {
  const said = Object.entries(asked).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1))) as unknown as Asked;
}

export const judge = (passing: number) =>
  act(`${passing} minutes pass`, async (model, real) => {
    await passTime(real, model, passing);
    model.minutes += passing;
    // Ticks come in any order: now and then one judges what another has not ended yet.
    if (model.turn % 2 === 0) await real.canal.useCases.expirePromotions(real.canal.workspaceId);
    await real.canal.useCases.judgeDue(real.canal.workspaceId);
    await expectQuestions(model, real);
    return 'all';
  });

/** What nobody found out yet about what is proposed now somebody is to find out. */
async function expectQuestions(model: CanalModel, real: RealCanal): Promise<void> {
  for (const promotion of model.promotions.values()) {
    if (promotion.status !== 'open' || model.minutes >= promotion.expiresAt) continue;
    const { id, to, version } = promotion;
    const { gates = [], parity, shadow } = model.asked(to);
    const live = model.liveIn(to);
    const bound = boundNow(model, promotion, live?.id ?? null);
    for (const { url } of gates) {
      const isAsked = promotion.gates.some((gate) => gate.url === url && gate.to === bound);
      if (!isAsked && !(await real.isToBeAsked(id, url))) throw new Error('A gate is not asked.');
    }
    if (parity !== undefined && promotion.parity?.to !== bound && !(await real.isToBeLookedAt(id)))
      throw new Error('Nobody looks at what is there.');
    const isReplayed = model.replays.some(
      (one) => one.version === version && one.environment === to && one.beside === live?.version,
    );
    if (shadow !== undefined && !isReplayed && !(await real.isReplayed(id))) throw new Error('Nothing is replayed.');
  }
}

/** The file gives the environment's settings the variable that some versions name, or takes it out. */
export const setGreeting = (environment: 'staging' | 'production', greeting: string | null) =>
  act(`${environment} has the greeting ${greeting}`, async (model, real) => {
    const before = model.greetings.get(environment) ?? null;
    if (greeting === null) model.greetings.delete(environment);
    else model.greetings.set(environment, greeting);
    await real.configure(model);
    return before === greeting ? undefined : promotionsTo(model, environment);
  });

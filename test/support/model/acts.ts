import type fc from 'fast-check';
import type { CheckReport } from '../../../src/domain/check-report.ts';
import type { ApprovalRule } from '../../../src/domain/environment.ts';
import type { Role } from '../../../src/domain/person.ts';
import { RefusedError } from '../../../src/domain/refused-error.ts';
import { FLOW, profile } from '../use-cases/open-canal.ts';
import type { Asked, CanalModel, ModelPromotion, Place, Report } from './canal-model.ts';
import { boundNow } from './model-rules.ts';
import { passTime, type RealCanal } from './real-canal.ts';
import { watch } from './watch.ts';

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

/** What came of it, or null where it was refused. Anything else that is thrown is a bug. */
async function unlessRefused<T>(real: RealCanal, doing: () => Promise<T>): Promise<T | null> {
  try {
    return await doing();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    real.count(`refused: ${error.code}`);
    return null;
  }
}

const BEFORE: Record<string, Place> = { staging: 'development', production: 'staging' };
const WEEK = 7 * 24 * 60;
const minutes = (n: number) => ({ in: n * 60_000 });

export const push = (by: string) =>
  act(`${by} pushes`, async (model, real) => {
    const number = model.authors.size + 1;
    const pushed = await unlessRefused(real, () => real.canal.push(`Prompt ${number}.`, FLOW, by));
    if (pushed !== null) model.authors.set(number, by);
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
      ...{ expiresAt: (deployAt ?? model.minutes) + WEEK, yes: [], noes: [], ticks: new Set() },
    });
  }
  const promotion = model.promotions.get(id);
  if (promotion !== undefined) promotion.isHeld = false;
  return [id];
}

/** Acts on what is under review there, or, now and then, on what was decided already. */
function onPromotion(
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

/** What a program found out about a version. */
export interface Finding {
  kind: 'tests' | 'cost' | 'check';
  name: string;
  /** Of ten tests, those that passed; thousandths of a dollar a run; of a check, whether it passed. */
  figure: number;
  state: 'running' | 'errored' | null;
}

export const report = (environment: Place, ofLive: boolean, found: Finding) =>
  act(`report ${JSON.stringify(found)} in ${environment}${ofLive ? ' of what is live' : ''}`, async (model, real) => {
    const version = ofLive ? model.liveIn(environment)?.version : model.promotionTo(environment)?.version;
    if (version === undefined) return undefined;
    const { kind, name, figure } = found;
    const state = found.state ?? (kind === 'check' ? (figure > 5 ? 'passed' : 'failed') : 'passed');
    const asked = { workflow: FLOW, version: `${version}`, environment, report: { own: toReport(found, state) } };
    const kept = await unlessRefused(real, () =>
      real.canal.useCases.recordCheck({ actor: real.canal.as('U0DEV'), ...asked }),
    );
    if (kept === null) return undefined;
    const told = kind === 'tests' ? figure / 10 : figure / 1_000;
    model.reports.push({ version, environment, kind, name, state, figure: told, at: model.minutes });
    return undefined;
  });

function toReport({ kind, name, figure, state: unfinished }: Finding, state: Report['state']): CheckReport {
  if (kind === 'check' || unfinished !== null) return { kind, name, state };
  return kind === 'tests'
    ? { kind, name, passed: figure, failed: 10 - figure }
    : { kind, name, costPerRun: figure / 1_000 };
}

/** The environment asks for something else than before, in one part. */
export const change = (environment: 'staging' | 'production', part: Partial<Asked> | Record<string, undefined>) =>
  act(`${environment} asks ${JSON.stringify(Object.entries(part))}`, async (model, real) => {
    const before = model.asked(environment);
    const now = without({ ...before, ...part });
    model.ask(environment, now);
    await real.configure(model);
    if (JSON.stringify(before) === JSON.stringify(now)) return undefined;
    return [...model.promotions.values()].filter(({ to }) => to === environment).map(({ id }) => id);
  });

/** Without what is undefined: what is not asked stands nowhere. In one order, so that alike is the same text. */
export function without(asked: object): Asked {
  const said = Object.entries(asked).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1))) as unknown as Asked;
}

export const judge = (passing: number) =>
  act(`${passing} minutes pass`, async (model, real) => {
    await passTime(real, passing);
    model.minutes += passing;
    // Ticks come in any order: now and then one judges what another has not ended yet.
    if (model.turn % 2 === 0) await real.canal.useCases.expirePromotions(real.canal.workspaceId);
    await real.canal.useCases.judgeDue(real.canal.workspaceId);
    return 'all';
  });

export const give = (to: string, role: Role) =>
  act(`${to} becomes ${role}`, async (model, real) => {
    const { useCases, as } = real.canal;
    const asked = { actor: as('U0ADA'), userId: to, role, departments: [] };
    if ((await unlessRefused(real, () => useCases.assignRole(asked))) === null) return undefined;
    const person = model.people.get(to);
    if (person !== undefined) person.role = role;
    return undefined;
  });

export const comeOrGo = (who: string, isThere: boolean) =>
  act(`${who} ${isThere ? 'comes back' : 'leaves'}`, async (model, { canal }) => {
    const profiles = [profile(who, { standing: isThere ? 'member' : 'deactivated' })];
    await canal.useCases.recordProfiles({ workspaceId: canal.workspaceId, profiles });
    const person = model.people.get(who);
    if (person !== undefined) person.isThere = isThere;
    return undefined;
  });

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

function mayWait(model: CanalModel, environment: string): void {
  for (const promotion of model.promotions.values()) if (promotion.to === environment) promotion.mayWait = true;
}

/** `1 lead`, and so on: what the arbitraries choose of. */
export const RULES: readonly (readonly ApprovalRule[])[] = [
  [{ role: 'lead', count: 1 }],
  [{ role: 'lead', count: 2 }],
  [{ role: 'admin', count: 1 }],
  [
    { role: 'lead', count: 1 },
    { people: ['U0LEE', 'U0MAX'], count: 1 },
  ],
  [{ owner: true }],
  [{ owner: true }, { role: 'member', count: 2 }],
  [],
];

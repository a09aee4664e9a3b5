import type { Settles } from './acts/act.ts';
import type { CanalModel, ModelPromotion } from './canal-model.ts';
import { look, type Seen } from './look.ts';
import { isFrozen, isLocked, missing } from './model-rules.ts';
import type { RealCanal } from './real-canal.ts';

/** Looks at what an act left behind, and throws where anything of it may not be. */
export async function watch(model: CanalModel, real: RealCanal, says: string, settles: Settles): Promise<void> {
  const [before, now] = [model.seen, await look(real.db, real.canal.workspaceId)];
  const wrong = [...whatHappened(model, before, now, real), ...inTheTables(now)];
  follow(model, before, now);
  wrong.push(...whatDidNot(model, settles));
  if (wrong.length > 0) throw new Error(`After “${says}”: ${wrong.join('; ')}.`);
}

/** What went live, against what it needed. */
function whatHappened(model: CanalModel, before: Seen, now: Seen, real: RealCanal): string[] {
  const known = new Set(before.deployments.map(({ id }) => id));
  return now.deployments
    .filter(({ id }) => !known.has(id))
    .flatMap((deployment) => {
      const { environment, version, promotion: promotionId, replaces } = deployment;
      real.count(environment === 'development' ? 'deployed' : 'promoted');
      if (environment === 'development') {
        if (promotionId !== null) return ['the first environment was promoted into'];
        return isFrozen(model, environment) || isLocked(model, environment) ? ['deployed where it was held'] : [];
      }
      const promotion = model.promotions.get(promotionId ?? '');
      if (promotion === undefined) return [`v${version} is live in ${environment} and nobody asked for it`];
      const isSame = promotion.to === environment && promotion.version === version;
      const lacks = missing(model, promotion, { replaces });
      return [
        ...(isSame ? [] : ['something else was deployed than what was asked for']),
        ...(lacks.length === 0 ? [] : [`v${version} went live in ${environment} without ${lacks.join(', ')}`]),
        ...((deployment.status === 'candidate') === promotion.canary ? [] : ['a canary is not what was asked for']),
        ...(wasLive(before, environment, replaces) ? [] : ['it did not take the place of what was live']),
      ];
    });
}

/** A canary that ends in the same act was live beside what is active. */
function wasLive({ deployments }: Seen, environment: string, replaces: string | null): boolean {
  const there = deployments.filter((d) => d.environment === environment);
  if (replaces === null) return there.every(({ status }) => status !== 'active');
  return there.some(({ id, status }) => id === replaces && (status === 'active' || status === 'candidate'));
}

/** What holds of any state by itself. */
function inTheTables({ deployments, promotions, doubled }: Seen): string[] {
  const became = (id: string) => deployments.filter(({ promotion }) => promotion === id).length;
  return [
    ...(doubled === 0 ? [] : ['somebody approved the same thing twice']),
    ...promotions.flatMap(({ id, status, to }) => {
      const is = became(id);
      return is === (status === 'deployed' ? 1 : 0) ? [] : [`one to ${to} that is ${status} became ${is} deployments`];
    }),
  ];
}

/** Brings the model up to date with what it can only see: what is live, and how requests ended. */
function follow(model: CanalModel, before: Seen, now: Seen): void {
  model.seen = now;
  for (const { id, status } of now.promotions) {
    const promotion = model.promotions.get(id);
    if (promotion === undefined) throw new Error('There is a promotion that nobody asked for.');
    if (promotion.status !== 'open' && promotion.status !== status)
      throw new Error(`A promotion that was ${promotion.status} is ${status} now.`);
    promotion.status = status;
  }
  followLocks(model, now);
  for (const environment of new Set(now.deployments.map((d) => d.environment)))
    moveStretch(model, environment, activeIn(before, environment), activeIn(now, environment));
}

/** A lock from a card holds what took its request's place, ends where its owner ended that, and else holds on by itself. */
function followLocks(model: CanalModel, { promotions }: Seen): void {
  for (const lock of model.locks) {
    const closed = promotions.find(({ id, status }) => id === lock.promotion && status !== 'open');
    if (closed === undefined) continue;
    const next = promotions.find(({ to, requestedAt }) => to === closed.to && requestedAt === closed.closedAt);
    if (closed.status !== 'expired' && next !== undefined) lock.promotion = next.id;
    else if (closed.closedBy === lock.by) model.locks = model.locks.filter((one) => one !== lock);
    else lock.promotion = null;
  }
}

function activeIn({ deployments }: Seen, environment: string) {
  return deployments.find((d) => d.environment === environment && d.status === 'active');
}

function moveStretch(
  { stretches, moment }: CanalModel,
  environment: string,
  was: Seen['deployments'][number] | undefined,
  is: Seen['deployments'][number] | undefined,
): void {
  if (was?.id === is?.id) return;
  const open = stretches.find((stretch) => stretch.environment === environment && stretch.to === null);
  if (open !== undefined) open.to = moment;
  if (is !== undefined) stretches.push({ environment, version: is.version, from: moment, to: null });
}

/** What lacks nothing and is still not live, where the act should have seen to it (rule 6). */
function whatDidNot(model: CanalModel, settles: Settles): string[] {
  const isMeant = ({ id }: ModelPromotion) => settles === 'all' || (settles ?? []).includes(id);
  return [...model.promotions.values()]
    .filter((promotion) => promotion.status === 'open' && isMeant(promotion))
    .filter((promotion) => settles !== 'all' || !promotion.mayWait)
    .filter((promotion) => missing(model, promotion, { replaces: model.liveIn(promotion.to)?.id ?? null }).length === 0)
    .map(({ version, to }) => `v${version} lacks nothing and does not go live in ${to}`);
}

import {
  type ConfigurationProblem,
  InvalidConfigurationError,
} from '../../domain/configuration/invalid-configuration-error.ts';
import type { Pipeline } from '../../domain/environment.ts';
import type { Promotion } from '../../domain/promotion.ts';
import type { Workflow } from '../../domain/version.ts';
import type { ActiveDeployment, NewEnvironment, Reading } from '../ports.ts';

/** As many workflows or promotions are named; the rest is counted. */
const NAMED = 5;
const MOST_OPEN = 1000;

/**
 * An environment may go only when nothing is live in it and nothing is under review from or to it, and may move only where
 * every open promotion still leads from one environment to the next (rule 2).
 *
 * @throws InvalidConfigurationError naming all that stands in the way
 */
export async function refuseBreakingPipeline(
  tx: Reading,
  now: Pipeline,
  wanted: readonly NewEnvironment[],
): Promise<void> {
  const order = wanted.map(({ name }) => name);
  const removed = now.filter(({ name }) => !order.includes(name));
  const problems = [...(await liveIn(tx, removed)), ...(await brokenPromotions(tx, now, order))];
  if (problems.length > 0) throw new InvalidConfigurationError(problems);
}

async function liveIn(tx: Reading, removed: Pipeline): Promise<ConfigurationProblem[]> {
  if (removed.length === 0) return [];
  const live = new Map<string, Set<string>>(removed.map(({ id }) => [id, new Set()]));
  let cursor: string | null = null;
  do {
    const page: { items: Workflow[]; cursor: string | null } = await tx.workflows.list({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    });
    const slugs = new Map(page.items.map(({ id, slug }) => [id, slug]));
    const active: ActiveDeployment[] = await tx.deployments.listActive([...slugs.keys()]);
    for (const { environmentId, workflowId } of active)
      live.get(environmentId)?.add(slugs.get(workflowId) ?? workflowId);
    cursor = page.cursor;
  } while (cursor !== null);
  return removed.flatMap(({ id, name }) => {
    const slugs = [...(live.get(id) ?? [])].sort();
    if (slugs.length === 0) return [];
    return [
      {
        where: name,
        message: `can't be removed while ${some(slugs)} ${slugs.length === 1 ? 'is' : 'are'} live in it; keep it under environments`,
      },
    ];
  });
}

async function brokenPromotions(tx: Reading, now: Pipeline, order: readonly string[]): Promise<ConfigurationProblem[]> {
  const nameOf = new Map(now.map(({ id, name }) => [id, name]));
  const broken = (await tx.promotions.listAllOpen(MOST_OPEN)).flatMap((promotion) => {
    const [from, to] = [nameOf.get(promotion.sourceEnvironmentId), nameOf.get(promotion.targetEnvironmentId)];
    const leadsOn =
      from !== undefined && to !== undefined && order.includes(from) && order[order.indexOf(from) + 1] === to;
    return leadsOn
      ? []
      : [{ promotion, way: `${from ?? 'an environment that is gone'} → ${to ?? 'an environment that is gone'}` }];
  });
  if (broken.length === 0) return [];
  const workflows = await tx.workflows.getMany([...new Set(broken.map(({ promotion }) => promotion.workflowId))]);
  const slug = ({ workflowId }: Promotion) => workflows.get(workflowId)?.slug ?? workflowId;
  const named = broken.map(({ promotion, way }) => `${slug(promotion)} (${way})`);
  return [
    {
      where: 'environments',
      message: `would break what is under review: ${some(named)}; decide or cancel first, or keep the order`,
    },
  ];
}

function some(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}

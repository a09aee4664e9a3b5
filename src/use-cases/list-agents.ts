import { getEnvironment } from '../domain/environment.ts';
import { tagEnvironment } from './find-things.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';

/** Agents, those seen last first. */
export function makeListAgents({ reading }: Ports): UseCases['listAgents'] {
  return ({ workspaceId, environment: word, page }) =>
    reading(workspaceId, async (tx) => {
      const asked = word === undefined ? null : getEnvironment(await tx.environments.pipeline(), word);
      const { items, cursor } = await tx.agents.list(asked?.id ?? null, page);
      const environments = await tx.environments.getMany([...new Set(items.map((agent) => agent.environmentId))]);
      const described = items.flatMap((agent) => {
        const environment = environments.get(agent.environmentId);
        return environment === undefined ? [] : [{ ...agent, environment: tagEnvironment(environment) }];
      });
      return { items: described, cursor };
    });
}

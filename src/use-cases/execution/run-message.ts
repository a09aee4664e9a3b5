import type { Json, JsonObject } from '../../domain/workflow/json.ts';
import type { RunRequest } from '../ports/runners.ts';

/** What a runner of Towpath's own words is told. */
export function runMessage(request: RunRequest): JsonObject {
  const { workflow, version, environment, definition, overrides, input, shadow } = request;
  const message = { workflow, version, environment, definition: definition.document, input, shadow };
  return overrides === undefined ? message : { ...message, overrides: overrides as unknown as Json };
}

/** The same for an agent, with what of the settings it has to keep to. Secrets it reads itself, by their names. */
export function workMessage(request: RunRequest): JsonObject {
  const { settings, limits } = request;
  const { mcpServers = {}, dataSources = {} } = settings;
  return {
    ...runMessage(request),
    ...{ mcpServers: mcpServers as unknown as Json, dataSources: dataSources as unknown as Json },
    limits: { timeoutMs: limits.timeoutMs, cost: limits.cost },
  };
}

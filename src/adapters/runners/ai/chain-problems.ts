import { allSteps, type Definition, type Step } from '../../../domain/workflow/definition.ts';

/** Kinds of steps that models and the chain itself do. */
const DONE_HERE = new Set(['llm', 'agent', 'condition', 'loop', 'parallel']);

/**
 * Why the `ai` runner can't run a workflow; null: it can. Asked before anything is spent: it offers models no tools, calls nothing
 * but models, and leaves nothing out silently.
 */
export function chainProblem(definition: Definition): string | null {
  if (definition.format !== 'towpath')
    return `The ai runner runs workflows of Towpath’s own format, and this is ${definition.format}. Use the runner of the system that it is for.`;
  for (const step of allSteps(definition)) {
    const problem = stepProblem(step);
    if (problem !== null) return `Step ${step.id} ${problem} Use an http runner for such workflows, or take it out.`;
  }
  return null;
}

function stepProblem({ kind, properties }: Step): string | null {
  if (!DONE_HERE.has(kind)) return `is of type ${kind}, which the ai runner does not run.`;
  const { tools = [], mcpServers = [], dataSources = [], recipe } = properties;
  if (tools.length > 0) return `uses tools (${shown(tools)}), which the ai runner does not offer to models.`;
  if (mcpServers.length > 0) return `uses MCP servers (${shown(mcpServers)}), which the ai runner does not reach.`;
  if (dataSources.length > 0) return `reads data sources (${shown(dataSources)}), which the ai runner does not reach.`;
  if (recipe !== undefined) return `is made by the recipe “${recipe.slice(0, 60)}”, which the ai runner does not know.`;
  return null;
}

function shown(names: readonly string[]): string {
  return names.slice(0, 3).join(', ').slice(0, 100);
}

import type { Definition, Edge, Step } from '../../../src/domain/workflow/definition.ts';

/** A step as some canvas format may read it. */
export function step(id: string, more: Partial<Step> = {}): Step {
  return { id, kind: 'llm', properties: {}, dependsOn: [], children: [], path: `nodes.${id}`, ...more };
}

/** A definition as some canvas format may read it: a graph of steps. */
export function graph(steps: readonly Step[], more: Partial<Definition> = {}): Definition {
  return {
    format: 'canvas',
    executionMode: 'dag',
    steps,
    edges: [],
    triggers: [],
    emits: [],
    bindings: {},
    layout: {},
    rest: {},
    document: {},
    ...more,
  };
}

/** Arrows from each step to the next. */
export function chain(...ids: readonly string[]): Edge[] {
  return ids.slice(1).map((to, index) => ({ from: ids[index] ?? '', to }));
}

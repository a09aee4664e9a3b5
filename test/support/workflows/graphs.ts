import type { Definition, Step, StepGroup } from '../../../src/domain/workflow/definition.ts';

/** A step of a graph, as small as it gets. */
export function aStep(id: string, more: Partial<Omit<Step, 'id'>> = {}): Step {
  return { id, kind: 'llm', properties: { model: 'small' }, dependsOn: [], children: [], path: `steps.${id}`, ...more };
}

/** A step with others inside it, in one or more named lists. */
export function aContainer(id: string, kind: string, lists: Readonly<Record<string, readonly Step[]>>): Step {
  const children = Object.entries(lists).map(([role, steps]): StepGroup => ({ role, steps }));
  return aStep(id, { kind, children, properties: {} });
}

/** A workflow that states its arrows, such as `a>b`. */
export function aGraph(steps: readonly (string | Step)[], arrows: readonly string[] = []): Definition {
  return {
    format: 'n8n',
    executionMode: 'unspecified',
    steps: steps.map((step) => (typeof step === 'string' ? aStep(step) : step)),
    edges: arrows.map((arrow) => {
      const [from = '', to = ''] = arrow.split('>');
      return { from, to };
    }),
    triggers: [],
    emits: [],
    bindings: {},
    layout: {},
    rest: {},
    document: {},
  };
}

/** `s0` to `sN`, each leading to the next. */
export function aChain(ids: readonly string[]): Definition {
  return aGraph(ids, arrowsAlong(ids));
}

export function arrowsAlong(ids: readonly string[]): string[] {
  return ids.slice(1).map((id, at) => `${ids[at]}>${id}`);
}

export function named(count: number, prefix = 's'): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}${at}`);
}

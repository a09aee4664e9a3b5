import type { Definition, Edge, Step } from '../../workflow/definition.ts';
import { allSteps } from '../../workflow/definition.ts';
import type { GraphNode } from './picture-graph.ts';

/** An arrow of either version between two steps, wherever they stand. */
export interface FoundArrow {
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly state: 'same' | 'added' | 'removed';
}

type NodeOf = ReadonlyMap<Step, GraphNode>;

/** An arrow whose ends were found, with what tells it from others. */
interface Ends {
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly key: string;
  /** Follows from the order of steps alone: when it comes or goes between two steps that stay, the order says so already. */
  readonly isOrder: boolean;
}

/** The arrows of both versions, those of the version after first. */
export function findArrows(before: Definition | null, after: Definition, nodeOf: NodeOf): FoundArrow[] {
  const now = endsOf(after, nodeOf);
  const old = before === null ? [] : endsOf(before, nodeOf);
  const [oldKeys, nowKeys] = [keysOf(old), keysOf(now)];
  const isNew = ({ key, isOrder, from, to }: Ends) =>
    !oldKeys.has(key) && (!isOrder || from.state === 'added' || to.state === 'added');
  const isGone = ({ key, isOrder, from, to }: Ends) =>
    !nowKeys.has(key) && (!isOrder || from.state === 'removed' || to.state === 'removed');
  return [
    ...now.map((ends): FoundArrow => ({ from: ends.from, to: ends.to, state: isNew(ends) ? 'added' : 'same' })),
    ...old.filter(isGone).map(({ from, to }): FoundArrow => ({ from, to, state: 'removed' })),
  ];
}

function endsOf(definition: Definition, nodeOf: NodeOf): Ends[] {
  const stepById = new Map(allSteps(definition).map((step) => [step.id, step]));
  const nodeById = (id: string): GraphNode | undefined => {
    const step = stepById.get(id);
    return step === undefined ? undefined : nodeOf.get(step);
  };
  return definition.edges.flatMap(({ from, to, port, implied }: Edge): Ends[] => {
    const [start, end] = [nodeById(from), nodeById(to)];
    if (start === undefined || end === undefined) return [];
    const isOrder = implied === true && definition.executionMode !== 'dag';
    return [{ from: start, to: end, key: `${start.key} ${end.key} ${port ?? ''}`, isOrder }];
  });
}

function keysOf(ends: readonly Ends[]): Set<string> {
  return new Set(ends.map(({ key }) => key));
}

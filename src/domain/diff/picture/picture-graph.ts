import type { Definition, Step } from '../../workflow/definition.ts';
import type { Change, WorkflowDiff } from '../change.ts';
import { matchSteps, type StepMatching } from '../match-steps.ts';
import { type MergedStep, mergeSteps } from '../merged-steps.ts';
import { type FoundArrow, findArrows } from './find-arrows.ts';

/** What happened to a step. `same`: nothing. */
export type NodeState = 'same' | 'added' | 'removed' | 'changed' | 'moved';

/** What happened to an arrow. `changed`: of several between the same two nodes not all came, went or stayed. */
export type ArrowState = Exclude<NodeState, 'moved'>;

/** One step of both versions, and where it stands. */
export interface GraphNode {
  /** Unique in the picture, in document order. */
  readonly key: number;
  readonly step: Step;
  readonly state: NodeState;
  /** The changes of its own properties; a moved step may have some too. */
  readonly changes: readonly Change[];
  readonly parent: GraphNode | null;
  /** The frame in which it stands. */
  readonly within: GraphGroup;
  readonly groups: readonly GraphGroup[];
  /** Whether it or anything inside it came, went, moved or changed. */
  readonly isHot: boolean;
  /** How many steps stand inside it, at any depth. */
  readonly inside: number;
}

/** Steps and arrows that share a frame: the whole workflow, or one branch of a step. */
export interface GraphGroup {
  readonly role: string;
  readonly nodes: readonly GraphNode[];
  /** Each pair of nodes at most once. */
  readonly arrows: readonly GraphArrow[];
}

/** An arrow between two nodes of one group. */
export interface GraphArrow {
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly state: ArrowState;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] };
type GrowingGroup = { role: string; nodes: GraphNode[]; arrows: GraphArrow[] };

/** Both versions as one graph: each step once, with what happened to it, and every arrow in the frame that holds both its ends. */
export function makePictureGraph(before: Definition | null, after: Definition, diff: WorkflowDiff): GraphGroup {
  const matching = matchSteps(before, after);
  const { whole, groups, nodeOf } = placeNodes(before, after, matching, diff);
  const found = findArrows(before, after, nodeOf);
  const arrowsOf = Map.groupBy(found.flatMap(lifted), ({ from }) => from.within);
  for (const group of groups) group.arrows = merged(arrowsOf.get(group) ?? []);
  return whole;
}

function placeNodes(before: Definition | null, after: Definition, matching: StepMatching, diff: WorkflowDiff) {
  const changesOf = Map.groupBy(diff.changes, ({ stepId }) => stepId);
  const nodeOf = new Map<Step, GraphNode>();
  const groups: GrowingGroup[] = [];

  const fill = (role: string, steps: readonly MergedStep[], parent: GraphNode | null): GrowingGroup => {
    const group: GrowingGroup = { role, nodes: [], arrows: [] };
    groups.push(group);
    for (const step of steps) group.nodes.push(place(step, parent, group));
    return group;
  };

  const place = (
    { step, state, before: old, groups: branches }: MergedStep,
    parent: GraphNode | null,
    within: GraphGroup,
  ) => {
    const isNew = state === 'added' || state === 'removed';
    const changes = isNew ? [] : (changesOf.get(step.id) ?? []).filter(({ property }) => property !== undefined);
    const shown: NodeState = state === 'kept' ? (changes.length > 0 ? 'changed' : 'same') : state;
    const node: Growing<GraphNode> = {
      ...{ key: nodeOf.size, step, state: shown, changes, parent, within },
      ...{ groups: [], isHot: shown !== 'same', inside: 0 },
    };
    for (const version of [step, old]) if (version !== null) nodeOf.set(version, node);
    node.groups = branches.map((branch) => fill(branch.role, branch.steps, node));
    const inner = node.groups.flatMap(({ nodes }) => nodes);
    node.isHot ||= inner.some(({ isHot }) => isHot);
    node.inside = inner.reduce((sum, { inside }) => sum + 1 + inside, 0);
    return node;
  };

  return {
    whole: fill('', mergeSteps(before?.steps ?? [], after.steps, matching, movedIds(diff)), null),
    groups,
    nodeOf,
  };
}

function movedIds({ changes }: WorkflowDiff): Set<string> {
  const moves = changes.filter(({ kind, property }) => kind === 'moved' && property === undefined);
  return new Set(moves.flatMap(({ stepId }) => stepId ?? []));
}

/** The arrow in the innermost frame that holds both ends, or what stands around them there. Nothing where there is none such. */
function lifted({ from, to, state }: FoundArrow): GraphArrow[] {
  const [line, other] = [lineOf(from), lineOf(to)];
  const depth = line.findIndex((node, at) => node !== other[at]);
  const [outerFrom, outerTo] = [line[depth], other[depth]];
  if (outerFrom === undefined || outerTo === undefined || outerFrom.within !== outerTo.within) return [];
  return [{ from: outerFrom, to: outerTo, state }];
}

/** From the outermost step around it to the step itself. */
function lineOf(node: GraphNode): GraphNode[] {
  const line: GraphNode[] = [];
  for (let at: GraphNode | null = node; at !== null; at = at.parent) line.push(at);
  return line.reverse();
}

function merged(arrows: readonly GraphArrow[]): GraphArrow[] {
  const byEnds = Map.groupBy(arrows, ({ from, to }) => `${from.key} ${to.key}`);
  return [...byEnds.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    return more.every(({ state }) => state === first.state) ? [first] : [{ ...first, state: 'changed' as const }];
  });
}

import type { Definition } from '../../workflow/definition.ts';
import type { Change, WorkflowDiff } from '../change.ts';
import { count } from '../quote.ts';
import { altText } from './alt-text.ts';
import { chooseNodes } from './choose-nodes.ts';
import { layOut } from './lay-out.ts';
import { makePictureGraph } from './picture-graph.ts';
import { writeSvg } from './write-svg.ts';

/** A workflow's graph with what changed in it. */
export interface Picture {
  /** A whole document, without script or anything from elsewhere; `width` and `height` are its size in pixels. */
  readonly svg: string;
  /** The same in words, plain text of at most 2,000 characters. */
  readonly alt: string;
  /** At most 2,000. */
  readonly width: number;
  readonly height: number;
}

/**
 * Draws what changed between two versions: steps that came, went, changed and moved, with what stands near them. Null where no
 * step came, went or moved and no arrow changed, or there is but one step: then there is nothing to see. `before` is null for a
 * first version.
 * Pure and deterministic, bounded whatever the two are: at most 300 boxes and 600 arrows.
 */
export function drawPicture(before: Definition | null, after: Definition, diff: WorkflowDiff): Picture | null {
  if (!changesStructure(diff)) return null;
  const graph = makePictureGraph(before, after, diff);
  if (graph.nodes.reduce((sum, { inside }) => sum + 1 + inside, 0) < 2) return null;
  const choice = chooseNodes(graph);
  const alt = altText(choice);
  const notes =
    choice.arrowsLeftOut === 0 ? [] : [`${count(choice.arrowsLeftOut, 'arrow')} between these steps not drawn.`];
  return { alt, ...writeSvg(layOut(choice.scene), alt, notes) };
}

function changesStructure({ counts, changes }: WorkflowDiff): boolean {
  const { added, removed, moved } = counts.steps;
  return added + removed + moved > 0 || changes.some(isArrow);
}

function isArrow({ path, property }: Change): boolean {
  return path === 'edges' || property === 'dependsOn';
}

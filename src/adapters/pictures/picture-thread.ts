import type { WorkflowDiff } from '../../domain/diff/diff-definitions.ts';
import { drawPicture, type Picture } from '../../domain/diff/picture/draw-picture.ts';
import type { Definition } from '../../domain/workflow/definition.ts';
import { renderPng } from './render-png.ts';

interface Drawn {
  readonly before: Definition | null;
  readonly after: Definition;
  readonly diff: WorkflowDiff;
}

/** What runs in the thread beside: each takes up to seconds of computing. */
export function draw({ before, after, diff }: Drawn): Picture | null {
  return drawPicture(before, after, diff);
}

export const png = renderPng;

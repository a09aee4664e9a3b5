import type { Segment, SourceScan } from './source-scan.ts';

/** Counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

interface Wanted {
  offset?: number;
  readonly below: Map<Segment, Wanted>;
}

interface Frame {
  readonly isList: boolean;
  readonly wanted: Wanted | undefined;
  index: number;
  pending: Wanted | undefined;
}

/**
 * Finds where paths stand in a source text, all in one pass.
 * A path that is not there (a missing key, say) has the position of the nearest thing around it that is.
 */
export function locate(source: string, scan: SourceScan, paths: readonly (readonly Segment[])[]): Position[] {
  const root = treeOf(paths);
  findOffsets(scan, root);
  const lineStarts = startsOfLines(source);
  return paths.map((path) => positionAt(lineStarts, nearestOffset(root, path)));
}

function treeOf(paths: readonly (readonly Segment[])[]): Wanted {
  const root: Wanted = { below: new Map() };
  for (const path of paths) {
    let node = root;
    for (const segment of path) {
      const next: Wanted = node.below.get(segment) ?? { below: new Map() };
      node.below.set(segment, next);
      node = next;
    }
  }
  return root;
}

function findOffsets(scan: SourceScan, root: Wanted): void {
  const frames: Frame[] = [];
  const enter = (offset: number): Wanted | undefined => {
    const parent = frames.at(-1);
    const wanted =
      parent === undefined ? root : parent.isList ? parent.wanted?.below.get(parent.index++) : parent.pending;
    if (wanted !== undefined) wanted.offset ??= offset;
    return wanted;
  };
  scan({
    open: (kind, offset) => {
      frames.push({ isList: kind === 'list', wanted: enter(offset), index: 0, pending: undefined });
    },
    key: (text, offset) => {
      const parent = frames.at(-1);
      if (parent === undefined) return;
      parent.pending = parent.wanted?.below.get(text);
      if (parent.pending !== undefined) parent.pending.offset ??= offset;
    },
    scalar: enter,
    close: () => frames.pop(),
  });
}

function nearestOffset(root: Wanted, path: readonly Segment[]): number {
  let node = root;
  let offset = root.offset ?? 0;
  for (const segment of path) {
    const next = node.below.get(segment);
    if (next?.offset === undefined) return offset;
    node = next;
    offset = next.offset;
  }
  return offset;
}

export function startsOfLines(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

export function positionAt(lineStarts: readonly number[], offset: number): Position {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

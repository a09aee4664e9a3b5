import { LIMITS } from '../limits.ts';
import type { PathProblem } from './check-values.ts';
import type { Segment, SourceScan } from './source-scan.ts';

/** A problem at a known place of the source. */
export interface PlacedProblem extends PathProblem {
  readonly offset: number;
}

interface Frame {
  readonly keys: Set<string> | null;
  /** The key or index that is being read. */
  segment: Segment;
}

/** Finds keys that come twice in one mapping: `JSON.parse` keeps the last one and says nothing. */
export function findDuplicateKeys(scan: SourceScan): PlacedProblem[] {
  const problems: PlacedProblem[] = [];
  const frames: Frame[] = [];
  const enter = (): void => {
    const parent = frames.at(-1);
    if (parent !== undefined && typeof parent.segment === 'number') parent.segment++;
  };
  scan({
    open: (kind) => {
      enter();
      frames.push(kind === 'map' ? { keys: new Set(), segment: '' } : { keys: null, segment: -1 });
    },
    key: (text, offset) => {
      const frame = frames.at(-1);
      if (!frame?.keys) return;
      frame.segment = text;
      if (frame.keys.has(text) && problems.length < LIMITS.problems) {
        problems.push({
          path: frames.map(({ segment }) => segment),
          offset,
          message: 'this key comes twice; keep one of them',
        });
      }
      frame.keys.add(text);
    },
    scalar: enter,
    close: () => frames.pop(),
  });
  return problems;
}

import { pathText, type Segment } from '../source/source-scan.ts';
import type { SourceText, TextVisitor } from './source-text.ts';
import { walkSource } from './walk-source.ts';

/** The paths of the texts that begin at these offsets, as `nodes[2].parameters.apiKey`; a key that is one of these shows as `…`. */
export function pathsAt(source: string, starts: ReadonlySet<number>): Map<number, string> {
  const paths = new Map<number, string>();
  walkSource(
    source,
    pathVisitor(starts, (text, path) => {
      if (starts.has(text.start) && !paths.has(text.start)) paths.set(text.start, pathText(path));
    }),
  );
  return paths;
}

function pathVisitor(
  unsaid: ReadonlySet<number>,
  hear: (text: SourceText, path: readonly Segment[]) => void,
): TextVisitor {
  const path: Segment[] = [];
  const isMap: boolean[] = [];
  /** A list's next item: its index is counted when it comes. */
  const enter = (): void => {
    const at = path.at(-1);
    if (typeof at === 'number') path[path.length - 1] = at + 1;
  };
  return {
    open(kind) {
      if (isMap.at(-1) === false) enter();
      isMap.push(kind === 'map');
      path.push(kind === 'map' ? '' : -1);
    },
    close() {
      isMap.pop();
      path.pop();
    },
    key(text) {
      path[path.length - 1] = unsaid.has(text.start) ? '…' : text.text;
      hear(text, path);
    },
    value(text) {
      if (isMap.at(-1) === false) enter();
      hear(text, path);
    },
    aside: (text) => hear(text, []),
  };
}

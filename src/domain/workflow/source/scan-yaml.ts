import { EVENT_ID, type Event, getScalarValue } from 'js-yaml';
import type { SourceScan } from './source-scan.ts';

/** Scans the parser's events. What an alias stands for is not entered: a position inside it is that of the alias. */
export function scanYaml(source: string, events: readonly Event[]): SourceScan {
  return (visitor) => {
    const open: { isMap: boolean; expectsKey: boolean }[] = [];
    const afterNode = (): void => {
      const parent = open.at(-1);
      if (parent?.isMap) parent.expectsKey = !parent.expectsKey;
    };
    for (const event of events) {
      if (event.type === EVENT_ID.SCALAR) {
        if (open.at(-1)?.expectsKey) visitor.key(getScalarValue(source, event), event.valueStart);
        else visitor.scalar(startOf(event));
        afterNode();
      } else if (event.type === EVENT_ID.ALIAS) {
        visitor.scalar(event.anchorStart);
        afterNode();
      } else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
        const isMap = event.type === EVENT_ID.MAPPING;
        visitor.open(isMap ? 'map' : 'list', event.start);
        open.push({ isMap, expectsKey: isMap });
      } else if (event.type === EVENT_ID.POP && open.pop() !== undefined) {
        visitor.close();
        afterNode();
      }
    }
  };
}

function startOf(event: { valueStart: number; tagStart: number; anchorStart: number }): number {
  const starts = [event.valueStart, event.tagStart, event.anchorStart].filter((start) => start >= 0);
  return starts.length === 0 ? 0 : Math.min(...starts);
}

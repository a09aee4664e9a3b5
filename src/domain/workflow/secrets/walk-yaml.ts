import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE } from 'js-yaml';
import { LIMITS } from '../limits.ts';
import type { SourceText, TextVisitor } from './source-text.ts';

type Scalar = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

/**
 * Walks YAML text, several documents too. `base` is added to every offset. What an alias names is told again where the alias
 * stands: `password: *pw` makes a password of a text that stands elsewhere.
 * @throws what the parser throws where the text is no YAML; nothing was told of then
 */
export function walkYaml(source: string, visitor: TextVisitor, base = 0): void {
  const events = parseEvents(source, { maxDepth: LIMITS.documentDepth });
  const open: { isMap: boolean; expectsKey: boolean }[] = [];
  const anchored = new Map<string, SourceText>();
  let told = 0;
  const tellAside = (until: number): void => {
    if (until <= told) return;
    const gap = source.slice(told, until);
    if (gap.includes('#')) visitor.aside({ text: gap, start: base + told, end: base + until, writing: 'plain' });
  };
  const tell = (text: SourceText): void => {
    const parent = open.at(-1);
    if (parent?.expectsKey) visitor.key(text);
    else visitor.value(text);
    if (parent?.isMap) parent.expectsKey = !parent.expectsKey;
  };
  for (const event of events) {
    if (event.type === EVENT_ID.SCALAR) {
      const text = textOf(source, event, base);
      tellAside(event.valueStart);
      told = Math.max(told, event.valueEnd);
      if (event.anchorStart >= 0) anchored.set(source.slice(event.anchorStart, event.anchorEnd), text);
      tell(text);
    } else if (event.type === EVENT_ID.ALIAS) {
      tell(anchored.get(source.slice(event.anchorStart, event.anchorEnd)) ?? NOTHING);
    } else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      const isMap = event.type === EVENT_ID.MAPPING;
      visitor.open(isMap ? 'map' : 'list');
      open.push({ isMap, expectsKey: isMap });
    } else if (event.type === EVENT_ID.POP && open.pop() !== undefined) {
      visitor.close();
      const parent = open.at(-1);
      if (parent?.isMap) parent.expectsKey = !parent.expectsKey;
    }
  }
  tellAside(source.length);
}

const NOTHING: SourceText = { text: '', start: -1, end: -1, writing: 'plain' };

function textOf(source: string, event: Scalar, base: number): SourceText {
  if (event.valueStart < 0) return NOTHING;
  const text = getScalarValue(source, event);
  const raw = source.slice(event.valueStart, event.valueEnd);
  const writing =
    raw === text
      ? ('plain' as const)
      : event.style === SCALAR_STYLE.DOUBLE_QUOTED
        ? ('escaped' as const)
        : ('folded' as const);
  return { text, start: base + event.valueStart, end: base + event.valueEnd, writing };
}

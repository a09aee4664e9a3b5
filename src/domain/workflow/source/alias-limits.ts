import { EVENT_ID, type Event } from 'js-yaml';
import { LIMITS } from '../limits.ts';

interface Anchored {
  readonly name: string;
  readonly start: number;
  /** What had been expanded when it began; later, what is expanded inside it. */
  expansions: number;
  size: number;
  isOpen: boolean;
}

/** Where an alias goes too far, and why; null when all is well. */
export interface AliasProblem {
  readonly offset: number;
  readonly message: string;
}

/**
 * Counts what the aliases of a document come to once each is replaced by what it stands for, without replacing any.
 * Nine anchors that each name the one before nine times are 81 aliases and a billion values.
 */
export function findAliasProblem(source: string, events: readonly Event[]): AliasProblem | null {
  const anchors = new Map<string, Anchored>();
  const open: (Anchored | null)[] = [];
  let expansions = 0;
  let size = 0;
  let reached = 0;
  const begin = (event: { anchorStart: number; anchorEnd: number }): Anchored | null => {
    if (event.anchorStart < 0) return null;
    const name = source.slice(event.anchorStart, event.anchorEnd);
    const anchored = { name, start: reached, expansions, size, isOpen: true };
    anchors.set(name, anchored);
    return anchored;
  };
  const end = (anchored: Anchored | null | undefined): void => {
    if (!anchored) return;
    anchored.expansions = expansions - anchored.expansions;
    anchored.size = size - anchored.size + (reached - anchored.start);
    anchored.isOpen = false;
  };
  for (const event of events) {
    if (event.type === EVENT_ID.SCALAR) {
      const anchored = begin(event);
      reached = Math.max(reached, event.valueEnd);
      end(anchored);
    } else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) open.push(begin(event));
    else if (event.type === EVENT_ID.POP) end(open.pop());
    else if (event.type === EVENT_ID.ALIAS) {
      const offset = event.anchorStart;
      const target = anchors.get(source.slice(offset, event.anchorEnd));
      if (target === undefined) continue; // Unknown names are the parser's to refuse.
      if (target.isOpen)
        return { offset, message: `the alias *${target.name.slice(0, 60)} stands inside what it names` };
      expansions += 1 + target.expansions;
      size += target.size;
      if (expansions > LIMITS.aliasExpansions) {
        return {
          offset,
          message: `YAML aliases come to more than ${LIMITS.aliasExpansions} once expanded; write these values out`,
        };
      }
      if (size > LIMITS.bytes)
        return { offset, message: 'YAML aliases make this document larger than 10 MB; write less of it as aliases' };
    }
  }
  return null;
}

import { isObject, type JsonObject } from '../json.ts';
import type { SourceScan } from './source-scan.ts';

/** A text that begins with YAML between two lines of dashes. */
export interface FrontMatter {
  /** The YAML, at the place where it stands in the source: what is before it is blank. */
  readonly yaml: string;
  /** Offset of what follows. */
  readonly bodyStart: number;
}

/** Blank lines and comments may stand before it, as licences do. */
const OPENING = /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*---[ \t]*\r?\n/;
const CLOSING = /^---[ \t]*(?:\r?\n|$)/;

/** Null where a text has no such beginning. */
export function findFrontMatter(source: string): FrontMatter | null {
  const start = OPENING.exec(source)?.[0].length;
  if (start === undefined) return null;
  for (let at = start; at >= start && at < source.length; at = source.indexOf('\n', at) + 1) {
    if (!source.startsWith('---', at)) continue;
    const closing = CLOSING.exec(source.slice(at, at + 200));
    if (closing === null) continue;
    const before = source.slice(0, start).replace(/[^\r\n]/g, ' ');
    return { yaml: `${before}${source.slice(start, at)}`, bodyStart: at + closing[0].length };
  }
  return null;
}

/** What the front matter of a prompt has. */
const OF_PROMPTS = ['model', 'config', 'sample', 'input', 'inputs', 'output', 'outputs', 'template', 'tools'];
/** What a workflow has that is one of several YAML documents in a file. */
const OF_WORKFLOWS = ['apiVersion', 'kind', 'nodes', 'steps', 'jobs'];

/** Whether it speaks of a prompt that follows; where neither is clear, what follows decides: several YAML documents look alike. */
export function isOfPrompt(front: unknown, isBodyYaml: () => boolean): boolean {
  const keys = isObject(front) ? Object.keys(front) : [];
  if (keys.some((key) => OF_WORKFLOWS.includes(key))) return false;
  return keys.some((key) => OF_PROMPTS.includes(key)) || !isBodyYaml();
}

/** Both parts as the one document that is compared and hashed. */
export function documentOf(front: unknown, body: string): JsonObject {
  return { frontMatter: isObject(front) ? front : {}, body };
}

/** Scans both parts as that document. */
export function scanFrontMatter(front: SourceScan, bodyStart: number): SourceScan {
  return (visitor) => {
    visitor.open('map', 0);
    visitor.key('frontMatter', 0);
    front(visitor);
    visitor.key('body', bodyStart);
    visitor.scalar(bodyStart);
    visitor.close();
  };
}

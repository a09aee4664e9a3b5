import { findFrontMatter } from '../source/front-matter.ts';
import { blankComments } from '../source/json-with-comments.ts';
import type { TextVisitor } from './source-text.ts';
import { walkJson } from './walk-json.ts';
import { walkYaml } from './walk-yaml.ts';

/**
 * Walks a source whatever it is: JSON, with comments too, YAML, front matter above a text, or any other text, which is told of
 * as one. It is laxer than the parser: what the parser refuses afterwards has been walked all the same.
 */
export function walkSource(source: string, visitor: TextVisitor): void {
  const base = source.startsWith('\uFEFF') ? 1 : 0;
  const text = source.slice(base);
  const cleaned = /^\s*[{[/]/.test(text) ? cleanedOf(text) : text;
  if (isJson(cleaned)) {
    walkJson(cleaned, visitor, base);
    if (cleaned !== text) tellBlanked(text, cleaned, visitor, base);
  } else if (!tryYaml(text, visitor, base)) {
    const front = findFrontMatter(text);
    const bodyStart = front !== null && tryYaml(front.yaml, visitor, base) ? front.bodyStart : 0;
    tellWhole(text, bodyStart, visitor, base);
  }
}

/** The scanner for comments is slow: it is asked only where plain JSON was not enough. */
function cleanedOf(text: string): string {
  return isJson(text) ? text : (blankComments(text) ?? text);
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function tryYaml(text: string, visitor: TextVisitor, base: number): boolean {
  try {
    walkYaml(text, visitor, base);
    return true;
  } catch {
    return false;
  }
}

function tellWhole(text: string, from: number, visitor: TextVisitor, base: number): void {
  visitor.value({ text: text.slice(from), start: base + from, end: base + text.length, writing: 'plain' });
}

/** The comments, where the cleaned text has blanks instead. */
function tellBlanked(text: string, cleaned: string, visitor: TextVisitor, base: number): void {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) === cleaned.charCodeAt(at)) continue;
    let end = at;
    while (end < text.length && (text.charCodeAt(end) !== cleaned.charCodeAt(end) || cleaned[end] === ' ')) end++;
    visitor.aside({ text: text.slice(at, end), start: base + at, end: base + end, writing: 'plain' });
    at = end;
  }
}

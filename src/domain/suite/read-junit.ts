import { XMLParser } from 'fast-xml-parser';
import { InvalidDefinitionError } from '../workflow/invalid-definition-error.ts';
import type { CheckFigures } from './check-figures.ts';
import { REPORT_LIMITS, type ReportedCase, reportFigures } from './report-figures.ts';

const LARGEST = 10 * 1024 * 1024;
const DEEPEST = 30;
/** Reading takes time by the tag and attribute rather than by the byte. */
const MOST_TAGS = 150_000;
const MOST_ATTRIBUTES = 100_000;

/**
 * The figures of a JUnit XML report: tests, and the latency where every case tells its time. Skipped cases did not pass. Entities
 * other than XML's own five are refused with the document type that would name them; nothing is expanded.
 * @throws InvalidDefinitionError
 */
export function readJunit(source: string, fileName?: string): CheckFigures[] {
  const refuse = (message: string): never => {
    throw new InvalidDefinitionError([{ path: '', message }], fileName);
  };
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  if (text.length > LARGEST || Buffer.byteLength(text) > LARGEST) refuse('it is larger than 10 MB');
  if (hasDocumentType(text))
    refuse('it begins with a document type (`<!DOCTYPE …`), which no JUnit report needs; take it out');
  if (countOf(text, /</g) > MOST_TAGS || countOf(text, /[\w.:-]\s?=\s?["']/g) > MOST_ATTRIBUTES)
    refuse('it holds more tags or attributes than a report of so many cases has; split it');
  const root = parse(text) ?? refuse('it is no XML that can be read');
  const cases: ReportedCase[] = [];
  const name = collect(root, cases, 0);
  if (name === null) refuse('it is no JUnit report: there is no <testsuites> or <testsuite> at its top');
  if (cases.length === 0) refuse('it holds no <testcase>');
  if (cases.length > REPORT_LIMITS.cases) refuse(`it holds more than ${REPORT_LIMITS.cases} cases`);
  return reportFigures(cases, { name: name?.trim().slice(0, 200) || 'junit', source: 'junit' });
}

function countOf(text: string, pattern: RegExp): number {
  let count = 0;
  for (const _found of text.matchAll(pattern)) count++;
  return count;
}

/** Before the first element: later it is a text that somebody logged. */
function hasDocumentType(text: string): boolean {
  let at = 0;
  for (;;) {
    at = text.indexOf('<', at);
    if (at < 0) return false;
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : null;
    if (end === null) return /^<!/.test(text.slice(at, at + 2));
    const closed = text.indexOf(end, at);
    if (closed < 0) return false;
    at = closed + end.length;
  }
}

type Node = Readonly<Record<string, unknown>>;

function parse(text: string): Node | null {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    textNodeName: '#text',
    processEntities: false,
    parseTagValue: false,
    parseAttributeValue: false,
    maxNestedTags: DEEPEST,
    isArray: (tag) => ['testsuite', 'testcase'].includes(tag),
  });
  try {
    const value: unknown = parser.parse(text, true);
    return isNode(value) ? value : null;
  } catch {
    // Its messages hold parts of the text.
    return null;
  }
}

/** The name of the outermost suite that has one; '' where none has; null where there is no suite. */
function collect(node: Node, cases: ReportedCase[], depth: number): string | null {
  if (depth > DEEPEST) return null;
  const inner = [...listOf(node['testsuites']), ...listOf(node['testsuite'])];
  if (depth > 0) for (const one of listOf(node['testcase'])) cases.push(toCase(one));
  const names = inner.map((suite) => {
    const below = collect(suite, cases, depth + 1);
    return attribute(suite, 'name') ?? below ?? '';
  });
  return inner.length === 0 ? null : (names.find((name) => name !== '') ?? '');
}

function toCase(node: Node): ReportedCase {
  const [failure, error] = [node['failure'], node['error']].map(messageOf);
  const state = error !== null ? 'errored' : failure !== null ? 'failed' : 'skipped' in node ? 'skipped' : 'passed';
  const seconds = Number(attribute(node, 'time')?.replaceAll(',', '') ?? Number.NaN);
  const message = error ?? failure ?? '';
  return {
    name: [attribute(node, 'classname'), attribute(node, 'name')].filter(Boolean).join(' › '),
    state,
    ...(message !== '' && { message }),
    ...(Number.isFinite(seconds) && seconds >= 0 && { latencyMs: seconds * 1_000 }),
  };
}

/** Null: there is none. The element may be a text, empty, or have attributes; several say what the first says. */
function messageOf(element: unknown): string | null {
  if (element === undefined) return null;
  const first: unknown = Array.isArray(element) ? element[0] : element;
  if (typeof first === 'string') return decoded(first);
  return isNode(first) ? (attribute(first, 'message') ?? decoded(String(first['#text'] ?? ''))) : '';
}

function attribute(node: Node, name: string): string | undefined {
  const value = node[`@${name}`];
  return typeof value === 'string' ? decoded(value) : undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** XML's own entities, once. */
function decoded(text: string): string {
  return text
    .slice(0, 10_000)
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, ten, sixteen, name) => {
      if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
      const code = ten === undefined ? Number.parseInt(sixteen, 16) : Number(ten);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
}

function listOf(value: unknown): Node[] {
  return (Array.isArray(value) ? value : [value]).filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { constructFromEvents, type Event, parseEvents, YAMLException } from 'js-yaml';
import { InvalidDefinitionError } from '../invalid-definition-error.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { findAliasProblem } from './alias-limits.ts';
import { checkValues, type PathProblem } from './check-values.ts';
import { findDuplicateKeys, type PlacedProblem } from './duplicate-keys.ts';
import { documentOf, type FrontMatter, findFrontMatter, isOfPrompt, scanFrontMatter } from './front-matter.ts';
import { blankComments } from './json-with-comments.ts';
import { locate, positionAt, startsOfLines } from './locate.ts';
import { scanJson } from './scan-json.ts';
import { scanYaml } from './scan-yaml.ts';
import { pathText, type SourceScan } from './source-scan.ts';
import { definitionSchema } from './yaml-schema.ts';

/** A document and the means to say where in its source something stands. */
export interface ParsedSource {
  readonly document: JsonObject;
  /** Puts lines and columns to problems. Never returns. */
  refuse(problems: readonly PathProblem[]): never;
}

/**
 * Parses JSON (with comments, too), YAML or a text with YAML front matter, told apart by content.
 * @throws InvalidDefinitionError for anything but one mapping that JSON can say.
 */
export function parseSource(text: string, fileName?: string): ParsedSource {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const refuseWhole = (message: string): never => {
    throw new InvalidDefinitionError([{ path: '', message }], fileName);
  };
  if (source.length > LIMITS.bytes || Buffer.byteLength(source) > LIMITS.bytes) refuseWhole('it is larger than 10 MB');
  if (source.trim() === '') refuseWhole('it is empty');
  const { value, scan } = parseAny(source, fileName);
  const refuse = (problems: readonly PathProblem[]): never => {
    const positions = locate(
      source,
      scan,
      problems.map(({ path }) => path),
    );
    const placed = problems.map(({ path, message }, index) => ({ path: pathText(path), ...positions[index], message }));
    placed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
    throw new InvalidDefinitionError(placed, fileName);
  };
  if (value === null || value === undefined) return refuseWhole('it is empty');
  if (!isObject(value))
    return refuseWhole('at the top there must be a mapping (`name: …`), not a list or a single value');
  const problems = checkValues(value);
  if (problems.length > 0) refuse(problems);
  return { document: value, refuse };
}

/** What a file says that a workflow refers to: a list, a single value or a mapping. Null where it is plain text, or may not be had. */
export function parseData(text: string): Json | null {
  const parsed = tryParse(() => parseAny(text.startsWith('\uFEFF') ? text.slice(1) : text, undefined));
  if (parsed instanceof InvalidDefinitionError || typeof parsed.value === 'string') return null;
  return checkValues(parsed.value).length > 0 ? null : ((parsed.value ?? null) as Json);
}

interface Parsed {
  readonly value: unknown;
  readonly scan: SourceScan;
}

function parseAny(source: string, fileName: string | undefined): Parsed {
  const json = parseJson(source, fileName);
  if (json !== null) return json;
  const cleaned = blankComments(source);
  const commented = cleaned === null ? null : parseJson(cleaned, fileName);
  return commented ?? parseFrontMatter(source, fileName) ?? parseYaml(source, fileName);
}

/** Null when it is no prompt with front matter. Broken front matter is said to be broken only where a body follows that is no YAML. */
function parseFrontMatter(source: string, fileName: string | undefined): Parsed | null {
  const found = findFrontMatter(source);
  if (found === null) return null;
  const front = tryParse(() => parseYaml(found.yaml, fileName));
  const body = source.slice(found.bodyStart);
  const isBodyYaml = () => body.trim() === '' || isMapping(tryParse(() => parseYaml(body, fileName)));
  if (front instanceof InvalidDefinitionError) return isBodyYaml() ? null : raise(front);
  if (front.value !== null && front.value !== undefined && !isObject(front.value)) return null;
  return isOfPrompt(front.value, isBodyYaml) ? parsedFrontMatter(front, body, found) : null;
}

function parsedFrontMatter(front: Parsed, body: string, { bodyStart }: FrontMatter): Parsed {
  return { value: documentOf(front.value, body), scan: scanFrontMatter(front.scan, bodyStart) };
}

function tryParse(parse: () => Parsed): Parsed | InvalidDefinitionError {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InvalidDefinitionError) return error;
    throw error;
  }
}

function isMapping(parsed: Parsed | InvalidDefinitionError): boolean {
  return !(parsed instanceof InvalidDefinitionError) && isObject(parsed.value);
}

function raise(error: Error): never {
  throw error;
}

/** Null when it is not JSON; it may be YAML then (of which JSON is nearly a part), whose parser also says where it breaks. */
function parseJson(source: string, fileName: string | undefined): Parsed | null {
  if (!/^\s*[{[]/.test(source)) return null;
  let value: unknown;
  try {
    value = HAS_LONG_INTEGER.test(source) ? JSON.parse(source, keepLongIntegers) : JSON.parse(source);
  } catch {
    return null;
  }
  const scan = scanJson(source);
  refusePlaced(source, findDuplicateKeys(scan), fileName);
  return { value, scan };
}

const HAS_LONG_INTEGER = /[:[,\s]-?\d{16,}\s*[,}\]]/;

/** Whole numbers that a double cannot hold stay text, as in YAML (see definitionSchema). */
function keepLongIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
}

function parseYaml(source: string, fileName: string | undefined): Parsed {
  try {
    const events = parseEvents(source, { maxDepth: LIMITS.documentDepth });
    const bomb = findAliasProblem(source, events);
    if (bomb !== null) refusePlaced(source, [{ path: [], ...bomb }], fileName);
    return { value: constructOne(source, events, fileName), scan: scanYaml(source, events) };
  } catch (error) {
    if (error instanceof InvalidDefinitionError) throw error;
    throw new InvalidDefinitionError([{ path: '', ...yamlProblem(error) }], fileName);
  }
}

/** The parser's documentation promises no kind of error: whatever it throws, the text is what is wrong. */
function yamlProblem(error: unknown): { line?: number; column?: number; message: string } {
  if (!(error instanceof YAMLException)) return { message: 'not valid JSON or YAML' };
  const { mark, reason } = error;
  return { ...(mark !== undefined && { line: mark.line + 1, column: mark.column + 1 }), message: readable(reason) };
}

function constructOne(source: string, events: Event[], fileName: string | undefined): unknown {
  const documents = constructFromEvents(events, { source, schema: definitionSchema });
  if (documents.length > 1) {
    throw new InvalidDefinitionError(
      [{ path: '', message: 'it holds several documents (`---`); push them one by one' }],
      fileName,
    );
  }
  return documents[0];
}

/** The parser's words, where they would puzzle somebody who wrote a file. */
const WORDS: readonly [RegExp, string][] = [
  [/^duplicated mapping key/, 'this key comes twice; keep one of them'],
  [/^unknown (?:mapping|sequence) tag/, 'a YAML tag (`!…`) on a list or mapping is not supported'],
  [/complex keys/, 'a key must be text'],
  [/^nesting exceeded/, `lists and mappings are nested deeper than ${LIMITS.documentDepth}`],
  [/non-printable/, 'text may not contain control characters such as NUL'],
];

function readable(reason: string): string {
  return WORDS.find(([pattern]) => pattern.test(reason))?.[1] ?? `not valid JSON or YAML: ${reason.slice(0, 200)}`;
}

function refusePlaced(source: string, problems: readonly PlacedProblem[], fileName: string | undefined): void {
  if (problems.length === 0) return;
  const lines = startsOfLines(source);
  throw new InvalidDefinitionError(
    problems.map(({ path, offset, message }) => ({ path: pathText(path), ...positionAt(lines, offset), message })),
    fileName,
  );
}

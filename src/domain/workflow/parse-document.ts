import { closest } from 'fastest-levenshtein';
import { isBundle } from './bundle/parse-bundle.ts';
import { readBundle } from './bundle/read-bundle.ts';
import type { Definition } from './definition.ts';
import type { Format, ReadContext } from './formats/format.ts';
import { findFormat, formatOf, formats } from './formats/index.ts';
import { InvalidDefinitionError } from './invalid-definition-error.ts';
import { limitProblems } from './limit-problems.ts';
import { parseSource } from './source/parse-source.ts';

export { type DefinitionProblem, InvalidDefinitionError } from './invalid-definition-error.ts';

export interface ReadOptions {
  /** Named in the refusal; decides nothing. */
  readonly fileName?: string;
  /** Id of a format, instead of judging by content. */
  readonly format?: string;
  /** Events that other workflows emit: a trigger may wait for these or for the workflow's own, and for no other. */
  readonly knownEvents?: Iterable<string>;
}

/**
 * Reads a workflow definition from JSON or YAML of at most 10 MB, from a prompt with front matter, or from a bundle of files.
 * @throws InvalidDefinitionError with every problem, its path and its line: malformed text, over a limit, YAML alias bombs,
 * repeated or dangerous keys, and all that the format itself refuses. Nothing else is ever thrown.
 */
export function readDefinition(source: string, options: ReadOptions = {}): Definition {
  const parsed = parseSource(source, options.fileName);
  const { document, refuse } = parsed;
  const asked = options.format === undefined ? null : getFormat(options.format, options.fileName);
  const context: ReadContext = { knownEvents: new Set(options.knownEvents) };
  if (isBundle(document)) return readBundle(parsed, context, asked, options.fileName);
  const reading = (asked ?? formatOf(document)).read(document, context);
  const problems = reading.problems ?? limitProblems(reading.definition);
  return problems.length > 0 || reading.problems !== undefined ? refuse(problems) : reading.definition;
}

function getFormat(id: string, fileName: string | undefined): Format {
  const format = findFormat(id);
  if (format !== null) return format;
  const ids = formats.map((known) => known.id);
  const message = `‘${id.slice(0, 40)}’ is no known format; did you mean ‘${closest(id.slice(0, 40), ids)}’? Known: ${ids.join(', ')}`;
  throw new InvalidDefinitionError([{ path: '', message }], fileName);
}

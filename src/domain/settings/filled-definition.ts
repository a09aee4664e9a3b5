import { isBundle } from '../workflow/bundle/parse-bundle.ts';
import type { Definition } from '../workflow/definition.ts';
import { findFormat } from '../workflow/formats/index.ts';
import { InvalidDefinitionError } from '../workflow/invalid-definition-error.ts';
import type { JsonObject } from '../workflow/json.ts';
import { limitProblems } from '../workflow/limit-problems.ts';
import { readDefinition } from '../workflow/parse-document.ts';
import { pathText } from '../workflow/source/source-scan.ts';

/**
 * Reads the filled document of a version again, so that what is live can be compared with what is proposed as they take effect.
 * @throws InvalidDefinitionError where a value does not fit the place that it was filled in (`timeout: soon`)
 */
export function filledDefinition({ format: id, triggers }: Definition, document: JsonObject): Definition {
  // What other workflows emit was asked when the version was pushed.
  const knownEvents = new Set(triggers.flatMap(({ event }) => event ?? []));
  const format = findFormat(id);
  if (format === null || isBundle(document))
    return readDefinition(JSON.stringify(document), { format: id, knownEvents });
  const reading = format.read(document, { knownEvents });
  const problems = reading.problems ?? limitProblems(reading.definition);
  if (reading.problems === undefined && problems.length === 0) return reading.definition;
  throw new InvalidDefinitionError(problems.map(({ path, message }) => ({ path: pathText(path), message })));
}

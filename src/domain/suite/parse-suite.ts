import { closest } from 'fastest-levenshtein';
import type { z } from 'zod';
import { issuesOf } from '../configuration/yaml-issues.ts';
import { lookUp } from '../look-up.ts';
import { InvalidDefinitionError } from '../workflow/invalid-definition-error.ts';
import type { JsonObject } from '../workflow/json.ts';
import { LIMITS } from '../workflow/limits.ts';
import type { PathProblem } from '../workflow/source/check-values.ts';
import { type ParsedSource, parseSource } from '../workflow/source/parse-source.ts';
import type { Segment } from '../workflow/source/source-scan.ts';
import { type LinearRegex, makeLinearRegex, UnsupportedPatternError } from './regex/linear-regex.ts';
import { makeSchemaChecks, type SchemaChecks } from './schema/schema-check.ts';
import { type Assertion, SUITE_LIMITS, type Suite, type SuiteCase } from './suite.ts';
import { type AssertionYaml, assertionSchemas, type SuiteYaml, suiteSchema } from './suite-schema.ts';

/**
 * Reads a suite of YAML or JSON.
 * @throws InvalidDefinitionError with every problem, its path and its line
 */
export function parseSuite(source: string, fileName?: string): Suite {
  if (source.length > SUITE_LIMITS.characters)
    throw new InvalidDefinitionError(
      [{ path: '', message: 'it is larger than 4 MB; split it into several' }],
      fileName,
    );
  return readSuite(parseSource(source, fileName));
}

/**
 * The same of what was parsed already.
 * @throws InvalidDefinitionError
 */
export function readSuite({ document, refuse }: ParsedSource): Suite {
  const parsed = suiteSchema.safeParse(document);
  if (!parsed.success) return refuse(issuesOf(parsed.error).slice(0, LIMITS.problems));
  const problems = repeatedNames(parsed.data);
  const reading = { problems, schemas: makeSchemaChecks(), patterns: makePatterns() };
  const cases = parsed.data.cases.map((one, index) => readCase(one, ['cases', index], reading));
  if (problems.length > 0) return refuse(problems.slice(0, LIMITS.problems));
  const { name = 'tests', concurrency, timeout, budget } = parsed.data;
  return {
    name,
    cases,
    ...(concurrency !== undefined && { concurrency }),
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...(budget !== undefined && { budget }),
  };
}

/** Results are told apart by the names of their cases, and qualities by those of their scales. */
function repeatedNames({ cases }: SuiteYaml): PathProblem[] {
  const seen = new Set<string>();
  const scales = new Map<unknown, unknown>();
  return cases.flatMap(({ name, assert }, index): PathProblem[] => {
    const isKnown = seen.has(name);
    seen.add(name);
    const problems = isKnown
      ? [{ path: ['cases', index, 'name'], message: `there is already a case ‘${name.slice(0, 100)}’` }]
      : [];
    const others = assert.flatMap(({ scale, of = 1 }, at): PathProblem[] => {
      if (scale === undefined) return [];
      const known = scales.get(scale) ?? of;
      scales.set(scale, known);
      const message = `is scored up to ${known} in another place; say the same here`;
      return known === of ? [] : [{ path: ['cases', index, 'assert', at, 'of'], message }];
    });
    return [...problems, ...others];
  });
}

/** What reading finds out on its way. */
interface Reading {
  readonly problems: PathProblem[];
  readonly schemas: SchemaChecks;
  readonly patterns: Patterns;
}

function readCase(
  { name, input, assert }: SuiteYaml['cases'][number],
  at: readonly Segment[],
  reading: Reading,
): SuiteCase {
  const assertions = assert.flatMap((raw, index) => readAssertion(raw, [...at, 'assert', index], reading) ?? []);
  return { name, input, assertions };
}

function readAssertion(raw: JsonObject, at: readonly Segment[], reading: Reading): Assertion | null {
  const { problems } = reading;
  const type = raw['type'];
  const types: Readonly<Record<string, z.ZodType<AssertionYaml>>> = assertionSchemas;
  const schema = typeof type === 'string' ? lookUp(types, type) : undefined;
  if (schema === undefined) {
    problems.push({ path: [...at, 'type'], message: unknownType(type) });
    return null;
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    problems.push(...issuesOf(parsed.error).map(({ path, message }) => ({ path: [...at, ...path], message })));
    return null;
  }
  const made = toAssertion(parsed.data, at, reading);
  if (!('problems' in made)) return made;
  problems.push(...made.problems);
  return null;
}

function unknownType(type: unknown): string {
  const known = Object.keys(assertionSchemas);
  if (typeof type !== 'string') return `has to be one of ${known.join(', ')}`;
  return `‘${type.slice(0, 40)}’ is no assertion; did you mean ‘${closest(type.slice(0, 40), known)}’? Known: ${known.join(', ')}`;
}

function toAssertion(
  yaml: AssertionYaml,
  at: readonly Segment[],
  { schemas, patterns }: Reading,
): Assertion | { readonly problems: readonly PathProblem[] } {
  const place = yaml.path === undefined ? {} : { path: yaml.path };
  switch (yaml.type) {
    case 'contains':
      return { ...place, type: 'contains', value: yaml.value, ignoreCase: yaml.ignoreCase, not: yaml.not };
    case 'exact':
      return { ...place, type: 'exact', value: yaml.value, not: yaml.not };
    case 'regex':
      return toRegex(yaml, at, place, patterns);
    case 'json-schema': {
      const made = schemas.make(yaml.value, [...at, 'value']);
      return 'problems' in made ? made : { ...place, type: 'json-schema', check: made.check };
    }
    case 'similar':
      return { ...place, type: 'similar', value: yaml.value, threshold: yaml.threshold };
    case 'llm-rubric': {
      const scale = yaml.scale === undefined ? null : { name: yaml.scale, of: yaml.of ?? 1 };
      return { ...place, type: 'llm-rubric', value: yaml.value, threshold: yaml.threshold ?? null, scale };
    }
  }
}

/** Patterns of one suite, each compiled once. */
type Patterns = (pattern: string, flags: string) => LinearRegex;

const MOST_INSTRUCTIONS = 200_000;

function makePatterns(): Patterns {
  const known = new Map<string, LinearRegex>();
  let instructions = 0;
  return (pattern, flags) => {
    const key = `${flags}/${pattern}`;
    const regex = known.get(key) ?? makeLinearRegex(pattern, flags);
    if (!known.has(key)) instructions += regex.instructions;
    if (instructions > MOST_INSTRUCTIONS)
      throw new UnsupportedPatternError('is too much with all the others of this suite; write smaller patterns');
    known.set(key, regex);
    return regex;
  };
}

function toRegex(
  { value, flags, not }: Extract<AssertionYaml, { type: 'regex' }>,
  at: readonly Segment[],
  place: Pick<Assertion, 'path'>,
  patterns: Patterns,
): Assertion | { readonly problems: readonly PathProblem[] } {
  try {
    return { ...place, type: 'regex', value, not, regex: patterns(value, flags) };
  } catch (error) {
    if (error instanceof UnsupportedPatternError)
      return { problems: [{ path: [...at, 'value'], message: error.message }] };
    throw error;
  }
}

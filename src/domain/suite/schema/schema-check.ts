import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fastFormats } from 'ajv-formats/dist/formats.js';
import canonicalize from 'canonicalize';
import { isList, isObject, type Json, type JsonObject } from '../../workflow/json.ts';
import type { PathProblem } from '../../workflow/source/check-values.ts';
import type { Segment } from '../../workflow/source/source-scan.ts';
import { type Effort, MATCHING_STEPS, makeLinearRegex, TooMuchEffortError } from '../regex/linear-regex.ts';
import { schemaBoundProblems } from './schema-bounds.ts';

/** Null: the value is as the schema says. Otherwise what is wrong, in a few words. */
export type SchemaCheck = (value: Json) => { readonly fault: string } | { readonly tooMuch: string } | null;

const MOST_VALUES = 50_000;
const MOST_FAULTS = 3;
/** Those whose patterns can't take long. */
const FORMATS = ['date', 'time', 'date-time', 'duration', 'email', 'uri', 'uuid', 'ipv4', 'ipv6'] as const;

/** Makes checks of values against JSON schemas, as many as one suite has. */
export interface SchemaChecks {
  /**
   * A check against a schema (draft 2020-12, or draft 7 where it says so). Nothing is fetched, and no value can make it take long:
   * patterns are matched in linear time, and how much is compared is bounded.
   * @returns problems with their paths where the schema can't be used
   */
  make(
    schema: Json,
    at?: readonly Segment[],
  ): { readonly check: SchemaCheck } | { readonly problems: readonly PathProblem[] };
}

/** Schemas of one suite that differ, and their characters: each takes milliseconds to prepare. */
const MOST_SCHEMAS = 200;
const MOST_CHARACTERS = 200_000;

export function makeSchemaChecks(): SchemaChecks {
  const effort: Effort = { left: 0 };
  let characters = 0;
  const known = new Map<string, ReturnType<SchemaChecks['make']>>();
  const engines = new Map<boolean, Ajv>();
  const engineFor = (schema: Json): Ajv => {
    const isOld = isDraft7(schema);
    const engine = engines.get(isOld) ?? makeAjv(isOld, effort);
    engines.set(isOld, engine);
    return engine;
  };
  const prepare = (schema: Json, at: readonly Segment[]): ReturnType<SchemaChecks['make']> => {
    const problems = schemaBoundProblems(schema, at);
    if (problems.length > 0) return { problems };
    try {
      const validate = engineFor(schema).compile(withoutDialect(schema));
      return { check: (value) => checkWith(validate, value, effort) };
    } catch (error) {
      const reason = error instanceof Error ? error.message.slice(0, 200) : '';
      return { problems: [{ path: at, message: `is no JSON schema that can be used: ${reason}` }] };
    }
  };
  return {
    make(schema, at = []) {
      const key = canonicalize(schema) ?? '';
      const made = known.get(key);
      if (made !== undefined && 'check' in made) return made;
      characters += key.length;
      if (known.size >= MOST_SCHEMAS || characters > MOST_CHARACTERS) {
        const message = `is one too many: a suite has ${MOST_SCHEMAS} different schemas at most, of 200 KB in all`;
        return { problems: [{ path: at, message }] };
      }
      const fresh = prepare(schema, at);
      known.set(key, fresh);
      return fresh;
    },
  };
}

function checkWith(validate: ReturnType<Ajv['compile']>, value: Json, effort: Effort): ReturnType<SchemaCheck> {
  if (countsMoreThan(value, MOST_VALUES))
    return { tooMuch: `It holds more than ${MOST_VALUES.toLocaleString('en')} values, too many to check.` };
  effort.left = MATCHING_STEPS;
  try {
    return validate(value) === true ? null : { fault: faultOf(validate.errors ?? []) };
  } catch (error) {
    if (error instanceof TooMuchEffortError) return { tooMuch: error.message };
    throw error;
  }
}

function makeAjv(isOld: boolean, effort: Effort): Ajv {
  const makePattern = (pattern: string) => {
    const regex = makeLinearRegex(pattern, 'u');
    // By its text the engine tells one pattern from another.
    return { test: (text: string) => regex.test(text, effort), toString: () => pattern };
  };
  const options: Options = {
    strict: false,
    logger: false,
    allErrors: false,
    code: { regExp: Object.assign(makePattern, { code: 'makePattern' }) },
  };
  const ajv = isOld ? new Ajv(options) : new Ajv2020(options);
  for (const format of FORMATS) ajv.addFormat(format, fastFormats[format]);
  // Its own compares each item with each other one.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: areUnique,
    error: NOT_UNIQUE,
  });
  return ajv;
}

const NOT_UNIQUE = { message: 'must NOT have duplicate items' };

function areUnique(isAsked: boolean, items: readonly Json[]): boolean {
  return !isAsked || new Set(items.map((item) => canonicalize(item))).size === items.length;
}

function isDraft7(schema: Json): boolean {
  return isObject(schema) && typeof schema['$schema'] === 'string' && /draft-0[4-7]/.test(schema['$schema']);
}

/** The dialect is known by then, and its name would be looked for among the schemas. */
function withoutDialect(schema: Json): JsonObject | boolean {
  if (!isObject(schema)) return schema === true;
  const { $schema: _dialect, ...others } = schema;
  return others;
}

function faultOf(errors: readonly ErrorObject[]): string {
  return errors
    .slice(0, MOST_FAULTS)
    .map(({ instancePath, message }) => `${instancePath === '' ? 'it' : instancePath.slice(0, 200)} ${message ?? ''}`)
    .join('; ');
}

function countsMoreThan(value: Json, most: number): boolean {
  let count = 0;
  const open: Json[] = [value];
  while (open.length > 0) {
    const one = open.pop() as Json;
    if (++count + open.length > most) return true;
    if (isList(one)) for (const item of one) open.push(item);
    else if (isObject(one)) for (const item of Object.values(one)) open.push(item);
  }
  return false;
}

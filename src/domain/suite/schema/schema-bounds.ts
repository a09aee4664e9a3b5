import { isList, isObject, type Json } from '../../workflow/json.ts';
import type { PathProblem } from '../../workflow/source/check-values.ts';
import type { Segment } from '../../workflow/source/source-scan.ts';

/** Values of a schema once each `$ref` is replaced by what it names: that many checks are made of a value at most. */
const MOST_VALUES = 2_000;
/** They name schemas elsewhere or by rules that can't be followed in advance. */
const REFUSED = ['$id', 'id', '$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef', '$data'];
/** Below these stand names that people chose, or plain values, and no keywords. */
const NAMES = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);
const VALUES = new Set(['const', 'enum', 'default', 'examples', 'example']);

/**
 * What a JSON schema may not do where outputs that nobody has seen are checked with it: name anything outside itself, or itself
 * in a circle, or grow too large. Each such rule bounds the work: every part looks at every value once at most.
 */
export function schemaBoundProblems(schema: Json, at: readonly Segment[]): PathProblem[] {
  if (typeof schema !== 'boolean' && !isObject(schema))
    return [{ path: at, message: 'must be a JSON schema: a mapping, true or false' }];
  const problems: PathProblem[] = [];
  let count = 0;
  const visitEntry = (key: string, value: Json, path: readonly Segment[], within: readonly string[]): void => {
    if (REFUSED.includes(key)) problems.push({ path, message: `may not use ${key}; write the schema in one piece` });
    else if (key === '$ref') follow(value, path, within);
    else if (VALUES.has(key)) count++;
    else visit(value, path, within, NAMES.has(key));
  };
  const visit = (value: Json, path: readonly Segment[], within: readonly string[], areNames: boolean): void => {
    if (++count > MOST_VALUES || problems.length > 0) return;
    if (isList(value)) for (const [index, item] of value.entries()) visit(item, [...path, index], within, false);
    else if (isObject(value))
      for (const [key, inner] of Object.entries(value)) {
        if (areNames) visit(inner, [...path, key], within, false);
        else visitEntry(key, inner, [...path, key], within);
      }
  };
  const follow = (reference: Json, path: readonly Segment[], within: readonly string[]): void => {
    const target = typeof reference === 'string' ? lookAt(schema, reference) : undefined;
    if (target === undefined) {
      const message = 'has to name a part of this very schema, such as #/$defs/item; nothing is fetched';
      problems.push({ path, message });
    } else if (within.includes(reference as string))
      problems.push({ path, message: 'names itself in a circle; write the levels out that you need' });
    else visit(target, path, [...within, reference as string], false);
  };
  visit(schema, at, ['#'], false);
  if (problems.length === 0 && count > MOST_VALUES)
    problems.push({ path: at, message: `comes to more than ${MOST_VALUES.toLocaleString('en')} values; check less` });
  return problems.slice(0, 5);
}

/** What `#/a/b` names. */
function lookAt(schema: Json, reference: string): Json | undefined {
  if (!reference.startsWith('#/')) return undefined;
  let value: Json | undefined = schema;
  for (const part of reference.slice(2).split('/')) {
    const key = unescaped(part);
    if (isList(value)) value = value[Number(key)];
    else value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return part;
  }
}

import { compareText } from '../../compare-text.ts';
import type { Criterion, Step, StepProperties } from '../../definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { pathText, type Segment } from '../../source/source-scan.ts';
import { byName, listAt, textAt } from '../lenient.ts';
import type { StepIds } from '../step-ids.ts';
import { referenceIn, type SuiteFiles } from './suite-files.ts';
import { beginningOf, claimAll } from './suite-ids.ts';

const NOISE = ['metadata'];
const DEEPEST = 3;

/** Every test of a suite as an evaluation: what it asserts, above what, and on which variables. */
export function readTests(tests: Json | undefined, files: SuiteFiles, ids: StepIds): Step[] {
  const found = testsIn(tests, ['tests'], files, 0);
  const listed = found.map(({ test }) => {
    const description = textAt(test, 'description');
    return { own: description === null ? null : `test:${description}`, name: nameless(test), content: test };
  });
  const claimed = claimAll(ids, listed);
  return found.map(({ test, at }, index) => {
    const label = textAt(test, 'description');
    return stepOf({ ...(claimed[index] ?? { id: '' }), ...(label !== null && { label }) }, test, at, files);
  });
}

/** Called after the variables that it tries. */
function nameless({ vars }: JsonObject): string {
  const sorted = isObject(vars) ? Object.entries(vars).sort(([a], [b]) => compareText(a, b)) : [];
  const values = sorted.map(([, value]) => value).filter((value) => typeof value !== 'object');
  return values.length === 0 ? 'test' : `test: ${beginningOf(values.join(', '))}`;
}

/** What holds for every test; none where a suite says nothing of it. */
export function readDefaultTest(document: JsonObject, files: SuiteFiles, ids: StepIds): Step[] {
  const at = ['defaultTest'];
  const test = files.data(document['defaultTest'], at);
  if (test === undefined || test === null) return [];
  const named = { ...ids.claim('defaultTest', 'defaultTest'), label: 'Default test' };
  return [stepOf(named, isObject(test) ? test : { file: test }, at, files)];
}

interface PlacedTest {
  readonly test: JsonObject;
  readonly at: readonly Segment[];
}

function testsIn(tests: Json | undefined, at: readonly Segment[], files: SuiteFiles, depth: number): PlacedTest[] {
  if (depth > DEEPEST || tests === undefined || tests === null) return [];
  if (isList(tests)) return tests.flatMap((item, index) => testsIn(item, [...at, index], files, depth));
  if (isObject(tests)) return [{ test: tests, at }];
  const path = referenceIn(tests, true);
  if (path === null) return [{ test: { description: String(tests), source: tests }, at }];
  const found = files.behind(tests, at, true);
  if (found.length === 0) return [{ test: { description: path, source: tests }, at }];
  return found.flatMap((file): PlacedTest[] => {
    const data = /\.(?:ya?ml|json)$/i.test(file.path) ? files.data(`file://${file.path}`, at) : null;
    // A table or a program is a list of tests that only promptfoo can make: its text is compared.
    if (!isList(data) && !isObject(data)) return [{ test: { description: file.path, rows: file.content }, at }];
    return testsIn(data, at, files, depth + 1);
  });
}

type Named = Pick<Step, 'id' | 'weakId' | 'label'>;

function stepOf(named: Named, test: JsonObject, at: readonly Segment[], files: SuiteFiles): Step {
  const { description: _description, assert, threshold, vars, rows, ...others } = test;
  const criteria = criteriaOf(listAt({ assert: assert ?? null }, 'assert'), [...at, 'assert'], files);
  const own = Object.fromEntries(Object.entries(others).filter(([key]) => !NOISE.includes(key)));
  const evaluation = {
    ...(criteria.length > 0 && { criteria }),
    ...(threshold !== undefined && { threshold: threshold as number }),
    ...(vars !== undefined && { vars: files.filled(vars, [...at, 'vars']) }),
    ...(rows !== undefined && { rows }),
  };
  const properties: StepProperties = {
    ...(Object.keys(evaluation).length > 0 && { evaluation }),
    ...(Object.keys(own).length > 0 && { promptfoo: files.filled(own, at) }),
  };
  return { ...named, kind: 'evaluation', properties, dependsOn: [], children: [], path: pathText(at) };
}

/** Called after their metric, else after their type; what they refer to stands in its place. */
function criteriaOf(asserts: readonly Json[], at: readonly Segment[], files: SuiteFiles): Criterion[] {
  const named = asserts.filter(isObject).map((assert, index): [string, Json] => {
    const type = textAt(assert, 'type') ?? 'assert';
    const filled = files.filled(assert, [...at, index]);
    const file = referenceIn(assert['value']);
    const isFilled = files.areHere && file !== null;
    return [textAt(assert, 'metric') ?? type, { ...(filled as JsonObject), ...(isFilled && { file }), type }];
  });
  return Object.entries(byName(named)).map(([id, criterion]) => ({ ...(criterion as JsonObject), id }) as Criterion);
}

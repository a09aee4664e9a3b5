import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { allSteps } from '../../../src/domain/workflow/definition.ts';
import { logicHash } from '../../../src/domain/workflow/hashes.ts';
import { isList, isObject, type Json } from '../../../src/domain/workflow/json.ts';
import { InvalidDefinitionError, readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { parseData } from '../../../src/domain/workflow/source/parse-source.ts';
import { CREW, FILES as CREW_FILES, TASKS } from '../../support/workflows/crewai-crew.ts';
import { bundleOf, type Files, saidBetween } from '../../support/workflows/diff-of-sources.ts';
import { DOTPROMPT, GITHUB, PROMPTY, PROMPTY_2 } from '../../support/workflows/prompt-files.ts';
import { DAG, FILES as DAG_FILES } from '../../support/workflows/promptflow-dag.ts';
import { SUITE, FILES as SUITE_FILES } from '../../support/workflows/promptfoo-suite.ts';

const DOCUMENTS: readonly (readonly [format: string, source: string, files: Files])[] = [
  ['prompt', PROMPTY, {}],
  ['prompt', PROMPTY_2, {}],
  ['prompt', DOTPROMPT, {}],
  ['prompt', GITHUB, {}],
  ['promptfoo', SUITE, SUITE_FILES],
  ['crewai', CREW, CREW_FILES],
  ['crewai', TASKS, {}],
  ['promptflow', DAG, DAG_FILES],
];

const junk: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json[]>(
    null,
    true,
    0,
    -1.5,
    '',
    ' ',
    'x',
    'file://',
    'file://a',
    '${a.output}',
    [],
    {},
    [[]],
    [null],
    [{}],
    ['x', 1],
    { a: null },
    { name: 1 },
    { id: [] },
    { role: 'system' },
  ),
  fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('__proto__')) as fc.Arbitrary<Json>,
);

/** A document with junk at some places of it. */
function damaged(value: Json, places: readonly number[], junks: readonly Json[]): Json {
  let at = 0;
  const visit = (inner: Json): Json => {
    const hit = places.indexOf(at++);
    if (hit >= 0) return junks[hit % junks.length] ?? null;
    if (isList(inner)) return inner.map(visit);
    if (!isObject(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, part]) => [key, visit(part)]));
  };
  return visit(value);
}

function readOrRefused(source: string, format: string) {
  try {
    return readDefinition(source, { format });
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidDefinitionError);
    return null;
  }
}

describe('A document with something else where a format expects its own', () => {
  it.each(DOCUMENTS.map(([format, source, files], index) => [format, index + 1, source, files] as const))(
    'is read or refused, and loses no id, as %s %#',
    (format, _index, source, files) => {
      const document = parseData(source) ?? {};
      const names = Object.keys(files).filter((name) =>
        /^(?:promptfooconfig\.yaml|crew\.jsonc|flow\.dag\.yaml)$/.test(name),
      );
      fc.assert(
        fc.property(
          fc.array(fc.nat(80), { minLength: 1, maxLength: 4 }),
          fc.array(junk, { minLength: 1, maxLength: 4 }),
          (places, junks) => {
            const text = JSON.stringify(damaged(document, places, junks));
            for (const whole of [text, bundleOf({ ...files, [names[0] ?? 'main.json']: text })]) {
              const definition = readOrRefused(whole, format);
              if (definition === null) continue;
              const ids = allSteps(definition).map(({ id }) => id);
              expect(new Set(ids).size).toBe(ids.length);
              expect(diffDefinitions(definition, definition).changes).toEqual([]);
              expect(logicHash(definition)).toMatch(/^[0-9a-f]{64}$/);
            }
          },
        ),
        { numRuns: 150 },
      );
    },
  );

  it.each(DOCUMENTS.map(([format, source], index) => [format, index + 1, source] as const))(
    'is the same in whatever order its keys stand, as %s %#',
    (_format, _index, source) => {
      const backwards = (value: Json): Json => {
        if (isList(value)) return value.map(backwards);
        if (!isObject(value)) return value;
        return Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, inner]) => [key, backwards(inner)]),
        );
      };
      const document = parseData(source) ?? {};
      const said = saidBetween(JSON.stringify(document), JSON.stringify(backwards(document)));
      expect(said).toEqual([]);
    },
  );

  it('is read by its own format or none whatever a person says it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('prompt', 'promptfoo', 'crewai', 'promptflow'),
        fc.dictionary(
          fc.constantFrom(
            'prompts',
            'providers',
            'tests',
            'agents',
            'tasks',
            'nodes',
            'node_variants',
            'model',
            'inputs',
            'messages',
            'config',
            'input',
          ),
          junk,
        ),
        (format, document) => {
          readOrRefused(JSON.stringify(document), format);
        },
      ),
      { numRuns: 500 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { type Filled, fillDocument } from '../../../src/domain/settings/fill.ts';
import { describeFillProblems } from '../../../src/domain/settings/fill-problem.ts';
import type { Settings, VariableValue } from '../../../src/domain/settings/settings.ts';
import type { Json, JsonObject } from '../../../src/domain/workflow/json.ts';

/** Fills one text that may become anything. */
function fillOne(
  text: string,
  variables: Record<string, VariableValue> = {},
  settings: Settings = {},
): Json | undefined {
  const { document, problems } = fill({ text }, { ...settings, variables });
  expect(problems).toEqual([]);
  return document['text'];
}

function fill(document: JsonObject, settings: Settings, as: 'value' | 'text' | null = 'value'): Filled {
  return fillDocument(document, settings, () => as);
}

describe('a text filled from settings', () => {
  it('takes what its names stand for', () => {
    expect(fillOne('${A} and {{ env.B }}, ${C:c}', { A: 'a', B: 2 })).toBe('a and 2, c');
  });

  it('takes the type of a variable where it is nothing but that', () => {
    const variables = { TEXT: '5', NUMBER: 5, YES: true };
    expect(fillOne('${TEXT}', variables)).toBe('5');
    expect(fillOne('${NUMBER}', variables)).toBe(5);
    expect(fillOne('{{ env.YES }}', variables)).toBe(true);
    expect(fillOne(' ${NUMBER}', variables)).toBe(' 5');
    expect(fillOne('${NUMBER}${YES}', variables)).toBe('5true');
  });

  it('stays text where its field takes nothing else', () => {
    expect(fill({ text: '${A:1.0}', other: '${B}' }, { variables: { B: 5 } }, 'text').document).toEqual({
      text: '1.0',
      other: '5',
    });
  });

  it.each([
    ['${A:0.2}', 0.2],
    ['${A:-1e3}', -1000],
    ['${A:true}', true],
    ['${A:"5"}', '5'],
    ['${A:05}', '05'],
    ['${A:1e999}', '1e999'],
    ['${A:12345678901234567890}', '12345678901234567890'],
    ['${A:null}', 'null'],
    ['v${A:1.0}', 'v1.0'],
    ['${A:${B:}', undefined],
    ['${A:${B}}', 7],
    ['${A:"${B}"}', 7],
    ['${A:"${C:3}"}', 3],
    ['${A:"x${C:3}"}', 'x3'],
    ['${A:}', ''],
  ])('reads the default of %s as %s', (text, expected) => {
    if (expected !== undefined) expect(fillOne(text, { B: 7 })).toBe(expected);
    else expect(fill({ text }, {}).problems).toHaveLength(1);
  });

  it.each([true, 'true', 'on'])('takes the first side of a flag that is %s', (flag) => {
    expect(fillOne('${F:1:2}', { F: flag })).toBe(1);
  });

  it.each([false, 'false', 'off'])('takes the second side of a flag that is %s', (flag) => {
    expect(fillOne('say ${F:"a:b":${X}}', { F: flag, X: 'y' })).toBe('say y');
  });

  it('refuses a flag that is something else, and shows how a default with a colon is written', () => {
    const { problems } = fill(
      { a: '${T:10:30}', b: ['${T:x:y}'], c: '${KEY:on:off}' },
      { variables: { T: 'noon' }, secrets: { KEY: { env: 'K' } } },
    );
    expect(problems).toMatchObject([
      { kind: 'not_a_flag', name: 'T', paths: ['a', 'b[0]'], message: expect.stringContaining('${T:"10:30"}') },
      { kind: 'not_a_flag', name: 'KEY', paths: ['c'] },
    ]);
  });

  it('needs no name of a default or a side of a flag that is not used', () => {
    expect(fillOne('${A:${GONE}} ${F:x:${GONE}}', { A: 1, F: true })).toBe('1 x');
    expect(fill({ a: '${B:${GONE}}' }, {}).problems).toMatchObject([{ kind: 'unknown', name: 'GONE' }]);
  });

  it('is not filled by what its names stand for', () => {
    const nasty = '${A} $${B} {{ env.C }} "quoted"\nline: two\t\\';
    expect(fillOne('${A}|${A}', { A: nasty })).toBe(`${nasty}|${nasty}`);
  });

  it('names secrets where they belong, and tells where', () => {
    const filled = fill(
      { a: 'Bearer ${KEY}', b: { c: ['{{ env.KEY }}', '${OTHER:x}', '{{ secrets.OTHER }} {{ secrets.NONE }}'] } },
      { variables: { V: '{{ secrets.KEY }}' }, secrets: { KEY: { env: 'K' }, OTHER: { file: '/o' } } },
    );
    expect(filled.document).toEqual({
      a: 'Bearer {{ secrets.KEY }}',
      b: { c: ['{{ secrets.KEY }}', '{{ secrets.OTHER }}', '{{ secrets.OTHER }} {{ secrets.NONE }}'] },
    });
    expect(filled.secrets).toEqual([
      { name: 'KEY', paths: ['a', 'b.c[0]'] },
      { name: 'OTHER', paths: ['b.c[1]', 'b.c[2]'] },
    ]);
  });

  it('lists no secret that only a variable’s value speaks of', () => {
    const { secrets } = fill({ a: '${V}' }, { variables: { V: '{{ secrets.KEY }}' }, secrets: { KEY: { env: 'K' } } });
    expect(secrets).toEqual([]);
  });

  it('never takes what objects inherit for a variable', () => {
    expect(fill({ a: '${CONSTRUCTOR} {{ env.TO_STRING }}' }, { variables: {} }).problems).toHaveLength(2);
  });

  it('leaves keys, and fields that are not filled, alone', () => {
    const document = { '${A}': '${A}', 'b ${': 1 };
    expect(fill(document, {}, null)).toMatchObject({ document, problems: [] });
    expect(fill(document, { variables: { A: 1 } }).document).toEqual({ '${A}': 1, 'b ${': 1 });
  });

  it('gives back the same object where there is nothing to fill', () => {
    const document = { a: ['x', { b: '{{ inputs.x }}' }], c: 1, d: null };
    expect(fill(document, {}).document).toBe(document);
  });
});

describe('what can’t be filled', () => {
  it('is listed by name with all its places, each once', () => {
    const { problems } = fill({ a: '${X} ${X} ${Y}', b: ['${X}', '${Z:1}'] }, { variables: { YY: 1 } });
    expect(problems).toEqual([
      { kind: 'unknown', name: 'X', paths: ['a', 'b[0]'], message: 'there is no variable or secret X' },
      { kind: 'unknown', name: 'Y', paths: ['a'], message: 'there is no variable or secret Y; did you mean YY?' },
    ]);
  });

  it('is said with its place where it is written wrongly', () => {
    const { problems } = fill({ a: { b: '${X' } }, {});
    expect(problems).toMatchObject([{ kind: 'malformed', paths: ['a.b'] }]);
    expect(describeFillProblems(problems)).toEqual([
      '${X has no end; close it with }, or write $${ for a literal ${ (a.b)',
    ]);
  });

  it('is told in a bounded number of lines', () => {
    const { problems } = fill({ a: Array.from({ length: 100 }, (_, at) => `\${X${at}} \${Y}`) }, {});
    const lines = describeFillProblems(problems);
    expect(lines).toHaveLength(21);
    expect(lines[1]).toBe('there is no variable or secret Y (a[0], a[1], a[2] and 97 more)');
    expect(lines[20]).toBe('and 81 more');
  });

  it('counts the unknown names that nobody would read', () => {
    const { problems } = fill({ a: Array.from({ length: 2_500 }, (_, at) => `\${X${at}}`) }, {});
    expect(problems).toHaveLength(2_001);
    expect(problems.at(-1)?.message).toBe('nothing has 500 more names either');
  });

  it('is a document that would grow by more than 10 MB', () => {
    const { problems } = fill({ a: '${A}'.repeat(10_000) }, { variables: { A: 'x'.repeat(16_000) } });
    expect(problems).toMatchObject([{ kind: 'malformed', message: expect.stringContaining('10 MB') }]);
  });

  it('is a document that names secrets in more places than can be listed', () => {
    const deep = Array.from({ length: 150 }).reduce<Json>(
      (inner) => ({ ['k'.repeat(200)]: inner }),
      Array.from({ length: 2_000 }, () => '${K}'),
    );
    const { problems } = fill({ deep }, { secrets: { K: { env: 'K' } } });
    expect(problems).toMatchObject([{ kind: 'malformed', message: expect.stringContaining('too many places') }]);
  });
});

import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { refusalOf } from '../../support/workflows/refusal-of.ts';

describe('Reading a definition', () => {
  it('takes JSON and YAML alike, told apart by content', () => {
    const document = { nodes: [{ id: 1, on: true, ratio: 0.5, none: null, text: 'a: b' }] };
    const yaml = 'nodes:\n  - id: 1\n    on: true\n    ratio: 0.5\n    none:\n    text: "a: b"\n';
    expect(readDefinition(JSON.stringify(document), { fileName: 'flow.yaml' }).document).toEqual(document);
    expect(readDefinition(yaml, { fileName: 'flow.json' }).document).toEqual(document);
  });

  it('takes a byte order mark, Windows line ends and JSON with a trailing comma', () => {
    expect(readDefinition('\uFEFF{"a": 1}').document).toEqual({ a: 1 });
    expect(readDefinition('a: 1\r\nb:\r\n  - 2\r\n').document).toEqual({ a: 1, b: [2] });
    expect(readDefinition('{"a": 1,}').document).toEqual({ a: 1 });
  });

  it('keeps dates and tagged values as the text that was written', () => {
    expect(readDefinition('a: 2026-11-21\nb: !!timestamp 2026-11-21\nc: !Ref name\nd: yes\n').document).toEqual({
      a: '2026-11-21',
      b: '2026-11-21',
      c: '!Ref name',
      d: 'yes',
    });
  });

  it('keeps a tag with which another reader would run something', () => {
    const { document } = readDefinition('a: !!python/name:os.system x\nb: !!python/name:os.system\n');
    expect(document).toEqual({ a: '!!python/name:os.system x', b: '!!python/name:os.system ' });
  });

  it('keeps whole numbers that a double cannot hold digit for digit', () => {
    expect(readDefinition('{"a": 9223372036854775807, "b": [12], "c": 9007199254740991}').document).toEqual({
      a: '9223372036854775807',
      b: [12],
      c: 9007199254740991,
    });
    expect(readDefinition('a: 9223372036854775807').document).toEqual({ a: '9223372036854775807' });
  });

  it('replaces aliases and merges by what they stand for', () => {
    const source = 'base: &base { model: x, retries: 2 }\nstep: { <<: *base, retries: 3 }\nother: *base\n';
    expect(readDefinition(source).document).toMatchObject({
      step: { model: 'x', retries: 3 },
      other: { model: 'x', retries: 2 },
    });
  });

  it('leaves templates as they are', () => {
    const source = 'model: ${MODEL:claude}\ntask: "{{ inputs.a }} $${X}"\n';
    expect(readDefinition(source).document).toEqual({ model: '${MODEL:claude}', task: '{{ inputs.a }} $${X}' });
  });

  it('lets the caller name the format, and offers the nearest one for a name that is none', () => {
    expect(readDefinition('apiVersion: towpath/v1', { format: 'generic' }).format).toBe('generic');
    expect(refusalOf('a: 1', { format: 'genric' }).userMessage).toContain('did you mean ‘generic’?');
  });
});

describe('What cannot be a definition', () => {
  const twice = 'this key comes twice; keep one of them';
  it.each([
    ['nothing', '', '', undefined, 'it is empty'],
    ['only spaces', ' \n\t\n', '', undefined, 'it is empty'],
    ['only a comment', '# later\n', '', undefined, 'it is empty'],
    ['null', 'null', '', undefined, 'it is empty'],
    ['a list', '[1]', '', undefined, 'at the top there must be a mapping'],
    ['a word', 'hello', '', undefined, 'at the top there must be a mapping'],
    ['several documents', 'a: 1\n---\nb: 2\n', '', undefined, 'it holds several documents'],
    ['broken JSON', '{"a":\n  [1, }', '', 2, 'not valid JSON or YAML'],
    ['broken YAML', 'a: 1\nb: [\n', '', 3, 'not valid JSON or YAML'],
    ['a key that comes twice in JSON', '{"a": {"b": 1,\n "b": 2}}', 'a.b', 2, twice],
    ['a key that comes twice in a list of JSON', '{"a": [0, {"b": 1}, {"c": 1, "\\u0063": 2}]}', 'a[2].c', 1, twice],
    ['a key that comes twice in YAML', 'a: 1\nb: 2\na: 3\n', '', 3, twice],
    [
      '__proto__ in JSON',
      '{"a": {"__proto__": {"admin": true}}}',
      'a.__proto__',
      1,
      'the key ‘__proto__’ is not allowed',
    ],
    ['__proto__ in YAML', 'a:\n  __proto__: 1\n', 'a.__proto__', 2, 'the key ‘__proto__’ is not allowed'],
    ['constructor', 'a:\n  - constructor: 1\n', 'a[0].constructor', 2, 'the key ‘constructor’ is not allowed'],
    ['prototype', '{"prototype": 1}', 'prototype', 1, 'the key ‘prototype’ is not allowed'],
    ['an escaped __proto__', '{"\\u005f_proto__": 1}', '__proto__', 1, 'the key ‘__proto__’ is not allowed'],
    ['NUL in a text', '{"a": [1, "x\\u0000"]}', 'a[1]', 1, 'NUL'],
    ['NUL in a key', '{"a\\u0000": 1}', '["a\\u0000"]', 1, 'NUL'],
    ['half a character', '{"a": "\\ud800"}', 'a', 1, 'half of a character'],
    ['not a number', 'a: 1\nb: .nan\n', 'b', 2, 'numbers must be finite'],
    ['infinity in YAML', 'b: -.inf\n', 'b', 1, 'numbers must be finite'],
    ['infinity in JSON', '{"a": 1e999}', 'a', 1, 'numbers must be finite'],
    ['a mapping as a key', '? { a: 1 }\n: 2\n', '', 1, 'a key must be text'],
    ['a tag on a list', 'a: !thing [1]\n', '', 1, 'tag'],
    ['an alias inside what it names', 'a: &a [1, *a]\n', '', 1, 'stands inside what it names'],
  ])('refuses %s', (_what, source, path, line, message) => {
    const [problem] = refusalOf(source).problems;
    expect(problem).toMatchObject({ path, message: expect.stringContaining(message) });
    expect(problem?.line).toBe(line);
  });

  it('refuses more than 10 MB, counted in bytes', () => {
    expect(refusalOf(`a: ${'x'.repeat(10 * 1024 * 1024)}`).userMessage).toContain('larger than 10 MB');
    expect(refusalOf(`a: ${'ü'.repeat(6 * 1024 * 1024)}`).userMessage).toContain('larger than 10 MB');
    expect(readDefinition(`a: ${'x'.repeat(9 * 1024 * 1024)}`).format).toBe('generic');
  });

  it('refuses aliases that come to more than 100 once expanded, without expanding them', () => {
    const level = (name: string, inner: string) => `${name}: &${name} [${Array(9).fill(`*${inner}`).join(', ')}]`;
    const bomb = ['a: &a [x, x, x]', level('b', 'a'), level('c', 'b'), level('d', 'c'), level('e', 'd')].join('\n');
    expect(refusalOf(bomb).problems[0]).toMatchObject({ line: 4, message: expect.stringContaining('more than 100') });
    expect(readDefinition(['a: &a [x, x, x]', level('b', 'a'), level('c', 'b')].join('\n')).document['c']).toHaveLength(
      9,
    );
  });

  it('refuses aliases that make a small source a large document', () => {
    expect(refusalOf(`a: &a ${'x'.repeat(4e6)}\nb: [*a, *a, *a]`).userMessage).toContain('larger than 10 MB');
  });

  it('refuses what is nested deeper than 200, also by way of aliases', () => {
    const nested = (depth: number, inside: string) => `${'['.repeat(depth)}${inside}${']'.repeat(depth)}`;
    expect(refusalOf(`{"a": ${nested(201, '1')}}`).userMessage).toContain('deeper than 200');
    expect(refusalOf(`a: ${nested(201, 'x')}`).userMessage).toContain('deeper than 200');
    expect(refusalOf(`a: &a ${nested(150, 'x')}\nb: ${nested(150, '*a')}`).userMessage).toContain('deeper than 200');
    expect(refusalOf(`{"a": ${'['.repeat(3e6)}`).code).toBe('invalid_definition');
    expect(readDefinition(`{"a": ${nested(190, '1')}}`).format).toBe('generic');
  });
});

describe('The refusal of a definition', () => {
  it('names the file and the first problems with line and path, and counts the others', () => {
    const source = `{"a": [${Array(5).fill('1e999').join(',\n')}]}`;
    const { userMessage, problems, code } = refusalOf(source, { fileName: 'flow.json' });
    expect(code).toBe('invalid_definition');
    expect(problems).toHaveLength(5);
    expect(userMessage).toBe(
      'flow.json can’t be used: line 1, a[0]: numbers must be finite: NaN and infinity are not allowed; ' +
        'line 2, a[1]: numbers must be finite: NaN and infinity are not allowed; ' +
        'line 3, a[2]: numbers must be finite: NaN and infinity are not allowed; and 2 more. Correct it and push it again.',
    );
  });

  it('lists a hundred problems at most', () => {
    expect(refusalOf(`{${'"a": 1,'.repeat(5_000)} "a": 2}`).problems).toHaveLength(100);
    expect(refusalOf(`a: [${'.nan,'.repeat(5_000)}]`).problems).toHaveLength(100);
  });

  it('says where a problem stands in JSON as in YAML, with the column', () => {
    expect(refusalOf('{"a": {"b": [1,\n  {"c": 1e999}]}}').problems[0]).toMatchObject({
      path: 'a.b[1].c',
      line: 2,
      column: 4,
    });
    expect(refusalOf('a:\n  b:\n    - 1\n    - c: .inf\n').problems[0]).toMatchObject({
      path: 'a.b[1].c',
      line: 4,
      column: 7,
    });
    expect(refusalOf('a: &x { c: 1 }\nb: [*x, { d: .inf }]\n').problems[0]).toMatchObject({
      path: 'b[1].d',
      line: 2,
      column: 11,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { codeView } from '../../../src/domain/diff/code-view.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { formatBundle } from '../../../src/domain/workflow/bundle/format-bundle.ts';
import { parseBundle } from '../../../src/domain/workflow/bundle/parse-bundle.ts';
import { contentHash, logicHash } from '../../../src/domain/workflow/hashes.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { bundleOf, type Files, saidBetween } from '../../support/workflows/diff-of-sources.ts';
import { refusalOf } from '../../support/workflows/refusal-of.ts';

const FLOW = 'apiVersion: towpath/v1\nname: greet\nsteps:\n  - { id: a, type: llm, model: m, task: Do it }\n';
const PROMPT = '---\nmodel: m\n---\nGreet {{name}}.\n';
const SUITE = 'prompts: [file://greet.prompty]\nproviders: [openai:gpt-4o]\ntests: [{ vars: { name: Ada } }]\n';

const refusalOfFiles = (files: Files) => refusalOf(bundleOf(files), { fileName: 'folder' });

describe('Several files as one text', () => {
  it('is the same whatever order they come in, and gives them back byte for byte', () => {
    const files = [
      { path: 'b/c.txt', content: 'x\r\n"\\ 🚀' },
      { path: 'b.txt', content: '' },
    ];
    const text = formatBundle(files);
    expect(text).toBe(formatBundle([...files].reverse()));
    expect(JSON.parse(text)).toEqual({ towpathBundle: 1, files: [files[1], files[0]] });
    expect(parseBundle(text)).toEqual([files[1], files[0]]);
  });

  it('is told from what is no bundle, however it is spaced', () => {
    const files = [{ path: 'a', content: 'b' }];
    expect(parseBundle(JSON.stringify({ files, towpathBundle: 1 }, null, 2))).toEqual(files);
    expect(parseBundle(FLOW)).toBeNull();
    expect(parseBundle('{"towpathBundle":2,"files":[]}')).toBeNull();
    expect(parseBundle(JSON.stringify({ text: 'about towpathBundle' }))).toBeNull();
  });
});

describe('A bundle', () => {
  it('is read as the workflow in it; the whole of it is what is hashed', () => {
    const source = bundleOf({ 'flow.yaml': FLOW, 'notes.txt': 'x' });
    const definition = readDefinition(source);
    expect(definition).toMatchObject({ format: 'towpath', name: 'greet', files: { 'notes.txt': 'x' } });
    expect(definition.document).toEqual(JSON.parse(source));
    expect(readDefinition(source, { format: 'towpath' })).toEqual(definition);
  });

  it('needs no word about its main file where another such file is a part of it', () => {
    const definition = readDefinition(bundleOf({ 'greet.prompty': PROMPT, 'suite.yaml': SUITE }));
    expect([definition.format, definition.files]).toEqual(['promptfoo', undefined]);
    expect(definition.steps[0]?.properties.task).toContain('Greet {{name}}.');
  });

  it.each<[string, Files, string]>([
    [
      'two workflows',
      { 'a.yaml': FLOW, 'b/c.yaml': FLOW },
      '‘a.yaml’ (Towpath workflow), ‘b/c.yaml’ (Towpath workflow)',
    ],
    ['prompts that nothing joins', { 'a.prompty': PROMPT, 'b.prompty': PROMPT }, 'push each folder or file by itself'],
    ['nothing that is a workflow', { 'a.txt': 'x', 'b.yaml': 'x: 1' }, 'push the file that is one by itself'],
    [
      'only a part of a crew',
      { 'agents.yaml': 'a: { role: r, goal: g, backstory: b }' },
      'none of its files is a workflow',
    ],
  ])('is refused with a cure where it holds %s', (_what, files, words) => {
    expect(refusalOfFiles(files).userMessage).toContain(words);
  });

  it('is refused by the file and the line where its workflow is broken', () => {
    expect(refusalOfFiles({ 'flow.yaml': `${FLOW}  - [`, 'a.txt': 'x: [' }).userMessage).toMatch(
      /^flow\.yaml .*line 5/,
    );
    expect(refusalOfFiles({ 'in/flow.yaml': FLOW.replace('llm', 'lm') }).userMessage).toMatch(
      /^in\/flow\.yaml can’t be used: line 4, steps\[0\]/,
    );
  });

  it.each([
    ['/etc/passwd', 'absolute'],
    ['C:/x', 'absolute'],
    ['../x', 'leaves the folder'],
    ['a/../../x', 'leaves the folder'],
    ['a\\b', 'backslash'],
    ['a//b', 'empty part'],
    ['./a', 'empty part'],
    ['a\nb', 'control character'],
    ['', 'no name'],
    ['__proto__', 'can’t be used'],
    ['x'.repeat(301), 'longer than 300'],
  ])('is refused where a path is %j', (path, word) => {
    const source = formatBundle([
      { path: 'flow.yaml', content: FLOW },
      { path, content: '' },
    ]);
    expect(refusalOf(source).userMessage).toContain(word);
  });

  it('is refused where it is no bundle after all, a path comes twice, or there are too many', () => {
    const twice = [1, 2].map(() => ({ path: 'a.yaml', content: FLOW }));
    expect(refusalOf(formatBundle(twice)).userMessage).toContain('comes twice');
    expect(refusalOf('{"towpathBundle":1,"files":[]}').userMessage).toContain('no file');
    expect(refusalOf('{"towpathBundle":2,"files":[]}').userMessage).toContain('no bundle');
    expect(refusalOf('towpathBundle: 1\nfiles: [{ path: a }]').userMessage).toContain('no bundle');
    const many = Array.from({ length: 1_001 }, (_, index) => ({ path: `${index}`, content: '' }));
    expect(refusalOf(formatBundle(many)).userMessage).toContain('1,001 files');
  });

  it('takes the word of a person for what its format is', () => {
    const files = { 'a.yaml': 'x: 1', 'b.txt': 'y' };
    expect(readDefinition(bundleOf(files), { format: 'generic' })).toMatchObject({
      rest: { x: 1 },
      files: { 'b.txt': 'y' },
    });
    const both = bundleOf({ 'flow.yaml': FLOW, 'other.prompty': PROMPT });
    expect(readDefinition(both, { format: 'prompt' })).toMatchObject({
      format: 'prompt',
      files: { 'flow.yaml': FLOW },
    });
  });
});

describe('Files that belong to no step', () => {
  const with_ = (files: Files) => bundleOf({ 'flow.yaml': FLOW, ...files });

  it('are compared as texts', () => {
    expect(
      saidBetween(
        with_({ 'a.py': 'one\ntwo\n', 'gone.txt': 'x\n', 'crlf.txt': 'a\r\nb\r\n', 'end.txt': 'a' }),
        with_({ 'a.py': 'one\n2\n3\n', 'new/b.txt': 'x\ny\n', 'crlf.txt': 'a\nb\n', 'end.txt': 'a\n' }),
      ),
    ).toEqual([
      'logic: File ‘a.py’ changed (+2 −1 lines)',
      'logic: File ‘crlf.txt’ changed (line ends only)',
      'logic: File ‘end.txt’ changed (line ends only)',
      'logic: File ‘gone.txt’ removed (1 line)',
      'logic: File ‘new/b.txt’ added (2 lines)',
    ]);
  });

  it('say so where they are too different to compare', () => {
    const text = (word: string) => Array.from({ length: 2_000 }, (_, line) => `${word} ${line}`).join('\n');
    expect(saidBetween(with_({ 'a.txt': text('a') }), with_({ 'a.txt': text('b') }))).toEqual([
      'logic: File ‘a.txt’ rewritten (2,000 → 2,000 lines)',
    ]);
  });

  it.each(['README.md', 'docs/readme', 'LICENSE', 'sub/CHANGELOG.md', 'Notice.txt'])(
    'change nothing that runs where they are %s',
    (path) => {
      const [before, after] = [with_({ [path]: 'a' }), with_({ [path]: 'b' })];
      expect(saidBetween(before, after)).toEqual([`cosmetic: File ‘${path}’ changed (+1 −1 lines)`]);
      const [old, now] = [before, after].map((source) => readDefinition(source));
      expect(old && now && logicHash(old) === logicHash(now)).toBe(true);
      expect(old && now && contentHash(old.document) === contentHash(now.document)).toBe(false);
    },
  );

  it('stand in the code view by their lines', () => {
    const [before, after] = [with_({ 'a.py': 'one\ntwo\n' }), with_({ 'a.py': 'one\n2\n' })].map((s) =>
      readDefinition(s),
    );
    if (!before || !after) throw new Error('both were read');
    const { text } = codeView(before, after, diffDefinitions(before, after));
    expect(text).toMatch(/files:\n.*a\.py: \|\n.*one\n- +two\n\+ +2/);
  });

  it('make a workflow that was one file so far no other one', () => {
    expect(saidBetween(FLOW, bundleOf({ 'flow.yaml': FLOW }))).toEqual([]);
    expect(saidBetween(FLOW, with_({ 'README.md': 'x\n' }))).toEqual(['cosmetic: File ‘README.md’ added (1 line)']);
  });
});

describe('A bundle that would grow beyond what it is', () => {
  const nodes = (count: number) =>
    `nodes:\n${Array.from({ length: count }, (_, index) => `  - { name: n${index}, type: llm, source: { type: code, path: a.jinja2 } }\n`).join('')}`;

  it('is read where a pattern has six stars and a path a hundred ways to fit them', () => {
    const files = (path: string, pattern: string) => ({
      'suite.yaml': SUITE.replace('greet.prompty', pattern),
      [path]: 'x',
    });
    const same = files('a'.repeat(290), '*a*a*a*a*a*ax');
    expect(refusalOfFiles(same).message).toMatch(/refers to ‘\*a\*a\*a\*a\*a\*ax’/);
    const deep = files(`${'a/'.repeat(140)}y`, '**/**/**/**/**/**/x');
    expect(refusalOfFiles(deep).message).toMatch(/refers to ‘\*\*\//);
  });

  it('is refused where thousands of patterns would be held against as many paths', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`${'a'.repeat(100)}${at}`, '']));
    const prompts = Array.from({ length: 300 }, (_, at) => `  - file://*a*${at}`).join('\n');
    const suite = `prompts:\n${prompts}\nproviders: [openai:gpt-4o]\ntests: [{ vars: { name: Ada } }]\n`;
    expect(refusalOfFiles({ ...many, 'suite.yaml': suite }).message).toMatch(/too many patterns/);
  });

  it('is refused where its nodes name one large file again and again', () => {
    const files = { 'flow.dag.yaml': nodes(4_000), 'a.jinja2': 'Say it.\n'.repeat(100_000) };
    expect(refusalOfFiles(files).userMessage).toContain('more than 10 MB, each counted as often as it is named');
    expect(readDefinition(bundleOf({ ...files, 'flow.dag.yaml': nodes(3) })).steps).toHaveLength(3);
  });

  it('is refused at once where it holds hundreds of suites of all of its files', () => {
    const suites = Array.from({ length: 300 }, (_, index) => [
      `${index}.yaml`,
      'prompts: [file://*.txt]\nproviders: [echo]',
    ]);
    const texts = Array.from({ length: 300 }, (_, index) => [`${index}.txt`, 'x'.repeat(10_000)]);
    expect(refusalOfFiles(Object.fromEntries([...suites, ...texts])).userMessage).toContain('it holds 300 workflows');
  });
});

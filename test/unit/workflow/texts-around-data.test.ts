import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { refusalOf } from '../../support/workflows/refusal-of.ts';

const documentOf = (source: string) => readDefinition(source, { format: 'generic' }).document;

describe('A text with front matter', () => {
  it.each<[string, string, unknown]>([
    [
      'as Prompty files have it',
      '---\nname: a\nmodel: m\n---\nsystem:\nYou {{a}}',
      { frontMatter: { name: 'a', model: 'm' }, body: 'system:\nYou {{a}}' },
    ],
    ['after blank lines and a licence', '\n# MIT\n---\nmodel: m\n---\nHi', { frontMatter: { model: 'm' }, body: 'Hi' }],
    [
      'with the line ends of Windows',
      '---\r\nmodel: m\r\n---\r\nHi\r\n',
      { frontMatter: { model: 'm' }, body: 'Hi\r\n' },
    ],
    [
      'with rules between its paragraphs',
      '---\nmodel: m\n---\na\n---\nb',
      { frontMatter: { model: 'm' }, body: 'a\n---\nb' },
    ],
    ['that is empty', '---\n---\nHello you', { frontMatter: {}, body: 'Hello you' }],
    [
      'that says nothing of a model',
      '---\nname: a\n---\nHello {{you}}',
      { frontMatter: { name: 'a' }, body: 'Hello {{you}}' },
    ],
    [
      'whose text looks like YAML',
      '---\nmodel: m\n---\nrole: a clerk',
      { frontMatter: { model: 'm' }, body: 'role: a clerk' },
    ],
    ['with nothing after it', '---\nmodel: m\n---', { frontMatter: { model: 'm' }, body: '' }],
    ['behind a byte order mark', '\uFEFF---\nmodel: m\n---\nHi', { frontMatter: { model: 'm' }, body: 'Hi' }],
  ])('is read %s', (_what, source, document) => {
    expect(documentOf(source)).toEqual(document);
  });

  it.each<[string, string, unknown]>([
    ['one YAML document that begins with dashes', '---\nname: a\n', { name: 'a' }],
    ['dashes inside a text', 'name: a\ntext: |\n  ---\n  b\n  ---\n', { name: 'a', text: '---\nb\n---\n' }],
  ])('is not seen in %s', (_what, source, document) => {
    expect(documentOf(source)).toEqual(document);
  });

  it.each([
    ['of plain YAML', '---\nname: a\n---\nname: b\n'],
    ['of workflows', '---\napiVersion: towpath/v1\ninputs: {}\n---\nHello'],
    ['with nothing in the second', '---\nname: a\n---\n'],
  ])('is not seen in several documents %s', (_what, source) => {
    expect(refusalOf(source).userMessage).toContain('several documents');
  });

  it('is refused with the line of the whole file where it is broken', () => {
    expect(refusalOf('# first\n---\nname: a\nmodel: [\n---\nHello {{you}}').problems[0]?.line).toBeGreaterThanOrEqual(
      4,
    );
    expect(refusalOf('---\nmodel: a\nmodel: b\n---\nHi').problems[0]).toMatchObject({ line: 3 });
    expect(refusalOf('---\nmodel: .inf\n---\nHi').problems[0]).toMatchObject({ line: 2, path: 'frontMatter.model' });
    expect(refusalOf('---\nmodel: m\n---\nHi\n\0').problems[0]).toMatchObject({ line: 4, path: 'body' });
  });

  // A search that goes back and forth over these would not end within the time of a test.
  it.each([
    ['blanks', ' '],
    ['dashes', '---\n'],
    ['half marks of roles', '{{role'],
    ['hashes', '#'],
    ['marks of roles', 'system:\n'],
    ['a role and blanks', 'system \t'],
  ])('is read also where its text is a million characters of %s', (_what, part) => {
    const text = part.repeat(1_000_000 / part.length);
    expect(readDefinition(`---\nmodel: m\n---\n${text}`).format).toBe('prompt');
  });
});

describe('JSON with comments', () => {
  it('is read without them, and with commas at the end', () => {
    const source = '// head\n{\n  /* a\n  b */ "url": "http://a//b", // c\n  "list": [1, 2,],\n}\n// end';
    expect(documentOf(source)).toEqual({ url: 'http://a//b', list: [1, 2] });
  });

  it('says where something is wrong by the lines of the file', () => {
    expect(refusalOf('{\n  // one\n  "a": 1,\n  "a": 2\n}').problems[0]).toMatchObject({ line: 4, path: 'a' });
    expect(refusalOf('{ /* one\n two */ "a": 1,\n "__proto__": 2 }').problems[0]).toMatchObject({ line: 3 });
  });

  it('keeps a whole number that is too long for a computer’s own as it was written', () => {
    expect(documentOf('{ "id": 12345678901234567890 /* long */ }')).toEqual({ id: '12345678901234567890' });
  });

  it('is not seen in YAML that looks like it', () => {
    expect(documentOf('{ url: http://a, note: b }')).toEqual({ url: 'http://a', note: 'b' });
    expect(documentOf('# { \na: 1')).toEqual({ a: 1 });
  });

  it('is refused where a comment never ends, or it is no JSON but for comments', () => {
    expect(refusalOf('{ "a": 1 /* ').userMessage).toContain('line 1');
    expect(refusalOf('{ // c\n "a": 1 "b": 2 }').userMessage).toContain('line 2');
  });
});

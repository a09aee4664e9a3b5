import { describe, expect, it } from 'vitest';
import { codeView } from '../../../src/domain/diff/code-view.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { type SideBySide, type SideLine, sideBySide } from '../../../src/domain/diff/side-by-side.ts';
import type { Definition } from '../../../src/domain/workflow/definition.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

function compare(before: string, after: string, more: { before?: object; after?: object } = {}): SideBySide[] {
  const flow = (systemPrompt: string, other: object = {}) =>
    readDefinition(
      JSON.stringify({
        apiVersion: 'towpath/v1',
        name: 'flow',
        steps: [{ id: 'answer', type: 'llm', label: 'Answer', task: 'x', systemPrompt, ...other }],
      }),
    );
  return sideBySide(diffDefinitions(flow(before, more.before), flow(after, more.after)));
}

/** `2 Be [brief]`: the number, and what is marked in brackets. */
const shown = (line: SideLine | null) =>
  line === null
    ? null
    : `${line.number} ${line.segments.map(({ text, isMarked }) => (isMarked ? `[${text}]` : text)).join('')}`;
const rows = (texts: SideBySide[]) =>
  texts[0]?.rows.map((row) => (row.kind === 'gap' ? row.lines : [row.kind, shown(row.before), shown(row.after)]));
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);

describe('two versions of a prompt beside each other', () => {
  it('stand line by line, with the words marked that make the difference', () => {
    const texts = compare('You are a lead.\nBe brief and kind.', 'You are a lead.\nBe brief and honest.\nSign it.');
    expect(texts.map(({ title, rewritten, left }) => [title, rewritten, left])).toEqual([
      ['Answer · system prompt', false, 0],
    ]);
    expect(rows(texts)).toEqual([
      ['same', '1 You are a lead.', '1 You are a lead.'],
      ['changed', '2 Be brief and [kind].', '2 Be brief and [honest].'],
      ['changed', null, '3 [Sign it.]'],
    ]);
  });

  it('show what differs far behind in a line, however long it is', () => {
    for (const words of [300, 2_000]) {
      const long = `Hello\n${'Be kind and brief. '.repeat(words)}`;
      const [text] = compare(`${long}End.`, `${long}Tell all secrets.`);
      expect(JSON.stringify(text)).toContain('Tell all secrets');
      expect(JSON.stringify(text)).toContain('End');
    }
  });

  it('say how much of a line is not shown', () => {
    const [text] = compare('a\nb', `a\n${'x'.repeat(4_000)}${'y'.repeat(1_500)}`);
    expect(JSON.stringify(text)).toContain('x… (1,500 more characters)');
  });

  it('spell out what would turn the text around, or be seen by nobody', () => {
    const [text] = compare('a\nBe kind.', 'a\nBe kind.\u202E\u{E0041}');
    expect(JSON.stringify(text)).toContain(String.raw`\\u{202E}\\u{E0041}`);
  });

  it('leave out what is the same, but for three lines around a change', () => {
    const [old, now] = [lines(1, 40), lines(1, 40)];
    now[19] = 'another line 20';
    expect(rows(compare(old.join('\n'), now.join('\n')))).toEqual([
      16,
      ...[17, 18, 19].map((n) => ['same', `${n} line ${n}`, `${n} line ${n}`]),
      ['changed', '20 line 20', '20 [another ]line 20'],
      ...[21, 22, 23].map((n) => ['same', `${n} line ${n}`, `${n} line ${n}`]),
      17,
    ]);
  });

  it('count on after lines that are on one side only', () => {
    const texts = compare(['new order', ...lines(1, 3)].join('\n'), lines(1, 3).join('\n'));
    expect(rows(texts)?.slice(0, 2)).toEqual([
      ['changed', '1 new order', null],
      ['same', '2 line 1', '1 line 1'],
    ]);
  });

  it('are shown whole where they have too little in common, and say so', () => {
    const [old, now] = [lines(1, 700), lines(1001, 1700)];
    const [text] = compare(old.join('\n'), now.join('\n'));
    expect(text).toMatchObject({ rewritten: true, left: 0 });
    expect(text?.rows).toHaveLength(700);
  });

  it('are cut beyond a thousand rows, and say how much is missing', () => {
    const [text] = compare('', lines(1, 1_500).join('\n'));
    expect([text?.rows.length, text?.left]).toEqual([1_000, 500]);
  });

  it('show of a masked secret its kind, never the mask', () => {
    const mask = (hex: string) => `masked~aws-key~${hex.repeat(16)}`;
    const text = JSON.stringify(compare(`Use\n${mask('a')} here`, `Use\n${mask('b')} there`));
    expect(text).not.toContain('masked~');
    expect(text).toContain('[masked aws-key]');
  });
});

it('short values that a sentence tells whole stay with their sentence', () => {
  const texts = compare('same', 'same', { before: { model: 'a' }, after: { model: 'b' } });
  expect(texts).toEqual([]);
});

it('the code view cuts no mask in two either', () => {
  const mask = (hex: string) => `masked~aws-key~${hex.repeat(16)}`;
  const [old, now] = [`Use\n${mask('a')} here`, `Use\n${mask('b')} there`].map((systemPrompt) =>
    readDefinition(
      JSON.stringify({ apiVersion: 'towpath/v1', name: 'f', steps: [{ id: 'a', type: 'llm', systemPrompt }] }),
    ),
  ) as [Definition, Definition];
  const { text, lines } = codeView(old, now, diffDefinitions(old, now));
  expect(text).toContain('[masked aws-key] [-here-]');
  expect(JSON.stringify(lines)).not.toMatch(/masked~|a{16}|b{16}/);
});

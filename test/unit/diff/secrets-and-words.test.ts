import { describe, expect, it } from 'vitest';
import { codeView } from '../../../src/domain/diff/code-view.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { markWords } from '../../../src/domain/diff/word-marks.ts';
import { type Document, stepIn, ticketFlowWith } from '../../support/workflows/ticket-flow.ts';

const MASK = { old: 'masked~api-key~0123456789abcdef', now: 'masked~api-key~fedcba9876543210' };

function diffOf(before: (document: Document) => void, after: (document: Document) => void) {
  const [a, b] = [ticketFlowWith(before), ticketFlowWith(after)];
  const diff = diffDefinitions(a, b);
  return { diff, code: codeView(a, b, diff) };
}

const header = (value: string) => (d: Document) => (stepIn(d, 'orders').http.headers.Authorization = value);

describe('A masked secret', () => {
  it('that changed is told as such, and nothing more than its kind', () => {
    const { diff, code } = diffOf(header(`Bearer ${MASK.old}`), header(`Bearer ${MASK.now}`));
    expect(diff.changes).toMatchObject([
      { sentence: 'Headers of ‘orders’: Authorization: secret changed (api-key)', secret: true },
    ]);
    expect(diff.risk.reasons).toEqual(['secret changed (‘orders’)']);
    expect(code.text).toContain('Authorization: # secret changed');
    expect(`${diff.changes[0]?.sentence}${code.text}`).not.toMatch(/0123456789abcdef|fedcba98/);
  });

  it('is quoted by its kind where the text around it changed', () => {
    const { diff, code } = diffOf(header(`Bearer ${MASK.old}`), header(`Basic ${MASK.now}`));
    expect(diff.changes[0]?.sentence).toBe(
      'Headers of ‘orders’: Authorization changed from ‘Bearer [masked api-key]’ to ‘Basic [masked api-key]’',
    );
    expect(diff.changes[0]?.secret).toBeUndefined();
    expect(code.text).not.toMatch(/masked~/);
  });

  it('is quoted by its kind where it came, went or stands in a binding', () => {
    const came = diffOf(() => {}, header(MASK.now)).diff.changes[0]?.sentence;
    expect(came).toBe('Headers of ‘orders’: Authorization set to ‘[masked api-key]’');
    const { diff } = diffOf(
      (d) => (d.bindings.crm.connection = MASK.old),
      (d) => (d.bindings.crm.connection = MASK.now),
    );
    expect(diff.changes[0]?.sentence).toBe('Binding ‘crm’: connection: secret changed (api-key)');
    expect(diff.functional).toBe(false);
  });
});

describe('The words of a prompt', () => {
  const prompt = (text: string) => (d: Document) => (stepIn(d, 'summarise').systemPrompt = text);
  const linesOf = (before: string, after: string) =>
    diffOf(prompt(before), prompt(after))
      .code.text.split('\n')
      .filter((line) => /^[-+]/.test(line));

  it('that changed are marked inside their lines', () => {
    expect(linesOf('You are kind.\nAnswer in two sentences.', 'You are kind.\nAnswer in three sentences.')).toEqual([
      '-       Answer in [-two-] sentences.',
      '+       Answer in {+three+} sentences.',
    ]);
  });

  it('are marked by where they stand, for who can show it better', () => {
    const { code } = diffOf(prompt('Answer in two sentences.'), prompt('Answer in three short sentences.'));
    const marked = code.lines.flatMap(({ text, words = [] }) => words.map(([start, end]) => text.slice(start, end)));
    expect(marked).toEqual(['two', 'three', 'short ']);
    expect(code.lines.every(({ text }) => !/\[-|\{\+/.test(text))).toBe(true);
  });

  it('are all shown, however long the one line is that they stand in', () => {
    const filler = Array.from({ length: 300 }, (_, at) => `word${at}`).join(' ');
    const [removed, added] = linesOf(`Start kindly. ${filler} Stop early.`, `Start gently. ${filler} Stop late.`);
    expect(removed).toMatch(/\[-kindly-\].*…/);
    expect(added).toMatch(/\{\+gently\+\}.*….*\{\+late\+\}/);
    expect(added?.length).toBeLessThan(400);
  });

  it('are not marked where hardly any stayed, or too many changed', () => {
    expect(
      linesOf('Answer all the customers of our shop.', 'Translate into German what comes in.').join(''),
    ).not.toMatch(/\[-|\{\+/);
    const text = (word: string) => Array.from({ length: 1_000 }, (_, at) => `${word}${at}`).join(' ');
    expect(markWords(text('a'), text('b'), { cost: 5_000_000 })).toBeNull();
  });

  it('are looked for until the budget is spent, and no longer', () => {
    expect(markWords('one two three', 'one two four', { cost: 0 })).toBeNull();
    expect(markWords('one two three', 'one two four', { cost: 100_000 })).not.toBeNull();
  });
});

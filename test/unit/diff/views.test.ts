import { describe, expect, it } from 'vitest';
import { blocksView } from '../../../src/domain/diff/blocks-view.ts';
import { codeView } from '../../../src/domain/diff/code-view.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import type { Definition } from '../../../src/domain/workflow/definition.ts';
import { type Document, read, stepIn, ticketFlow, ticketFlowWith } from '../../support/workflows/ticket-flow.ts';

const base = read(ticketFlow());

/** A bit of everything: changed, moved, added and removed steps, nested ones too, and a change of the whole. */
function edited(document: Document): void {
  document.emits.push('ticket.closed');
  stepIn(document, 'summarise').model = 'claude-opus';
  stepIn(document, 'summarise').systemPrompt = 'You are a support lead.\nBe brief.\nAnswer as JSON.';
  document.steps[1].condition.then.push({ id: 'thank', type: 'llm', task: 'Thank\nthem' });
  stepIn(document, 'refine').loop.steps.push(document.steps[1].condition.else.pop());
  document.steps.splice(4, 1);
}

function blocks(before: Definition | null, after: Definition, maxLines = 200): string[] {
  const lines = blocksView(before, after, diffDefinitions(before, after), { maxLines });
  return lines.map(({ mark, depth, text }) => `${mark} ${'  '.repeat(depth)}${text}`);
}

function code(before: Definition | null, after: Definition, maxChars = 10_000): { text: string; truncated: boolean } {
  return codeView(before, after, diffDefinitions(before, after), { maxChars });
}

describe('The blocks view', () => {
  it('is the tree of steps with a mark at each that changed', () => {
    expect(blocks(base, ticketFlowWith(edited))).toEqual([
      '+ Event ‘ticket.closed’ is now emitted',
      '~ Summarise (llm): model, system prompt',
      '  route (condition)',
      '    then:',
      '      page (tool)',
      '+     thank (llm)',
      '    else:',
      '      queue (tool)',
      '  refine (loop)',
      '    draft (agent)',
      '    polish (llm)',
      '>   note (llm) moved',
      '  fan-out (parallel)',
      '    english:',
      '      translate_en (llm)',
      '    german:',
      '      translate_de (llm)',
      '- orders (http)',
      '  score (code)',
      '  ask (approval)',
      '  check (evaluation)',
    ]);
  });

  it('says which arrows came and went after the steps, and all else of the whole before them', () => {
    const edge = { from: 'summarise', to: 'check' };
    const after = { ...ticketFlowWith((document) => void document.emits.push('x')), edges: [edge] };
    const lines = blocks({ ...base, edges: [] }, after);
    expect([lines[0], lines.at(-1)]).toEqual([
      '+ Event ‘x’ is now emitted',
      expect.stringMatching(/^\+ Edge ‘Summarise’ → .* added$/),
    ]);
  });

  it('points to where each step stands', () => {
    const lines = blocksView(base, ticketFlowWith(edited), diffDefinitions(base, ticketFlowWith(edited)));
    expect(lines.find(({ text }) => text.startsWith('thank'))?.path).toBe('steps[1].condition.then[1]');
  });

  it('folds unchanged steps where there is no room, and then says what is cut', () => {
    expect(
      blocks(
        base,
        ticketFlowWith((d) => (stepIn(d, 'polish').model = 'x')),
        6,
      ),
    ).toEqual([
      '  … 5 unchanged steps',
      '  refine (loop)',
      '    … 1 unchanged step',
      '~   polish (llm): model',
      '  … 7 unchanged steps',
    ]);
    const cut = blocks(null, base, 4);
    expect(cut).toHaveLength(4);
    expect(cut.at(-1)).toMatch(/^ {2}… \d+ more lines$/);
  });

  it('of a first version is all new', () => {
    expect(
      blocksView(null, base, diffDefinitions(null, base))
        .filter(({ text }) => !text.endsWith(':'))
        .every(({ mark }) => mark === '+'),
    ).toBe(true);
  });
});

describe('The code view', () => {
  it('shows what changed below what it stands in, texts by line', () => {
    expect(code(base, ticketFlowWith(edited)).text.split('\n')).toEqual([
      '  name: ticket-flow',
      '  emits:',
      '+   - ticket.closed',
      '  steps:',
      '    - id: summarise',
      '      type: llm',
      '      label: Summarise',
      '-     model: claude-sonnet',
      '+     model: claude-opus',
      '      systemPrompt: |',
      '        You are a support lead.',
      '-       Be [-kind-].',
      '+       Be {+brief+}.',
      '        Answer as JSON.',
      '    - id: route',
      '      then:',
      '+       - id: thank',
      '+         type: llm',
      '+         task: |',
      '+           Thank',
      '+           them',
      '    - id: refine',
      '      steps:',
      '>       - id: note  # moved here',
      '-   - id: orders',
      '-     type: http',
      '-     http:',
      '-       headers:',
      '-         Accept: application/json',
      '-       method: GET',
      '-       url: https://orders.example.com',
      '-     inputs:',
      '-       customer: "{{ inputs.customer }}"',
    ]);
  });

  it('leaves out the unchanged lines of a long text', () => {
    const text = (word: string) => [...Array(9).keys(), word, ...Array(9).keys()].join('\n');
    const prompt = (word: string) => ticketFlowWith((d) => (stepIn(d, 'summarise').systemPrompt = text(word)));
    expect(code(prompt('old'), prompt('new')).text.split('\n').slice(5)).toEqual([
      '        …',
      '        7',
      '        8',
      '-       old',
      '+       new',
      '        0',
      '        1',
      '        …',
    ]);
  });

  it('shows both beginnings of a text that was rewritten', () => {
    const prompt = (word: string) =>
      ticketFlowWith(
        (d) =>
          (stepIn(d, 'summarise').systemPrompt = Array.from({ length: 400 }, (_, line) => `${word} ${line}`).join(
            '\n',
          )),
      );
    const lines = code(prompt('old'), prompt('new')).text.split('\n');
    expect(lines).toContain('-       old 19');
    expect(lines).toContain('-       … 380 more lines');
    expect(lines).toContain('+       new 0');
  });

  it('is empty where nothing differs, and for layout', () => {
    expect(code(base, read(ticketFlow()))).toEqual({ text: '', lines: [], truncated: false });
    expect(
      code(
        base,
        ticketFlowWith((d) => (d.layout = {})),
      ),
    ).toEqual({ text: '', lines: [], truncated: false });
  });

  it('keeps to its bound, cut between lines', () => {
    const whole = code(null, base);
    expect(whole.truncated).toBe(false);
    const { text, truncated } = code(null, base, 200);
    expect(truncated).toBe(true);
    expect(text.length).toBeLessThanOrEqual(200);
    expect(whole.text.startsWith(text)).toBe(true);
  });

  it('holds nothing that a screen would act on', () => {
    const after = ticketFlowWith((d) => (stepIn(d, 'summarise').systemPrompt = 'a\u001b[31m\u202Eb\n\tc\u0007'));
    expect(code(base, after).text).toContain('a\\u{1B}[31m\\u{202E}b');
    expect(code(base, after).text).toContain('\tc\\u{7}');
  });

  it('shows what differs far behind in one of several lines', () => {
    for (const words of [300, 2_000]) {
      const flow = (end: string) =>
        ticketFlowWith(
          (d) => (stepIn(d, 'summarise').systemPrompt = `Hello\n${'Be kind and brief. '.repeat(words)}${end}`),
        );
      const { text } = code(flow('End.'), flow('Tell all secrets.'));
      expect(text).toContain('Tell all secrets');
    }
  });

  it('shows documents of unknown format by what names their parts', () => {
    const flow = (url: string) =>
      read({
        nodes: [{ parameters: { url, method: 'GET' }, name: 'Fetch', id: 'n1' }, { id: 'n2' }],
        settings: { a: 1 },
      });
    expect(code(flow('a'), flow('b')).text.split('\n')).toEqual([
      '  nodes:',
      '    - id: n1',
      '      name: Fetch',
      '      parameters:',
      '-       url: a',
      '+       url: b',
    ]);
  });
});

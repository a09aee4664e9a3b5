import { describe, expect, it } from 'vitest';
import { blocksView } from '../../../src/domain/diff/blocks-view.ts';
import { codeView } from '../../../src/domain/diff/code-view.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { matchSteps } from '../../../src/domain/diff/match-steps.ts';
import { summarize } from '../../../src/domain/diff/sentences.ts';
import type { Definition, Step } from '../../../src/domain/workflow/definition.ts';
import { chain, graph, step } from '../../support/workflows/definitions.ts';

const PROMPT = 'You answer customers of a book shop kindly, in at most three sentences, and name the order.';

/** Has a few words in common with the other. */
const UNLIKE = `You translate what customers of the shop write into German, ${'word by word and with no comment of your own '.repeat(2)}`;

/** Pairs as `before → after by pass`. */
function matches(before: readonly Step[], after: readonly Step[]): string[] {
  return matchSteps({ steps: before }, { steps: after }).matches.map(
    (match) => `${match.before.step.id} → ${match.after.step.id} by ${match.by}`,
  );
}

function sentences(before: Definition, after: Definition): string[] {
  return diffDefinitions(before, after).changes.map(({ sentence }) => sentence);
}

describe('Steps are found again', () => {
  it('by id, whatever else changed', () => {
    expect(matches([step('a', { label: 'A', kind: 'llm' })], [step('a', { label: 'B', kind: 'agent' })])).toEqual([
      'a → a by id',
    ]);
  });

  it('by name and type where the id is new', () => {
    const before = [step('a1', { label: 'Answer' }), step('b1', { label: 'Check' })];
    const after = [step('b2', { label: 'Check' }), step('a2', { label: 'Answer' })];
    expect(matches(before, after)).toEqual(['b1 → b2 by name', 'a1 → a2 by name']);
  });

  it('as the only one of their type in both versions', () => {
    const before = [step('a1', { label: 'Hook', kind: 'webhook' }), step('x')];
    const after = [step('a2', { label: 'Start', kind: 'webhook' }), step('x')];
    expect(matches(before, after)).toEqual(['a1 → a2 by type', 'x → x by id']);
    expect(matches([...before, step('w', { kind: 'webhook' })], [...after, step('w', { kind: 'webhook' })])).toEqual([
      'x → x by id',
      'w → w by id',
    ]);
  });

  it('by what they hold, above a bound', () => {
    const others = [step('x'), step('y')];
    const was = step('a1', { label: 'Answer', properties: { systemPrompt: PROMPT, model: 'm' } });
    const alike = step('a2', { label: 'Reply', properties: { systemPrompt: `${PROMPT} Be brief.`, model: 'n' } });
    const unlike = step('a2', { label: 'Reply', properties: { systemPrompt: UNLIKE } });
    expect(matches([was, ...others], [alike, ...others])[0]).toBe('a1 → a2 by content');
    expect(matches([was, ...others], [unlike, ...others])).toEqual(['x → x by id', 'y → y by id']);
  });

  it('but not by the little that many steps have in common', () => {
    const model = (id: string) => step(id, { properties: { model: 'claude-haiku' } });
    expect(matches([model('a'), step('x')], [model('b'), step('x')])).toEqual(['x → x by id']);
  });

  it('in containers, so that a step with a new id in a loop is a move', () => {
    const loop = (steps: Step[]) => step('loop', { kind: 'loop', children: [{ role: 'steps', steps }] });
    const before = graph([step('a1', { label: 'Answer' }), loop([])]);
    const after = graph([loop([step('a2', { label: 'Answer' })])]);
    expect(sentences(before, after)).toEqual([
      'Step ‘Answer’ moved into loop ‘loop’ (matched by name, its id changed)',
    ]);
  });

  it('with their container where that has no name and a new id too', () => {
    const loop = (id: string, inner: Step) => step(id, { kind: 'loop', children: [{ role: 'steps', steps: [inner] }] });
    const inner = (id: string) => step(id, { label: 'Answer', properties: { systemPrompt: PROMPT } });
    const other = (id: string) => step(id, { kind: 'loop' });
    expect(matches([loop('l1', inner('a1')), other('x')], [loop('l2', inner('a2')), other('x')])).toEqual([
      'l1 → l2 by content',
      'a1 → a2 by name',
      'x → x by id',
    ]);
  });

  it('each of several with one name by what it holds, then in order', () => {
    const twin = (id: string, model: string) =>
      step(id, { label: 'Twin', properties: { model, systemPrompt: `${PROMPT} ${model}` } });
    const before = [twin('a1', 'one'), twin('b1', 'two')];
    expect(matches(before, [twin('a2', 'two'), twin('b2', 'one')])).toEqual(['b1 → a2 by name', 'a1 → b2 by name']);
    expect(
      matches(
        [step('a1', { label: 'T' }), step('b1', { label: 'T' })],
        [step('a2', { label: 'T' }), step('b2', { label: 'T' })],
      ),
    ).toEqual(['a1 → a2 by name', 'b1 → b2 by name']);
  });

  it('by name where their format made the ids up, which prove nothing', () => {
    const made = (id: string, label: string) => step(id, { label, weakId: true });
    const before = graph([made('note', 'One'), made('note#2', 'Two')]);
    const after = graph([made('note', 'Two'), made('note#2', 'One')]);
    expect(matches(before.steps, after.steps)).toEqual(['note#2 → note by name', 'note → note#2 by name']);
    expect(sentences(before, graph([...before.steps]))).toEqual([]);
  });

  it('never twice, and none is lost where ids repeat', () => {
    const twins = [step('x', { label: 'A' }), step('x', { label: 'B' }), step('x', { label: 'B' })];
    const {
      matches: found,
      added,
      removed,
    } = matchSteps({ steps: twins }, { steps: twins.map((one) => ({ ...one })) });
    expect([found.length, added.length, removed.length]).toEqual([3, 0, 0]);
    expect(new Set(found.map(({ before }) => before.place)).size).toBe(3);
  });

  it('in the same pairs whichever version comes first', () => {
    const before = ['a', 'b', 'c', 'd'].map((id, at) =>
      step(id, { label: `L${at % 2}`, properties: { systemPrompt: `${PROMPT} ${at % 3}` } }),
    );
    const after = ['e', 'f', 'g'].map((id, at) =>
      step(id, { label: `L${at % 2}`, properties: { systemPrompt: `${PROMPT} ${at}` } }),
    );
    const back = matches(after, before).map((text) => text.replace(/^(\w) → (\w)/, '$2 → $1'));
    expect(back.sort()).toEqual(matches(before, after).sort());
  });
});

describe('A full re-export with new ids', () => {
  const workflow = (version: number, model = 'm') => {
    const id = (name: string) => `${name}-${version}00000`;
    const properties = { model, task: `Use {{ ${id('start')}.output }} and ${id('check')}` };
    return graph(
      [
        step(id('start'), { label: 'Start', kind: 'webhook' }),
        step(id('answer'), { label: 'Answer', properties, dependsOn: [id('start')] }),
        step(id('check'), { label: 'Check', kind: 'evaluation' }),
      ],
      {
        edges: chain(id('start'), id('answer'), id('check')),
        bindings: { [id('answer')]: { account: 'a' }, Check: 'b' },
      },
    );
  };

  it('and nothing else is no functional change, in one sentence', () => {
    const diff = diffDefinitions(workflow(1), workflow(2));
    expect(diff.functional).toBe(false);
    expect(diff.risk).toEqual({ level: 'none', reasons: [] });
    expect(summarize(diff, { limit: 9, maxChars: 900 }).lines).toEqual([
      'No functional change.',
      '3 steps matched by name, their ids changed',
    ]);
    expect(codeView(workflow(1), workflow(2), diff).text).toBe('');
  });

  it('and a change says both in one sentence, in the blocks view and in the code view', () => {
    const [before, after] = [workflow(1), workflow(2, 'n')];
    const diff = diffDefinitions(before, after);
    expect(diff.changes[0]).toMatchObject({
      sentence: 'Model of ‘Answer’ changed from ‘m’ to ‘n’ (matched by name, its id changed)',
      matchedBy: 'name',
    });
    expect(blocksView(before, after, diff).map(({ mark, text }) => `${mark} ${text}`)).toEqual([
      '~ 2 steps matched by name, their ids changed',
      '  Start (webhook) (matched by name, its id changed)',
      '~ Answer (llm): model (matched by name, its id changed)',
      '  Check (evaluation) (matched by name, its id changed)',
    ]);
    expect(codeView(before, after, diff).text.split('\n').slice(0, 2)).toEqual([
      '  steps:',
      '    - id: answer-200000  # matched by name, its id changed',
    ]);
  });

  it('and other accounts say how many connections differ', () => {
    const after = { ...workflow(2), bindings: { 'answer-200000': { account: 'z' }, Check: 'c' } };
    expect(summarize(diffDefinitions(workflow(1), after), { limit: 1, maxChars: 900 }).lines).toEqual([
      'No functional change: 2 connections differ.',
    ]);
  });
});

describe('Edges', () => {
  it('are compared between the same steps, whatever their ids are now', () => {
    const steps = (version: number) => ['A', 'B', 'C'].map((label) => step(`${label}${version}`, { label }));
    const before = graph(steps(1), { edges: chain('A1', 'B1', 'C1') });
    const after = graph(steps(2), { edges: [...chain('A2', 'B2'), { from: 'A2', to: 'C2', port: 'no' }] });
    expect(sentences(before, after)).toEqual([
      'Edge ‘A’ → ‘C’ (no) added',
      'Edge ‘B’ → ‘C’ removed',
      '3 steps matched by name, their ids changed',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { runChain } from '../../../src/adapters/runners/ai/run-chain.ts';
import { fillPrompt } from '../../../src/domain/chain/fill-prompt.ts';
import type { Json } from '../../../src/domain/workflow/json.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { RunnerFailure } from '../../../src/use-cases/ports/runners.ts';

/** Runs steps with a model that answers by a table of prompts, and echoes what is not in it. */
async function chain(
  steps: object[],
  more: { mode?: string; input?: Json; model?: Record<string, string | Error>; signal?: AbortSignal } = {},
) {
  const { mode = 'sequential', input = {}, model = {} } = more;
  const withTypes = JSON.stringify({ apiVersion: 'towpath/v1', name: 'w', executionMode: mode, steps });
  const asked: string[] = [];
  const skipped: string[] = [];
  const output = await runChain({
    definition: readDefinition(withTypes),
    input,
    signal: more.signal ?? new AbortController().signal,
    onSkipped: ({ id }, { message }) => skipped.push(`${id}: ${message}`),
    ask: async (step, scope) => {
      const prompt = fillPrompt(step.properties.task ?? '', scope);
      asked.push(prompt);
      await Promise.resolve();
      const answer = model[prompt] ?? prompt;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { output, asked, skipped };
}

const llm = (id: string, task: string, more: object = {}) => ({ id, type: 'llm', task, ...more });

describe('a chain', () => {
  it('gives each step what those before it said, and ends with the last', async () => {
    const { output, asked } = await chain(
      [llm('a', 'A {{ inputs.x }}'), llm('b', 'B {{ steps.a.output }}'), llm('c', 'C {{ steps.b.output }}')],
      { input: { x: 1 } },
    );
    expect(asked).toEqual(['A 1', 'B A 1', 'C B A 1']);
    expect(output).toBe('C B A 1');
  });

  it('names the parts of an answer that is JSON, between fences too', async () => {
    const steps = [llm('a', 'A'), llm('b', '{{ steps.a.output.queue }}')];
    expect((await chain(steps, { model: { A: '```json\n{"queue":"tech"}\n```' } })).output).toBe('tech');
  });

  it('leaves JSON that reaches into JavaScript a text', async () => {
    expect((await chain([llm('a', 'A')], { model: { A: '{"constructor":1}' } })).output).toBe('{"constructor":1}');
  });

  it('calls a text that is given as the input so', async () => {
    expect((await chain([llm('a', 'A {{ inputs.input }}')], { input: 'hi' })).output).toBe('A hi');
  });

  it('does not take an answer for a template', async () => {
    const { output } = await chain([llm('a', 'A'), llm('b', 'B {{ steps.a.output }}')], {
      model: { A: '{{ inputs }}' },
    });
    expect(output).toBe('B {{ inputs }}');
  });

  const condition = {
    id: 'route',
    type: 'condition',
    // biome-ignore lint/suspicious/noThenProperty: the format's own word; a list is no promise.
    condition: { if: 'steps.rate.output.urgent', then: [llm('now', 'now')], else: [llm('later', 'later')] },
  };
  it.each([
    ['{"urgent":true}', 'now'],
    ['{"urgent":"no"}', 'later'],
    ['{}', 'later'],
  ])('takes one branch of a condition: %s, %s', async (rating, branch) => {
    expect(await chain([llm('rate', 'R'), condition], { model: { R: rating } })).toMatchObject({
      output: branch,
      asked: ['R', branch],
    });
  });

  /** A million turns and more, in none of which anything is asked. */
  // biome-ignore lint/suspicious/noThenProperty: as above.
  const idle = { id: 'i', type: 'condition', condition: { if: 'false', then: [llm('never', 'never')], else: [] } };
  const turning = ['a', 'b', 'c', 'd'].reduce<object>(
    (inner, id) => ({ id, type: 'loop', onError: 'continue', loop: { maxIterations: 1000, steps: [inner] } }),
    idle,
  );
  it('ends loops within loops that ask nobody anything, whatever they go on from', async () => {
    await expect(chain([turning])).rejects.toThrow(/ended after 10000 steps/);
  });

  it('lets all else have its turn, so that it can be given up', async () => {
    const given = new AbortController();
    setImmediate(() => given.abort(new Error('given up')));
    await expect(chain([turning], { signal: given.signal })).rejects.toThrow('given up');
  });

  it('goes over a list, as far as it may', async () => {
    const loop = { over: 'inputs.points', maxIterations: 2, steps: [llm('p', '{{ index }} {{ item.n }}')] };
    const { output } = await chain([{ id: 'l', type: 'loop', loop }], {
      input: { points: [{ n: 'a' }, { n: 'b' }, { n: 'c' }] },
    });
    expect(output).toEqual(['0 a', '1 b']);
  });

  it('repeats until it is good enough, seeing what it said last', async () => {
    const task = 'try {{ index }} after {{ output }}';
    const loop = { maxIterations: 5, breakWhen: 'score > 0.9', steps: [llm('t', task)] };
    const second = 'try 1 after {"score":0.5}';
    const model = { 'try 0 after null': '{"score":0.5}', [second]: '{"score":0.95}' };
    const { output, asked } = await chain([{ id: 'l', type: 'loop', loop }], { model });
    expect(output).toEqual({ score: 0.95 });
    expect(asked).toEqual(['try 0 after null', second]);
  });

  it('ends a loop that never is good enough', async () => {
    const loop = { breakWhen: 'score > 0.9', steps: [llm('t', 'try {{ index }}')] };
    expect((await chain([{ id: 'l', type: 'loop', loop }])).asked).toHaveLength(10);
  });

  it('runs branches beside each other and gives them by name', async () => {
    const parallel = {
      branches: [
        { name: 'one', steps: [llm('a', 'A')] },
        { name: 'two', steps: [llm('b', 'B')] },
      ],
    };
    expect((await chain([{ id: 'p', type: 'parallel', parallel }])).output).toEqual({ one: 'A', two: 'B' });
  });

  it('goes by what steps depend on in a dag, whatever their order, and gives all its ends', async () => {
    const steps = [
      llm('c', 'C {{ steps.a.output }}{{ steps.b.output }}', { dependsOn: ['a', 'b'] }),
      llm('d', 'D {{ steps.a.output }}', { dependsOn: ['a'] }),
      llm('a', 'A'),
      llm('b', 'B'),
    ];
    expect((await chain(steps, { mode: 'dag' })).output).toEqual({ c: 'C AB', d: 'D A' });
  });

  it('waits for what a step inside of another depends on', async () => {
    const inner = {
      id: 'l',
      type: 'loop',
      loop: { maxIterations: 1, steps: [llm('i', 'I {{ steps.a.output }}', { dependsOn: ['a'] })] },
    };
    expect((await chain([inner, llm('a', 'A')], { mode: 'dag' })).output).toBe('I A');
  });

  it('goes on after a step that may fail, and tells of it', async () => {
    const failing = { A: new RunnerFailure('died', 'The model broke.') };
    const steps = [llm('a', 'A', { onError: 'continue' }), llm('b', 'B {{ steps.a.output }}')];
    expect(await chain(steps, { model: failing })).toMatchObject({
      output: 'B null',
      skipped: ['a: Step a: The model broke.'],
    });
  });

  it('ends with the failure of a step, by its name, the innermost only', async () => {
    const loop = { maxIterations: 1, steps: [llm('inner', 'A')] };
    const failing = { A: new RunnerFailure('died', 'The model broke.') };
    await expect(chain([{ id: 'l', type: 'loop', loop }], { model: failing })).rejects.toThrow(
      'Step inner: The model broke.',
    );
    await expect(chain([llm('a', '{{ no }}')])).rejects.toThrow(/^Step a: .*names nothing/);
    const noList = { id: 'l', type: 'loop', loop: { over: 'inputs.x', steps: [llm('i', 'I')] } };
    await expect(chain([noList], { input: { x: 1 } })).rejects.toThrow(/no list/);
  });
});

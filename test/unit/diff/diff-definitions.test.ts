import { describe, expect, it } from 'vitest';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { logicHash } from '../../../src/domain/workflow/hashes.ts';
import { EDITS } from '../../support/workflows/edits.ts';
import { type Document, read, stepIn, ticketFlow, ticketFlowWith } from '../../support/workflows/ticket-flow.ts';

const base = read(ticketFlow());

/** The sentences of the diff from one change of the ticket flow to another. */
function sentences(after: (document: Document) => void, before: (document: Document) => void = () => {}): string[] {
  return diffDefinitions(ticketFlowWith(before), ticketFlowWith(after)).changes.map(({ sentence }) => sentence);
}

describe('The diff of two definitions', () => {
  it.each(EDITS.map((edit) => [edit.what, edit] as const))(
    'tells of one edit and of nothing else: %s',
    (_what, edit) => {
      const after = ticketFlowWith(edit.edit);
      const diff = diffDefinitions(base, after);
      expect(diff.changes.map(({ sentence }) => sentence)).toEqual(edit.sentences);
      expect(new Set(diff.changes.map((change) => change.class))).toEqual(new Set([edit.class]));
      expect(diff.counts.total).toBe(edit.sentences.length);
      expect(diff.functional).toBe(edit.class !== 'binding' && edit.class !== 'cosmetic');
      expect(diff.functional).toBe(logicHash(base) !== logicHash(after));
    },
  );

  it('carries the step, the property, the path and both values', () => {
    const [change] = diffDefinitions(
      base,
      ticketFlowWith((d) => (stepIn(d, 'draft').model = 'claude-opus')),
    ).changes;
    expect(change).toEqual({
      class: 'model',
      kind: 'changed',
      path: 'steps[2].loop.steps[0].model',
      stepId: 'draft',
      stepKind: 'agent',
      property: 'model',
      before: 'claude-sonnet',
      after: 'claude-opus',
      sentence: 'Model of ‘draft’ changed from ‘claude-sonnet’ to ‘claude-opus’',
    });
  });

  it('carries the lines of a text', () => {
    const edit = (d: Document) =>
      (stepIn(d, 'summarise').systemPrompt = 'You are a support lead.\nAnswer as JSON.\nNow.');
    expect(diffDefinitions(base, ticketFlowWith(edit)).changes[0]?.lines).toEqual({ added: 1, removed: 1 });
  });

  it('counts steps by what happened to them', () => {
    const diff = diffDefinitions(
      base,
      ticketFlowWith((d) => {
        d.steps.push({ id: 'thank', type: 'llm' });
        d.steps.splice(4, 1);
        d.steps[1].condition.then.push(d.steps[1].condition.else.pop());
        stepIn(d, 'note').model = 'claude-opus';
        stepIn(d, 'summarise').model = 'claude-opus';
        stepIn(d, 'summarise').timeout = '1m';
      }),
    );
    expect(diff.counts.steps).toEqual({ added: 1, removed: 1, changed: 2, moved: 1 });
  });

  it('puts what matters most first, whatever the order in the document', () => {
    const diff = diffDefinitions(
      base,
      ticketFlowWith((d) => {
        for (const { edit } of EDITS) edit(d);
      }),
    );
    const order = ['model', 'prompt', 'tools', 'logic', 'schema', 'quality', 'limits', 'binding', 'cosmetic'];
    const ranks = diff.changes.map((change) => order.indexOf(change.class));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks).size).toBe(order.length);
  });

  it('says nothing of two definitions that say the same in other words', () => {
    const words = (d: Document) => {
      const step = stepIn(d, 'summarise');
      step.llm = step.model;
      delete step.model;
      step.tools.reverse();
      stepIn(d, 'check').evaluation.criteria.reverse();
      stepIn(d, 'ask').approval.approvers.reverse();
      stepIn(d, 'fan-out').parallel.branches.reverse();
      delete d.executionMode;
    };
    expect(sentences(words)).toEqual([]);
  });

  it('tells of a field that is called like something every object has', () => {
    const added = (d: Document) => (d.inputs.properties.toString = { type: 'string' });
    expect(sentences(added)).toEqual(['Input field ‘toString’ added (string)']);
  });

  it('says nothing of a schema whose lists without order are in another one', () => {
    const with2 = (type: string[], choices: string[]) => (d: Document) =>
      (d.inputs.properties.ticket = { type, enum: choices });
    expect(sentences(with2(['null', 'string'], ['b', 'a']), with2(['string', 'null'], ['a', 'b']))).toEqual([]);
    expect(sentences(with2(['string'], ['a', 'c']), with2(['string', 'null'], ['a', 'b']))).toEqual([
      'Input field ‘ticket’: enum ‘b’ removed',
      'Input field ‘ticket’: enum ‘c’ added',
      'Input field ‘ticket’: type ‘null’ removed',
    ]);
  });

  it('compares definitions of different formats', () => {
    const diff = diffDefinitions(read({ nodes: [{ id: 'a', name: 'A' }] }), base);
    expect(diff.functional).toBe(true);
    expect(diff.changes.map(({ sentence }) => sentence)).toContain('Format changed from ‘generic’ to ‘towpath’');
  });
});

describe('Steps that move', () => {
  it('into a loop are one move, not a removal and an addition', () => {
    const intoLoop = (d: Document) => stepIn(d, 'refine').loop.steps.push(d.steps.splice(5, 1)[0]);
    expect(sentences(intoLoop)).toEqual(['Step ‘score’ moved into loop ‘refine’']);
    expect(sentences(() => {}, intoLoop)).toEqual(['Step ‘score’ moved out of loop ‘refine’']);
  });

  it('from one container into another name both', () => {
    expect(sentences((d) => stepIn(d, 'refine').loop.steps.push(d.steps[1].condition.then.pop()))).toEqual([
      'Step ‘page’ moved out of ‘then’ of condition ‘route’ into loop ‘refine’',
    ]);
  });

  it('with their container are not moved themselves', () => {
    expect(sentences((d) => d.steps.push(d.steps.splice(2, 1)[0]))).toEqual([
      'Loop ‘refine’ moved to another place in the order',
    ]);
  });

  it('in the order of a sequence are as few as explain it', () => {
    expect(sentences((d) => d.steps.unshift(d.steps.pop()))).toEqual([
      'Step ‘check’ moved to another place in the order',
    ]);
  });

  it('in a list that only dependencies order are no change', () => {
    const dag = (d: Document) => (d.executionMode = 'dag');
    expect(
      sentences((d) => {
        dag(d);
        d.steps.reverse();
      }, dag),
    ).toEqual([]);
  });

  it('and change as well say both', () => {
    const edit = (d: Document) => {
      const [step] = d.steps.splice(5, 1);
      stepIn(d, 'refine').loop.steps.push({ ...step, code: { source: 'return 1;' } });
    };
    expect(sentences(edit)).toEqual([
      'Step ‘score’ moved into loop ‘refine’',
      'Language of ‘score’ removed (was ‘javascript’)',
      'Code of ‘score’ modified (+1 −2 lines)',
    ]);
  });

  it('out of a container that is removed are not removed with it', () => {
    const edit = (d: Document) => {
      const [loop] = d.steps.splice(2, 1);
      d.steps.splice(2, 0, loop.loop.steps[0]);
    };
    expect(sentences(edit)).toEqual([
      'Loop ‘refine’ removed',
      'Step ‘polish’ removed from loop ‘refine’',
      'Step ‘draft’ moved out of loop ‘refine’',
    ]);
  });
});

describe('The execution mode', () => {
  it('is told when it changes', () => {
    expect(sentences((d) => (d.executionMode = 'dag'))).toEqual(['Execution mode changed from ‘sequential’ to ‘dag’']);
  });
});

describe('Names in sentences', () => {
  it('carry the id where two steps are called the same', () => {
    const twins = (d: Document) => (stepIn(d, 'note').label = 'Summarise');
    const edit = (d: Document) => {
      twins(d);
      stepIn(d, 'note').model = 'x';
    };
    expect(sentences(edit, twins)).toEqual(['Model of ‘Summarise’ (note) changed from ‘claude-haiku’ to ‘x’']);
  });
});

describe('A first version', () => {
  it('is told by what it is made of', () => {
    const diff = diffDefinitions(null, base);
    expect(diff.firstVersion).toEqual([
      'First version: 15 steps (5 llm, 2 tool, 1 condition, 1 loop, 1 agent, 1 parallel, 1 http, 1 code, …)',
      'Models: ‘claude-sonnet’, ‘claude-haiku’',
      'Tools: ‘search’, ‘lookup’, ‘pager’, ‘queue’',
      'MCP server: ‘slack’',
    ]);
    expect(diff.functional).toBe(true);
    expect(diff.counts.steps.added).toBe(15);
    expect(diff.changes.every(({ kind }) => kind === 'added')).toBe(true);
  });

  it('of an unknown format is told by its lists', () => {
    const definition = read({ nodes: [{ id: 1 }, { id: 2 }], graph: { edges: [{ id: 3 }] }, name: 'x' });
    expect(diffDefinitions(null, definition).firstVersion).toEqual(['First version: 2 nodes, 1 edge']);
    expect(diffDefinitions(null, read({ a: 1, b: 'x' })).firstVersion).toEqual(['First version: 2 fields']);
  });
});

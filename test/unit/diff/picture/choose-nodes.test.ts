import { describe, expect, test } from 'vitest';
import { diffDefinitions } from '../../../../src/domain/diff/diff-definitions.ts';
import {
  arrowsIn,
  type Choice,
  chooseNodes,
  countNodes,
  MOST_ARROWS,
  MOST_NODES,
  type Scene,
} from '../../../../src/domain/diff/picture/choose-nodes.ts';
import { makePictureGraph } from '../../../../src/domain/diff/picture/picture-graph.ts';
import type { Definition } from '../../../../src/domain/workflow/definition.ts';
import { aChain, aContainer, aGraph, arrowsAlong, aStep, named } from '../../../support/workflows/graphs.ts';

function choose(before: Definition | null, after: Definition): Choice {
  return chooseNodes(makePictureGraph(before, after, diffDefinitions(before, after)));
}

/** The boxes in words: `added new`, `same s14`, `… 12 unchanged steps`; what is open with what it holds. */
function boxes({ nodes }: Scene): string[] {
  return nodes.map(({ shown, state, fold, scenes }) => {
    const inside = scenes.map((scene) => `${scene.role}: ${boxes(scene).join(', ')}`).join('; ');
    return shown === null ? fold : `${state} ${shown.step.id}${inside === '' ? '' : ` {${inside}}`}`;
  });
}

function arrows(scene: Scene): string[] {
  const all = new Map<number, string>();
  const visit = ({ nodes }: Scene): void => {
    for (const { key, shown, scenes } of nodes) {
      all.set(key, shown?.step.id ?? '…');
      scenes.forEach(visit);
    }
  };
  visit(scene);
  return arrowsIn(scene).map(({ from, to, state }) => `${state} ${all.get(from)}>${all.get(to)}`);
}

describe('what a picture shows', () => {
  test('a change and two steps on each side of it; the others are folded into one box on each side', () => {
    const ids = named(30);
    const { scene } = choose(aChain(ids), aChain(ids.toSpliced(15, 0, 'new')));
    expect(boxes(scene)).toEqual([
      '… 12 unchanged steps',
      ...['same s12', 'same s13', 'same s14', 'added new', 'same s15', 'same s16', 'same s17'],
      '… 12 unchanged steps',
    ]);
    expect(arrows(scene)).toContain('same …>s12');
    expect(arrows(scene)).toEqual(
      expect.arrayContaining(['added s14>new', 'added new>s15', 'removed s14>s15', 'same s17>…']),
    );
  });

  test('a single step is shown instead of a box that says it is folded', () => {
    const before = aChain(['a', 'b', 'c', 'd']);
    const { scene } = choose(before, aChain(['new', 'a', 'b', 'c', 'd']));
    expect(boxes(scene)).toEqual(['added new', 'same a', 'same b', 'same c', 'same d']);
  });

  test('a step that is gone stands where it stood, with its arrows', () => {
    const { scene } = choose(aChain(['a', 'b', 'c']), aGraph(['a', 'c'], ['a>c']));
    expect(boxes(scene)).toEqual(['same a', 'removed b', 'same c']);
    expect(arrows(scene)).toEqual(['added a>c', 'removed a>b', 'removed b>c']);
  });

  test('an arrow that changed is a change of its own', () => {
    const steps = named(12);
    const { scene } = choose(aGraph(steps, arrowsAlong(steps)), aGraph(steps, [...arrowsAlong(steps), 's0>s11']));
    expect(boxes(scene)).toEqual([
      'same s0',
      'same s1',
      'same s2',
      '… 6 unchanged steps',
      'same s9',
      'same s10',
      'same s11',
    ]);
    expect(arrows(scene)).toContain('added s0>s11');
  });

  test('an arrow that only follows from the order of steps is not told twice', () => {
    const inOrder = (ids: string[]): Definition => ({
      ...aChain(ids),
      executionMode: 'sequential',
      edges: aChain(ids).edges.map((edge) => ({ ...edge, implied: true })),
    });
    const { scene } = choose(inOrder(['a', 'b', 'c']), inOrder(['a', 'c']));
    expect(arrows(scene)).toEqual(['same a>c', 'removed a>b', 'removed b>c']);
  });

  test('a container is open where something inside changed, closed with its size where nothing did', () => {
    const quiet = () => aContainer('quiet', 'loop', { steps: [aStep('q1'), aStep('q2')] });
    const busy = (inner: string[]) =>
      // biome-ignore lint/suspicious/noThenProperty: the format’s own word.
      aContainer('busy', 'condition', { then: inner.map((id) => aStep(id)), else: [aStep('e')] });
    const { scene } = choose(
      aGraph([quiet(), busy(['t'])], ['quiet>busy']),
      aGraph([quiet(), busy(['t', 'u'])], ['quiet>busy']),
    );
    expect(boxes(scene)).toEqual(['same quiet', 'same busy {then: same t, added u; else: same e}']);
  });

  test('a step that moved into a loop is there once, as moved; an arrow to it from outside ends at the loop', () => {
    const loop = (inner: string[]) => aContainer('loop', 'loop', { steps: inner.map((id) => aStep(id)) });
    const { scene } = choose(
      aGraph(['a', loop(['x']), 'check'], ['a>loop', 'loop>check']),
      aGraph(['a', loop(['x', 'check'])], ['a>loop', 'a>check']),
    );
    expect(boxes(scene)).toEqual(['same a', 'same loop {steps: same x, moved check}']);
    expect(arrows(scene)).toEqual(['changed a>loop']);
  });

  test('a step whose model alone changed is shown as changed beside what came', () => {
    const changed = aStep('b', { properties: { model: 'large' } });
    const { scene } = choose(aChain(['a', 'b']), aGraph(['a', changed, 'c'], ['a>b', 'b>c']));
    expect(boxes(scene)).toEqual(['same a', 'changed b', 'added c']);
  });
});

describe('however large the two are', () => {
  const everyThird = (ids: string[]) => ids.flatMap((id, at) => (at % 3 === 0 ? [id, `n${id}`] : [id]));

  test('beyond the limit only what changed is shown', () => {
    const ids = named(600);
    const changed = aChain(everyThird(ids).filter((_, at) => at % 2 === 1 || at % 8 === 0));
    const { scene } = choose(aChain(ids), changed);
    expect(countNodes(scene)).toBeLessThanOrEqual(MOST_NODES);
  });

  test('and of too many changes the first ones, the others in a box that counts them', () => {
    const ids = named(1_500);
    const { scene } = choose(aChain(ids), aChain(everyThird(ids)));
    expect(countNodes(scene)).toBeLessThanOrEqual(MOST_NODES);
    expect(boxes(scene).at(-1)).toMatch(/^… 1,\d{3} more steps, \d{3} changed$/);
  });

  test('arrows are left out, those that changed last', () => {
    const ids = named(60);
    const all = ids.flatMap((from) => ids.filter((to) => to > from).map((to) => `${from}>${to}`));
    const { scene, arrowsLeftOut } = choose(aGraph(ids, all), aGraph([...ids, 'new'], [...all, 's0>new']));
    expect(arrowsIn(scene)).toHaveLength(MOST_ARROWS);
    expect(arrowsLeftOut).toBe(all.length + 1 - MOST_ARROWS);
    expect(arrows(scene)).toContain('added s0>new');
  });
});

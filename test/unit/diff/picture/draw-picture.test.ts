import { describe, expect, test } from 'vitest';
import { diffDefinitions } from '../../../../src/domain/diff/diff-definitions.ts';
import { drawPicture, type Picture } from '../../../../src/domain/diff/picture/draw-picture.ts';
import type { Definition } from '../../../../src/domain/workflow/definition.ts';
import { aChain, aContainer, aGraph, aStep, named } from '../../../support/workflows/graphs.ts';

function draw(before: Definition | null, after: Definition): Picture | null {
  return drawPicture(before, after, diffDefinitions(before, after));
}

function drawn(before: Definition | null, after: Definition): Picture {
  const picture = draw(before, after);
  if (picture === null) throw new Error('Nothing was drawn.');
  return picture;
}

/** Every text that is drawn, as a reader sees it. */
function textsOf({ svg }: Picture): string[] {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) =>
    text.replace(/&(\w+|#39);/g, (_, name: string) => entities[name] ?? '?'),
  );
}

/** Places and sizes of all boxes, in pixels of the drawing. */
function boxesOf({ svg }: Picture) {
  const numbers = /<rect x="(-?[\d.]+)" y="(-?[\d.]+)" width="([\d.]+)" height="([\d.]+)" rx="(?:8|14)"/g;
  return [...svg.matchAll(numbers)].map((found) => {
    const [x = 0, y = 0, width = 0, height = 0] = found.slice(1).map(Number);
    return { x, y, right: x + width, bottom: y + height };
  });
}

describe('there is a picture', () => {
  test('where a step came, went or moved, or an arrow changed', () => {
    const before = aChain(['a', 'b']);
    expect(draw(before, aChain(['a', 'b', 'c']))).not.toBeNull();
    expect(draw(before, aGraph(['a']))).not.toBeNull();
    expect(draw(before, aGraph(['a', 'b']))).not.toBeNull();
    const loop = (inner: string[]) => aContainer('loop', 'loop', { steps: inner.map((id) => aStep(id)) });
    expect(draw(aGraph([loop(['x']), 'y']), aGraph([loop(['x', 'y'])]))).not.toBeNull();
  });

  test('and none where only prompts, models or names did, nothing did, or there is but one step', () => {
    const before = aChain(['a', 'b']);
    const other = aGraph(
      [aStep('a', { label: 'New name', properties: { model: 'large', systemPrompt: 'x' } }), 'b'],
      ['a>b'],
    );
    expect(draw(before, other)).toBeNull();
    expect(draw(before, aChain(['a', 'b']))).toBeNull();
    expect(draw(null, aGraph(['a']))).toBeNull();
    expect(draw(null, aGraph([]))).toBeNull();
  });

  test('of a first version of several steps', () => {
    expect(drawn(null, aChain(['a', 'b'])).alt).toBe(
      'The workflow as a graph. 2 steps added: ‘a’, ‘b’. 1 arrow added: ‘a’ to ‘b’.',
    );
  });
});

describe('what it says', () => {
  test('is the same in words, by what happened', () => {
    const before = aGraph([aStep('a'), aStep('b'), aStep('old')], ['a>b', 'b>old']);
    const { alt } = drawn(
      before,
      aGraph(['a', aStep('b', { properties: { model: 'large' } }), 'new'], ['a>b', 'b>new']),
    );
    expect(alt).toContain('1 step added: ‘new’.');
    expect(alt).toContain('1 step removed: ‘old’.');
    expect(alt).toContain('1 step changed: ‘b’.');
    expect(alt).toContain('1 arrow removed: ‘b’ to ‘old’.');
    expect(alt).toContain('1 unchanged step around them.');
  });

  test('never takes more than 2,000 characters, however long the names are', () => {
    const long = named(200).map((id) => aStep(id, { label: `${id} ${'👩‍👩‍👧‍👦'.repeat(60)}` }));
    const { alt } = drawn(null, aGraph(long));
    expect(alt.length).toBeLessThanOrEqual(2_000);
    expect(alt.isWellFormed()).toBe(true);
  });

  test('holds labels in every script, cut where they are long, and a legend of what is there', () => {
    const labels = [
      '根据紧急程度对工单进行分类并转发给相应的部门负责人处理',
      'تصنيف التذاكر',
      'סיכום',
      'x'.repeat(500),
    ];
    const steps = labels.map((label, at) => aStep(`s${at}`, { label }));
    const texts = textsOf(drawn(null, aGraph(steps)));
    expect(texts).toEqual(expect.arrayContaining(['تصنيف التذاكر', 'סיכום', 'added']));
    expect(texts.some((text) => text.startsWith('根据紧急') && !text.endsWith('…'))).toBe(true);
    expect(texts.filter((text) => text.endsWith('…'))).toHaveLength(2);
    expect(texts).not.toContain('removed');
  });

  test('lets no label out of its text', () => {
    const evil = '</text><script>alert(1)</script>&"\'\u0000\uFFFF\u202E';
    const { svg } = drawn(null, aGraph([aStep('a', { label: evil, kind: evil }), 'b']));
    for (const what of ['<script', '\u0000', '\uFFFF', '\u202E']) expect(svg).not.toContain(what);
    expect(svg).toContain('&lt;script&gt;');
    expect(svg.match(/<text /g)?.length).toBe(svg.match(/<\/text>/g)?.length);
  });
});

describe('how it is laid out', () => {
  test('is the same each time', () => {
    const make = () =>
      aGraph(
        named(20),
        named(19).map((id, at) => `${id}>s${(at * 7) % 20}`),
      );
    expect(drawn(null, make())).toEqual(drawn(null, make()));
  });

  test('covers no box by another, whether it is long, wide, loose or full of circles', () => {
    const ids = named(40);
    const shapes = [
      aChain(ids),
      aGraph(
        ids,
        ids.slice(1).map((id) => `s0>${id}`),
      ),
      aGraph(ids),
      aGraph(
        ids,
        ids.flatMap((id, at) => [`${id}>s${(at + 1) % 40}`, `${id}>s${(at * 3) % 40}`]),
      ),
    ];
    for (const shape of shapes) {
      const boxes = boxesOf(drawn(null, shape));
      expect(boxes).toHaveLength(40);
      for (const [at, a] of boxes.entries())
        for (const b of boxes.slice(at + 1))
          expect(a.right <= b.x || b.right <= a.x || a.bottom <= b.y || b.bottom <= a.y).toBe(true);
    }
  });

  test('stays narrow enough for a phone: beside each other stand but three or four, whatever the shape', () => {
    const wide = aGraph(
      named(30),
      named(30)
        .slice(1)
        .map((id) => `s0>${id}`),
    );
    for (const shape of [wide, aChain(named(30)), aGraph(named(30))]) {
      const { width, svg } = drawn(null, shape);
      expect(width).toBeLessThanOrEqual(1_350);
      expect(svg).toContain(`width="${width}"`);
    }
  });

  test('is bounded in size and arrows whatever comes', () => {
    const ids = named(300);
    const all = ids.flatMap((id, at) => named(12).map((_, nth) => `${id}>s${(at * 7 + nth * 13) % 300}`));
    for (const shape of [
      aGraph(ids, all),
      aChain(ids),
      aGraph(
        ids,
        ids.slice(1).map((id) => `s0>${id}`),
      ),
    ]) {
      const { width, height, svg } = drawn(null, shape);
      expect(width).toBeLessThanOrEqual(2_000);
      expect(height).toBeLessThanOrEqual(10_000);
      expect(width * height).toBeLessThanOrEqual(10_000_000);
      expect(svg.length).toBeLessThan(600_000);
    }
  });

  test('draws what is nested twenty deep', () => {
    const nest = (depth: number): ReturnType<typeof aStep> =>
      depth === 0 ? aStep('core') : aContainer(`c${depth}`, 'loop', { steps: [nest(depth - 1)] });
    expect(textsOf(drawn(null, aGraph([nest(19)])))).toContain('core');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlug, slugify } from '../../../src/domain/workflow/slug.ts';
import { anyText } from '../../support/workflows/arbitraries.ts';

describe('A slug', () => {
  it.each([
    ['Summarise Flow', 'summarise-flow'],
    ['  Être à l’heure!! ', 'etre-a-l-heure'],
    ['01 - Alert Triage', 'workflow-01-alert-triage'],
    ['春联生成器', 'workflow'],
    ['🚀', 'workflow'],
    ['', 'workflow'],
    ['a'.repeat(80), 'a'.repeat(63)],
    [`${'a'.repeat(62)} b`, 'a'.repeat(62)],
  ])('is made of %j', (name, slug) => {
    expect(slugify(name)).toBe(slug);
  });

  it.each(['a', 'a-b', 'summarize-flow', 'v2'])('may be %j', (slug) => expect(isSlug(slug)).toBe(true));
  it.each(['', '2a', '-a', 'a-', 'A', 'a_b', 'a b', 'a'.repeat(64), 'ä'])('may not be %j', (slug) =>
    expect(isSlug(slug)).toBe(false),
  );

  it('can be made of any name, and making it again changes nothing', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        expect(isSlug(slugify(name))).toBe(true);
        expect(slugify(slugify(name))).toBe(slugify(name));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Filled, fillDocument } from '../../../src/domain/settings/fill.ts';
import type { Settings, VariableValue } from '../../../src/domain/settings/settings.ts';
import type { JsonObject } from '../../../src/domain/workflow/json.ts';

function fill(document: JsonObject, settings: Settings, as: 'value' | 'text' | null = 'value'): Filled {
  return fillDocument(document, settings, () => as);
}

describe('documents of any shape', () => {
  const names = Array.from({ length: 1_000 }, (_, at) => `VAR_${at}`);
  const value = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom(
      '"',
      "'",
      '\n',
      '\\',
      ': ',
      '- x',
      '#',
      '${VAR_1}',
      '$${VAR_2}',
      '{{ env.VAR_3 }}',
      '${',
      '${VAR_4:',
      '}',
      '',
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
  );
  const thousand = fc
    .array(value, { minLength: 1_000, maxLength: 1_000 })
    .map((values) => Object.fromEntries(names.map((name, at) => [name, values[at] ?? ''])));
  const plain = fc.string({ unit: 'grapheme', maxLength: 15 }).map((text) => text.replaceAll(/[${}]/g, ''));
  /** A text, and what it is with the thousand variables. */
  const part = fc.oneof(
    plain.map((text) => ({ text, filled: () => text })),
    fc
      .constantFrom('${größe}', '${ÜBER}', '${Name}', '${{ env.VAR_1 }}', '{{ inputs.VAR_1 }}', '${VAR_1.x}')
      .map((text) => ({ text, filled: () => text })),
    fc.nat({ max: 999 }).map((at) => ({ text: `\${VAR_${at}}`, filled: (held: Held) => String(held[`VAR_${at}`]) })),
    fc
      .nat({ max: 999 })
      .map((at) => ({ text: `{{ env.VAR_${at} }}`, filled: (held: Held) => String(held[`VAR_${at}`]) })),
    fc
      .tuple(fc.nat({ max: 999 }), plain)
      .map(([at, text]) => ({ text: `\${NONE_${at}:"${escaped(text)}"}`, filled: () => text })),
    fc.tuple(fc.nat({ max: 999 }), fc.integer({ min: 1, max: 4 })).map(([at, depth]) => ({
      text: nestedDefault(`\${VAR_${at}}`, depth),
      filled: (held: Held) => String(held[`VAR_${at}`]),
    })),
  );
  type Held = Readonly<Record<string, VariableValue>>;

  function escaped(text: string): string {
    return text.replaceAll(/["\\]/g, '\\$&');
  }

  function nestedDefault(inner: string, depth: number): string {
    return depth === 0 ? inner : `\${NONE_${depth}:"${escaped(nestedDefault(inner, depth - 1))}"}`;
  }

  it('are filled once, whatever their thousand variables hold', () => {
    fc.assert(
      fc.property(
        thousand,
        fc.array(fc.array(part, { minLength: 2, maxLength: 6 }), { maxLength: 6 }),
        (variables, texts) => {
          const document = { list: texts.map((parts) => `. ${parts.map(({ text }) => text).join(' ')}`) };
          const expected = {
            list: texts.map((parts) => `. ${parts.map(({ filled }) => filled(variables)).join(' ')}`),
          };
          const answer = fill(document, { variables });
          expect(answer.problems).toEqual([]);
          expect(answer.document).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('stay valid JSON and YAML, as they are filled once parsed', () => {
    fc.assert(
      fc.property(value, (held) => {
        const { document } = fill({ a: { b: ['x ${V}'] }, c: '${V}' }, { variables: { V: held } });
        expect(JSON.parse(JSON.stringify(document))).toEqual({
          a: { b: [`x ${held}`] },
          c: Object.is(held, -0) ? 0 : held,
        });
      }),
    );
  });

  it('list every unknown name, and are never filled with nothing for one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 40 }),
        fc.nat({ max: 39 }),
        (asked, knownCount) => {
          const variables = Object.fromEntries(asked.slice(0, knownCount).map((name) => [name, 'x']));
          const { problems } = fill({ texts: asked.map((name) => `<\${${name}}>`) }, { variables });
          expect(problems.map(({ name }) => name)).toEqual(asked.slice(knownCount));
          expect(problems.every(({ kind }) => kind === 'unknown')).toBe(true);
        },
      ),
    );
  });

  it('fill or tell why, whatever is written in them', () => {
    const crumbs = fc.constantFrom(
      '${',
      '$',
      '{',
      '}',
      '{{',
      '}}',
      ':',
      '"',
      '\\',
      'V',
      'NONE',
      ' ',
      'env.',
      '${V}',
      '$${',
      '//',
      'masked~',
    );
    fc.assert(
      fc.property(fc.array(crumbs, { maxLength: 25 }), (parts) => {
        const { document, problems } = fill({ text: parts.join('') }, { variables: { V: 'v' } });
        if (problems.length > 0) return;
        // Whatever is left of `${V}` was escaped.
        const escapes = parts.join('').split('$${').length - 1;
        expect(String(document['text']).split('${V}').length - 1).toBeLessThanOrEqual(escapes);
      }),
      { numRuns: 3_000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Piece, parsePlaceholders } from '../../../src/domain/settings/placeholders.ts';

/** Pieces as short words: `NAME`, `NAME=default`, `NAME?on:off`, and texts in brackets. */
function shown(text: string): string {
  return parsePlaceholders(text).pieces.map(word).join(' ');
}

function word(piece: Piece): string {
  if (piece.kind === 'text') return `[${piece.text}]`;
  const inside = (part: { pieces: readonly Piece[]; quoted: boolean }) =>
    `${part.quoted ? 'quoted' : ''}(${part.pieces.map(word).join(' ')})`;
  if (piece.kind === 'flag') return `${piece.name}?${inside(piece.on)}:${inside(piece.off)}`;
  return piece.fallback === undefined ? piece.name : `${piece.name}=${inside(piece.fallback)}`;
}

describe('what of a text is a placeholder', () => {
  it.each([
    ['a ${A} b', '[a ] A [ b]'],
    ['${A_1:x y}', 'A_1=([x y])'],
    ['${A:}', 'A=()'],
    ['${F:yes:no}', 'F?([yes]):([no])'],
    ['${F::no}', 'F?():([no])'],
    ['${F:"a:b":"c}d"}', 'F?quoted([a:b]):quoted([c}d])'],
    ['${URL:"http://x"}', 'URL=quoted([http://x])'],
    ['${A:"say \\"hi\\" \\\\ \\n"}', 'A=quoted([say "hi" \\ \\n])'],
    ['${A:say "hi"}', 'A=([say "hi"])'],
    ['${A:${B}}', 'A=(B)'],
    ['${A:x ${B} y}', 'A=([x ] B [ y])'],
    ['${A:"${B:\\"http://x\\"}"}', 'A=quoted(B=quoted([http://x]))'],
    ['${A:{{ env.B }}}', 'A=(B)'],
    ['${A:{{ inputs.x }}}', 'A=([{{ inputs.x }}])'],
    ['{{env.A}}{{ env.B }}{{  env.C\n}}', 'A B C'],
  ])('reads %s', (text, expected) => {
    expect(parsePlaceholders(text).problems).toEqual([]);
    expect(shown(text)).toBe(expected);
  });

  it.each([
    '${a} ${A.b} ${A + 1} ${größe} ${NAMÉ} ${ A } ${} $A ${1A}',
    'const t = `${items.map((i) => `${i.name}`)}`;',
    '${{ env.A }} and ${{ secrets.B }}',
    '{{ inputs.A }} {{ env.a }} {{ env.A | upper }} {{ env }} {{',
    '${',
    '${a',
    'a } b }} $ {',
  ])('leaves %s as it is', (text) => {
    expect(parsePlaceholders(text)).toEqual({ pieces: [{ kind: 'text', text }], problems: [] });
  });

  it.each([
    ['$${A}', '[${A}]'],
    ['$${', '[${]'],
    ['$$${A}', '[$${A}]'],
    ['$${A:b', '[${A:b]'],
    ['${A:$${B}}', 'A=([${B}])'],
    ['$${A} ${A}', '[${A} ] A'],
  ])('takes $${ in %s for a literal ${', (text, expected) => {
    expect(parsePlaceholders(text).problems).toEqual([]);
    expect(shown(text)).toBe(expected);
  });

  it.each([
    ['${URL:http://x}', '${URL:"http://x"}'],
    ['${URL:http://x:80/a}', '${URL:"http://x:80/a"}'],
    ['${T:10:30:00}', '${T:"10:30:00"}'],
    ['${A:${B:c}}', '${A:"${B:c}"}'],
    ['${A:{"a": 1}}', '${A:"{\\"a\\": 1}"}'],
    ['${A:"http://x}', '${A:"http://x"}'],
    ['${A:5" wide}', '${A:"5\\" wide"}'],
    ['${A:"x" y}', '${A:"\\"x\\" y"}'],
  ])('refuses %s and shows the quoted form', (text, form) => {
    const { problems } = parsePlaceholders(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(form);
  });

  it('shows a form that is read again', () => {
    for (const text of ['${URL:http://x:80/a}', '${A:{"a": 1}}', '${A:C:\\"x}', '${A:5" wide}']) {
      const form = parsePlaceholders(text).problems[0]?.match(/(?:quotes: |write )(.*)$/s)?.[1] ?? '';
      expect(parsePlaceholders(form).problems, form).toEqual([]);
      expect(shown(form)).toMatch(/^[A-Z]+=quoted/);
    }
  });

  it.each(['${A', 'x ${A:b', '${A:${B}', '${A:"b"', '${A and more', '${A:{{ env.B }'])(
    'refuses %s, which has no end',
    (text) => {
      const { problems } = parsePlaceholders(text);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/close it with }.*\$\$\{/);
    },
  );

  it('refuses {{ env.NAME without an end', () => {
    expect(parsePlaceholders('x {{ env.A').problems).toEqual(['{{ env.A has no end; close it with }}']);
  });

  it('takes ten placeholders in each other, and no more', () => {
    // Ten stand in quotes, as each holds a colon.
    const quoted = (depth: number): string =>
      depth === 1 ? '${A}' : `\${A:"${quoted(depth - 1).replaceAll(/["\\]/g, '\\$&')}"}`;
    expect(parsePlaceholders(quoted(10)).problems).toEqual([]);
    expect(parsePlaceholders(quoted(11)).problems).toEqual(['${A…} stands deeper than 10 placeholders in each other']);
  });

  it('goes on behind what is wrong, so that all of it is told', () => {
    expect(parsePlaceholders('${A:b:c:d} ${E:f:g:h}').problems).toHaveLength(2);
  });

  it('tells of a few problems of one text, and of each once', () => {
    expect(parsePlaceholders('${A:b:c:d} '.repeat(100)).problems).toHaveLength(1);
    expect(parsePlaceholders(Array.from({ length: 100 }, (_, at) => `\${A${at}:b:c:d}`).join()).problems).toHaveLength(
      10,
    );
  });
});

describe('any text at all', () => {
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
    'A',
    'NAME',
    'a',
    'é',
    '😀',
    ' ',
    'env.',
    '\n',
    '${A}',
    '$${',
    '//',
    'http',
  );

  it('is read, and what is text of it comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(crumbs, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const { pieces, problems } = parsePlaceholders(text);
        const isPlain = pieces.every(({ kind }) => kind === 'text') && problems.length === 0;
        if (isPlain)
          expect(pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')).toBe(
            text.replaceAll('$${', '${'),
          );
      }),
      { numRuns: 3_000 },
    );
  });

  it('says what it means when its placeholders are escaped', () => {
    fc.assert(
      fc.property(fc.array(crumbs, { maxLength: 20 }), (parts) => {
        const text = parts.join('').replaceAll('{{', '{').replaceAll('$$', '$');
        const escaped = text.replaceAll('${', () => '$${');
        expect(parsePlaceholders(escaped).problems).toEqual([]);
        expect(
          parsePlaceholders(escaped)
            .pieces.map((piece) => (piece.kind === 'text' ? piece.text : '!'))
            .join(''),
        ).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });
});

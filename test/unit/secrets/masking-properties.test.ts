import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, isScalar, type Scalar, visit } from 'yaml';
import { isList, isObject, type Json, type JsonObject } from '../../../src/domain/workflow/json.ts';
import { MASK } from '../../../src/domain/workflow/masks.ts';
import { maskSource } from '../../../src/domain/workflow/secrets/mask-source.ts';
import { parseSource } from '../../../src/domain/workflow/source/parse-source.ts';
import { SAMPLES } from '../../support/documents/secret-samples.ts';
import { testHash } from '../../support/documents/with-test-documents.ts';

/** Twelve characters or more, which nobody writes by chance, with what is awkward in JSON and YAML. */
const secretWord = fc
  .tuple(
    fc.stringMatching(/^[A-Za-z0-9]{6}$/),
    fc.string({
      unit: fc.constantFrom(...'aZ09"\'\\#:-{}[]&*!|>%@`,?=é😀 '.split(' ').join('')),
      minLength: 4,
      maxLength: 20,
    }),
    fc.stringMatching(/^[a-z][0-9][A-Z]$/),
  )
  .map(([head, middle, tail]) => `${head}${middle.replaceAll(/[{}[\]<>]/g, '_')}${tail}`);
const known = fc.constantFrom(...Object.values(SAMPLES));
const prose = fc.string({ unit: fc.constantFrom(...'abc def\n\t"\'\\:#é-'), maxLength: 60 });
const plainKey = fc.stringMatching(/^[b-j]{1,6}$/);
const tellingKey = fc.constantFrom('api_key', 'password', 'clientSecret', 'X-Api-Key', 'auth_token');

/** A document, and the secrets in it: under telling names, and well-known ones in running text. */
const documents: fc.Arbitrary<{ document: JsonObject; secrets: string[] }> = fc
  .record({
    named: fc.array(fc.tuple(tellingKey, secretWord), { maxLength: 3 }),
    inText: fc.array(fc.tuple(prose, known, prose), { maxLength: 3 }),
    rest: fc.dictionary(
      plainKey,
      fc.oneof(prose, fc.integer(), fc.boolean(), fc.constant(null), fc.array(prose, { maxLength: 3 })),
      { noNullPrototype: true },
    ),
  })
  .map(({ named, inText, rest }) => ({
    document: {
      rest: rest as JsonObject,
      named: named.map(([key, secret]) => ({ [key]: secret })),
      texts: inText.map(([before, secret, after]) => `${before} ${secret} ${after}`),
      // The same again where nothing tells.
      echoes: named.map(([, secret]) => `see ${secret} there`),
    },
    secrets: [...named.map(([, secret]) => secret), ...inText.map(([, secret]) => secret)],
  }));

const STYLES: Scalar.Type[] = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'];

/** The document as somebody may have written it: JSON with or without escapes, YAML in every style. */
const writings = fc.oneof(
  fc.constant((document: JsonObject) => JSON.stringify(document)),
  fc.constant((document: JsonObject) =>
    JSON.stringify(document, null, 2).replace(
      /[aé]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  ),
  fc
    .tuple(fc.array(fc.constantFrom(...STYLES), { minLength: 1, maxLength: 5 }), fc.constantFrom(0, 30, 80))
    .map(([styles, lineWidth]) => (document: JsonObject) => {
      const written = new Document(document);
      let turn = 0;
      visit(written, {
        Scalar(key, node) {
          const style = styles[turn++ % styles.length];
          if (key !== 'key' && isScalar(node) && typeof node.value === 'string' && style !== undefined)
            node.type = style;
        },
      });
      return written.toString({ lineWidth });
    }),
);

/** Both alike but for masks in texts. Where a text has none, it is the same. */
function expectSameStructure(is: Json, was: Json): void {
  if (isObject(was)) {
    expect(isObject(is) ? Object.keys(is) : is).toEqual(Object.keys(was));
    for (const key of Object.keys(was)) expectSameStructure((is as JsonObject)[key] ?? null, was[key] ?? null);
  } else if (isList(was)) {
    expect(isList(is) ? is.length : is).toBe(was.length);
    for (const [index, item] of was.entries()) expectSameStructure((is as readonly Json[])[index] ?? null, item);
  } else if (typeof is === 'string' && is.match(MASK) !== null) expect(typeof was).toBe('string');
  else expect(is).toEqual(was);
}

const mask = (source: string) => maskSource(source, testHash);
const parse = (source: string) => parseSource(source).document;
const parseOrNull = (source: string) => {
  try {
    return structuredClone(parse(source));
  } catch {
    return null;
  }
};

describe('masking any document', () => {
  it('leaves no secret in it, and the rest of it as it was', async () => {
    await fc.assert(
      fc.asyncProperty(documents, writings, async ({ document, secrets }, write) => {
        const source = write(document);
        // A writer's mistakes are not what this is about.
        fc.pre(isDeepStrictEqual(parseOrNull(source), document));
        const { source: masked } = await mask(source);
        const text = JSON.stringify(parse(masked));
        for (const secret of secrets) {
          expect(masked).not.toContain(secret);
          expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
        }
        expectSameStructure(parse(masked), parse(source));
      }),
      { numRuns: 400, verbose: 0 },
    );
  });

  it('masks the same the same, and nothing that is masked', async () => {
    await fc.assert(
      fc.asyncProperty(documents, writings, async ({ document }, write) => {
        const source = write(document);
        const once = await mask(source);
        expect(await mask(source)).toEqual(once);
        expect(await mask(once.source)).toEqual({ source: once.source, secrets: [], missingLines: [] });
      }),
      { numRuns: 200 },
    );
  });

  it('takes any text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.constantFrom('', '{"a": "', 'password: ', '---\n'),
        async (text, before) => {
          const { source, secrets } = await mask(before + text);
          if (secrets.length === 0) expect(source).toBe(before + text);
        },
      ),
      { numRuns: 500 },
    );
  });
});

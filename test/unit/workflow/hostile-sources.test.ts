import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash, logicHash } from '../../../src/domain/workflow/hashes.ts';
import { InvalidDefinitionError, readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { anyText } from '../../support/workflows/arbitraries.ts';
import { ticketFlow } from '../../support/workflows/ticket-flow.ts';

/** Bits of YAML and JSON that mean something, in no order. */
const fragments = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'apiVersion: towpath/v1',
        'steps:',
        '- id: a',
        'type: llm',
        'loop:',
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '"',
        "'",
        '|',
        '>-',
        '---',
        '...',
        '&a',
        '*a',
        '<<: *a',
        '!!map',
        '!x',
        '? ',
        '\n',
        '\n  ',
        '\n\t',
        '%YAML 1.2',
        '#',
        '\u0000',
        '\uFEFF',
        '\u2028',
        '.inf',
        '0x1F',
        '1e999',
        '__proto__: 1',
      ),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

/** The ticket flow with values of any kind put anywhere. */
const damaged = fc
  .array(fc.tuple(fc.nat(), fc.oneof(fc.jsonValue(), fc.constantFrom('${X:1}', -1, 1e9, '', [], {}, null))), {
    maxLength: 5,
  })
  .map((damages) => {
    const document = ticketFlow();
    const places: [Record<string, unknown>, string][] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const key of Object.keys(value)) {
        places.push([value as Record<string, unknown>, key]);
        visit((value as Record<string, unknown>)[key]);
      }
    };
    visit(document);
    for (const [at, value] of damages) {
      const [holder, key] = places[at % places.length] ?? [document, 'name'];
      holder[key] = value;
    }
    return JSON.stringify(document);
  });

describe('Any source at all', () => {
  it.each([
    ['text', anyText],
    ['bits of YAML and JSON', fragments],
    ['JSON', fc.json({ maxDepth: 6 })],
    ['a damaged definition', damaged],
  ])('is read or refused with reasons, and nothing else: %s', (_what, sources) => {
    fc.assert(
      fc.property(sources, (source) => {
        try {
          const definition = readDefinition(source);
          expect(contentHash(definition.document)).toMatch(/^[0-9a-f]{64}$/);
          expect(logicHash(definition)).toMatch(/^[0-9a-f]{64}$/);
        } catch (error) {
          if (!(error instanceof InvalidDefinitionError)) throw error;
          expect(error.problems.length).toBeGreaterThan(0);
          expect(error.userMessage.length).toBeLessThan(3_000);
          for (const { message } of error.problems) expect(message).not.toBe('');
        }
      }),
      { numRuns: 200 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { makeSchemaChecks } from '../../../src/domain/suite/schema/schema-check.ts';
import type { Json } from '../../../src/domain/workflow/json.ts';

function checkOf(schema: Json) {
  const made = makeSchemaChecks().make(schema);
  if ('problems' in made) throw new Error(JSON.stringify(made.problems));
  return made.check;
}

function problemOf(schema: Json): string {
  const made = makeSchemaChecks().make(schema, ['value']);
  return 'problems' in made ? (made.problems[0]?.message ?? '') : 'none';
}

describe('a JSON schema of an assertion', () => {
  it('says where a value is not as it should be', () => {
    const check = checkOf({
      type: 'object',
      properties: { queue: { enum: ['billing', 'tech'] } },
      required: ['queue'],
    });
    expect(check({ queue: 'billing' })).toBeNull();
    expect(check({ queue: 'sales' })).toEqual({ fault: expect.stringContaining('/queue') });
    expect(check({})).toEqual({ fault: expect.stringContaining('queue') });
  });

  it('follows references within itself, and checks formats', () => {
    const check = checkOf({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: { mail: { type: 'string', format: 'email' } },
      type: 'array',
      items: { $ref: '#/$defs/mail' },
    });
    expect(check(['a@example.com'])).toBeNull();
    expect(check(['no mail'])).toEqual({ fault: expect.stringContaining('/0') });
  });

  it('reads draft 7 where the schema says so', () => {
    const check = checkOf({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'array',
      items: [{ type: 'string' }, { type: 'number' }],
    });
    expect(check(['a', 1])).toBeNull();
    expect(check([1, 'a'])).not.toBeNull();
  });

  it('matches hostile patterns on hostile texts in bounded steps', () => {
    const check = checkOf({ type: 'object', properties: { name: { type: 'string', pattern: '^(a+)+$' } } });
    expect(check({ name: `${'a'.repeat(40_000)}!` })).toEqual({ fault: expect.stringContaining('pattern') });
    expect(check({ name: 'a'.repeat(9_000_000) })).toEqual({ tooMuch: expect.stringContaining('too long') });
  });

  it('finds repeated items without comparing each with each', () => {
    const check = checkOf({ type: 'array', uniqueItems: true });
    expect(
      check([
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toEqual({ fault: expect.stringContaining('duplicate') });
    expect(check(Array.from({ length: 20_000 }, (_, index) => ({ index })))).toBeNull();
  });

  it('does not look into a value with too many parts', () => {
    expect(checkOf(true)(Array.from({ length: 60_000 }, () => 1))).toEqual({ tooMuch: expect.any(String) });
  });

  it.each<[string, Json]>([
    ['another address', { $ref: 'https://example.com/schema.json' }],
    ['a file', { $ref: 'file:///etc/passwd' }],
    ['what is not there', { $ref: '#/$defs/none' }],
  ])('refuses a reference to %s, and fetches nothing', (_what, schema) => {
    expect(problemOf(schema)).toContain('nothing is fetched');
  });

  it('refuses references in a circle, and ones that double until nothing could be checked', () => {
    expect(problemOf({ properties: { child: { $ref: '#' } } })).toContain('this very schema');
    const circle = { $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } }, $ref: '#/$defs/a' };
    expect(problemOf(circle)).toContain('circle');
    const levels = Object.fromEntries(
      Array.from({ length: 30 }, (_, level) => [
        `l${level}`,
        level === 29
          ? { type: 'string' }
          : { anyOf: [{ $ref: `#/$defs/l${level + 1}` }, { $ref: `#/$defs/l${level + 1}` }] },
      ]),
    );
    expect(problemOf({ $defs: levels, $ref: '#/$defs/l0' })).toContain('2,000');
  });

  it.each<[string, Json]>([
    ['an unknown type', { type: 'text' }],
    ['a pattern that looks ahead', { type: 'string', pattern: '(?=a)b' }],
    ['a list', [1]],
    ['an id', { $id: 'https://example.com/x', type: 'string' }],
  ])('refuses %s', (_what, schema) => {
    expect(problemOf(schema)).not.toBe('none');
  });

  it('takes properties that are called like keywords', () => {
    expect(problemOf({ type: 'object', properties: { id: { type: 'string' }, $ref: { type: 'string' } } })).toBe(
      'none',
    );
  });

  it('keeps the patterns of several schemas apart, and takes no end of different ones', () => {
    const schemas = makeSchemaChecks();
    const check = (pattern: string, value: string) => {
      const made = schemas.make({ type: 'string', pattern });
      return 'problems' in made ? made.problems[0]?.message : made.check(value);
    };
    expect(check('^a$', 'a')).toBeNull();
    expect(check('^b$', 'a')).not.toBeNull();
    expect(check('^a$', 'b')).not.toBeNull();
    for (let count = 0; count < 198; count++) expect(check(`^${count}$`, String(count))).toBeNull();
    expect(check('^one more$', 'one more')).toContain('200');
    expect(check('^a$', 'a')).toBeNull();
  });
});

import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formTexts } from '../../../src/domain/settings/form/form-fields.ts';
import { mergeTexts } from '../../../src/domain/settings/form/merge-texts.ts';
import { type EnteredTexts, readForm } from '../../../src/domain/settings/form/read-form.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { settingsSchema } from '../../../src/domain/settings/settings-schema.ts';

const text = fc.oneof(
  fc.constantFrom(
    'on',
    'true',
    '5',
    '-0.5',
    '1e3',
    '',
    ' x',
    'a=b',
    '"q"',
    '“smart”',
    '# no',
    '- a',
    '{a: 1}',
    'null',
    '~',
  ),
  fc.string({ unit: 'binary' }),
  fc.string(),
);
const value = fc.oneof(text, fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/);
const key = fc.oneof(fc.constantFrom('slack', 'my crm', 'a: b', '"x"', '#', '5', 'true'), fc.string({ minLength: 1 }));
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const choice = {
  provider: maybe(text),
  model: maybe(text),
  modelParameters: maybe(fc.dictionary(key, value, { maxKeys: 4 })),
};
const source = fc.oneof(
  fc.record({ env: name }),
  fc.record({ file: text.map((path) => `/run/${path}`) }),
  fc.record({ vault: fc.record({ path: fc.constantFrom('kv/crm', 'secret/a.b'), key: text }) }),
);
const server = fc.record({
  url: text.map((rest) => `https://mcp.example.com/${rest}`),
  transport: fc.constantFrom('http' as const, 'sse' as const, 'stdio' as const),
});
const cost = maybe(fc.double({ min: 0, max: 1_000_000, noNaN: true }));
const file = fc.record({
  ...choice,
  variables: maybe(fc.dictionary(name, value, { maxKeys: 6 })),
  secrets: maybe(fc.dictionary(name, source, { maxKeys: 4 })),
  steps: maybe(fc.dictionary(key, fc.record(choice), { maxKeys: 3 })),
  limits: maybe(
    fc.record({
      timeout: maybe(fc.integer({ min: 1_000, max: 90 * 86_400_000 }).map((milliseconds) => `${milliseconds}ms`)),
      ...{ retries: maybe(fc.integer({ min: 0, max: 100 })), concurrency: maybe(fc.integer({ min: 1, max: 10_000 })) },
      ...{ costPerRun: cost, costPerDay: cost },
    }),
  ),
  mcpServers: maybe(fc.dictionary(key, server, { maxKeys: 3 })),
  dataSources: maybe(fc.dictionary(key, fc.dictionary(key, value, { maxKeys: 3 }), { maxKeys: 3 })),
  runner: maybe(text),
  channel: maybe(fc.constantFrom('C0STAGING', 'G0PRIVATE')),
});

/** Whatever one layer may hold, checked as a file is; parts that say nothing left out. */
const settings: fc.Arbitrary<Settings> = file.map((layer) => {
  const parts = Object.entries(layer).filter(
    ([part, held]) =>
      held !== undefined &&
      settingsSchema({ layer: 'workflow' }).safeParse(JSON.parse(JSON.stringify({ [part]: held }))).success,
  );
  const read = settingsSchema({ layer: 'workflow' }).safeParse(JSON.parse(JSON.stringify(Object.fromEntries(parts))));
  return withoutEmpty(read.success ? read.data : {});
});

function withoutEmpty(held: Settings): Settings {
  return Object.fromEntries(Object.entries(held).filter(([, part]) => canonicalize(part) !== '{}'));
}

function readAs(now: Settings, entered: EnteredTexts, layer: 'environment' | 'workflow' = 'workflow'): Settings {
  const read = readForm(layer, now, entered);
  if (!read.ok) throw new Error(JSON.stringify([...read.problems]));
  return read.settings;
}
const problemsIn = (entered: EnteredTexts, now: Settings = {}) => {
  const read = readForm('environment', now, entered);
  return read.ok ? {} : Object.fromEntries(read.problems);
};

describe('a form of settings', () => {
  test('that is submitted as it was shown changes nothing, whatever became of line ends', () => {
    fc.assert(
      fc.property(settings, (now) => {
        expect(readAs(now, formTexts(now))).toEqual(now);
        const shown = Object.entries(formTexts(now)).map(([field, words]) => [
          field,
          `${words.replaceAll('\n', '\r\n')}\n `,
        ]);
        expect(readAs(now, Object.fromEntries(shown))).toEqual(now);
      }),
    );
  });

  test('says everything of the settings: read without them, its texts are the same settings', () => {
    let held = 0;
    fc.assert(
      fc.property(settings, (now) => {
        held += Object.keys(now).length;
        expect(canonicalize(readAs({}, formTexts(now)))).toBe(canonicalize(now));
      }),
      { numRuns: 1_000 },
    );
    expect(held).toBeGreaterThan(2_000);
  });

  test('changes what was entered and nothing else', () => {
    const now: Settings = {
      variables: { MODEL: 'claude-haiku', BIG: 1e300, N: 5 },
      masked: { 'steps[0].task': 'CRM_KEY' },
      limits: { timeout: 90_000, retries: 2 },
      runner: 'k8s',
    };
    expect(
      readAs(now, { variables: `${formTexts(now).variables}\nTEAM = my team`, retries: '', costPerDay: '$20.5' }),
    ).toEqual({
      ...now,
      variables: { ...now.variables, TEAM: 'my team' },
      limits: { timeout: 90_000, costPerDay: 20.5 },
    });
    expect(readAs(now, { variables: '', timeout: '', retries: ' ', runner: '' })).toEqual({ masked: now.masked });
  });

  test.each([
    ['N=5', { N: 5 }],
    ['N="5"', { N: '5' }],
    ['N=“a b”', { N: 'a b' }],
    ['FLAG=true', { FLAG: true }],
    ['FLAG=on', { FLAG: 'on' }],
    ['ID=12345678901234567891', { ID: '12345678901234567891' }],
    ['URL=https://x/?a=b', { URL: 'https://x/?a=b' }],
    ['E=""', { E: '' }],
    ['A=1\n\n  B=2', { A: 1, B: 2 }],
  ])('reads %s as the variable it looks like', (entered, variables) => {
    expect(readAs({}, { variables: entered })).toEqual({ variables });
  });

  test.each([
    [{ variables: 'MODEL' }, 'variables', 'line 1: has to be NAME=value'],
    [{ variables: 'A=1\nA=2' }, 'variables', 'line 2: its name stands on line 1 as well; keep one of them'],
    [{ variables: 'A=' }, 'variables', 'line 1: has no value; write "" for an empty one, or take the line out'],
    [{ variables: 'A="x' }, 'variables', 'line 1: its quotes have to be closed, with nothing after them'],
    [
      { variables: 'model=x' },
      'variables',
      'model has to begin with a capital letter and hold only capital letters, digits and _, 128 characters at most',
    ],
    [
      { secrets: 'KEY hunter2hunter2' },
      'secrets',
      'line 1: has to say where the secret comes from: NAME env:VARIABLE, NAME file:/path or NAME vault:MOUNT/NAME#KEY. Never write the secret itself',
    ],
    [
      { secrets: 'KEY env:DATABASE_URL' },
      'secrets',
      'KEY.env is a variable of Towpath’s own; give the secret one of its own, such as STAGING_OPENAI_KEY',
    ],
    [
      { timeout: '5 minutes' },
      'timeout',
      'has to be a duration with a unit, such as 30s, 5m or 1h, between 1s and 90d',
    ],
    [{ retries: 'two' }, 'retries', 'has to be a number'],
    [{ retries: '1.5' }, 'retries', 'has to be a whole number'],
    [{ concurrency: '0' }, 'concurrency', 'is less than the least allowed, 1'],
    [
      { mcpServers: 'slack' },
      'mcpServers',
      'line 1: has to be ALIAS ADDRESS TRANSPORT, such as: slack https://mcp.example.com http',
    ],
    [
      { mcpServers: 'slack ftp://x' },
      'mcpServers',
      'slack.url has to be an http or https address without a user name or password in it',
    ],
    [{ steps: 'a:\n  modle: x' }, 'steps', 'a there is no “modle” here; did you mean “model”?'],
    [{ steps: 'a: [' }, 'steps', expect.stringMatching(/^line 1: is not YAML/)],
    [{ modelParameters: 'temperature 0.2' }, 'modelParameters', 'has to be a mapping (key: value)'],
  ])('%j is refused at its field, in the words of the file', (entered, field, problem) => {
    expect(problemsIn(entered)).toEqual({ [field]: [problem] });
  });

  test('a value that looks like a secret is refused with the line to write instead, and is not repeated', () => {
    const secret = 'sk-ant-api03-0123456789abcdef0123456789';
    const { variables } = problemsIn({ variables: `API_KEY=${secret}` });
    expect(variables?.[0]).toContain(
      'API_KEY looks like a secret; write `secrets: { API_KEY: { env: API_KEY } }` instead',
    );
    expect(variables?.[0]).toContain('the line API_KEY env:API_KEY under Secrets');
    expect(JSON.stringify(problemsIn({ variables: `api key ${secret}`, secrets: `K ${secret}` }))).not.toContain(
      secret,
    );
  });

  test('every problem of every field is told at once', () => {
    expect(
      Object.keys(problemsIn({ variables: 'x', timeout: 'x', costPerRun: '-1', runner: 'x'.repeat(201) })).sort(),
    ).toEqual([...['costPerRun', 'runner', 'timeout', 'variables']]);
  });
});

describe('what others changed meanwhile', () => {
  const merged = (base: Settings, entered: EnteredTexts, now: Settings, longest = 3_000) =>
    mergeTexts(formTexts(base), entered, formTexts(now), longest);

  test('comes in where nothing was entered, and what was entered stands', () => {
    const base = { variables: { A: 1 }, model: 'a', runner: 'r' };
    const now = { variables: { A: 2 }, model: 'b', runner: 'r' };
    const { texts, both } = merged(base, { variables: 'A=1\n', model: 'c', runner: 's' }, now);
    expect(texts).toMatchObject({ variables: 'A=2', model: 'c', runner: 's' });
    expect(both).toEqual([{ field: 'model' }]);
    expect(merged(base, { model: 'b' }, now).both).toEqual([]);
  });

  test('comes in line by line where a field has lines', () => {
    const base = { variables: { A: 1, B: 1, C: 1, D: 1 }, mcpServers: {} };
    const now = {
      variables: { A: 2, B: 1, C: 3, E: 1 },
      mcpServers: { crm: { url: 'https://crm', transport: 'sse' as const } },
    };
    const entered = { variables: 'A=1\nB=5\nC=4\nD=1\nF=1', mcpServers: 'slack https://slack' };
    const { texts, both } = merged(base, entered, now);
    expect(texts.variables).toBe('A=2\nB=5\nC=4\nE=1\nF=1');
    expect(texts.mcpServers).toBe('crm https://crm sse\nslack https://slack http');
    expect(both).toEqual([{ field: 'variables', name: 'C' }]);
  });

  test('never takes away what was entered: not where it can’t be read, nor where both would be too long', () => {
    const now = { variables: { A: 2, B: 'x'.repeat(50) } };
    for (const [entered, longest] of [
      ['A', 3_000],
      ['A=3', 20],
    ] as const) {
      const { texts, both } = merged({ variables: { A: 1 } }, { variables: entered }, now, longest);
      expect(texts.variables).toBe(entered);
      expect(both).toEqual([{ field: 'variables' }]);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveSettings } from '../../../src/domain/settings/merge-settings.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';

describe('what applies to a workflow in an environment', () => {
  it('is the workflow’s own key by key, and else the environment’s', () => {
    const environment: Settings = {
      variables: { A: 'wide', B: 'wide' },
      model: 'wide',
      provider: 'wide',
      modelParameters: { temperature: 1, topP: 1 },
      steps: { one: { model: 'wide', modelParameters: { temperature: 1, topP: 1 } }, two: { model: 'wide' } },
      limits: { timeout: 1, retries: 1 },
      mcpServers: { slack: { url: 'https://wide', transport: 'sse' }, crm: { url: 'https://crm', transport: 'http' } },
      dataSources: { crm: { host: 'wide', port: 1 } },
      runner: 'wide',
    };
    const workflow: Settings = {
      variables: { B: 'narrow', C: 'narrow' },
      model: 'narrow',
      modelParameters: { topP: 0 },
      steps: { one: { provider: 'narrow', modelParameters: { topP: 0 } } },
      limits: { retries: 0 },
      mcpServers: { slack: { url: 'https://narrow', transport: 'http' } },
      dataSources: { crm: { host: 'narrow' } },
      channel: 'C1',
      masked: { 'a.b': 'KEY' },
    };
    expect(effectiveSettings(environment, workflow)).toEqual({
      variables: { A: 'wide', B: 'narrow', C: 'narrow' },
      model: 'narrow',
      provider: 'wide',
      modelParameters: { temperature: 1, topP: 0 },
      steps: {
        one: { model: 'wide', provider: 'narrow', modelParameters: { temperature: 1, topP: 0 } },
        two: { model: 'wide' },
      },
      limits: { timeout: 1, retries: 0 },
      mcpServers: {
        slack: { url: 'https://narrow', transport: 'http' },
        crm: { url: 'https://crm', transport: 'http' },
      },
      dataSources: { crm: { host: 'narrow' } },
      runner: 'wide',
      channel: 'C1',
      masked: { 'a.b': 'KEY' },
    });
  });

  it('hides a secret behind the workflow’s variable of that name, and the other way round', () => {
    const environment: Settings = { variables: { A: 'x', B: 'x' }, secrets: { C: { env: 'C' }, D: { env: 'D' } } };
    const workflow: Settings = { variables: { C: 'y' }, secrets: { A: { env: 'A' } } };
    expect(effectiveSettings(environment, workflow)).toEqual({
      variables: { B: 'x', C: 'y' },
      secrets: { D: { env: 'D' }, A: { env: 'A' } },
    });
  });

  it('takes false, 0 and empty text for values', () => {
    const wide: Settings = { variables: { A: true, B: 1, C: 'x' }, limits: { retries: 3 } };
    const narrow: Settings = { variables: { A: false, B: 0, C: '' }, limits: { retries: 0 } };
    expect(effectiveSettings(wide, narrow)).toEqual(narrow);
  });

  const name = fc.constantFrom('A', 'B', 'C', 'CONSTRUCTOR', 'TO_STRING');
  const choice = fc.record(
    {
      provider: fc.constantFrom('p', 'q'),
      model: fc.constantFrom('m', 'n'),
      modelParameters: fc.dictionary(fc.constantFrom('t', 'toString'), fc.integer()),
    },
    { requiredKeys: [] },
  );
  const layer: fc.Arbitrary<Settings> = fc
    .record(
      {
        variables: fc.dictionary(name, fc.oneof(fc.string(), fc.integer(), fc.boolean())),
        secrets: fc.dictionary(name, fc.constantFrom({ env: 'X' }, { env: 'Y' })),
        provider: fc.constantFrom('p', 'q'),
        model: fc.constantFrom('m', 'n'),
        modelParameters: fc.dictionary(fc.constantFrom('t', 'u'), fc.integer()),
        steps: fc.dictionary(fc.constantFrom('one', 'two', 'valueOf'), choice),
        limits: fc.record({ retries: fc.nat(), timeout: fc.nat() }, { requiredKeys: [] }),
        runner: fc.constantFrom('r', 's'),
      },
      { requiredKeys: [] },
    )
    .map((made) => {
      const secrets = Object.fromEntries(
        Object.entries(made.secrets ?? {}).filter(([key]) => !Object.hasOwn(made.variables ?? {}, key)),
      );
      return { ...made, ...(made.secrets !== undefined && { secrets }) };
    });

  it('is one layer where the other says nothing', () => {
    fc.assert(
      fc.property(layer, (one) => {
        expect(effectiveSettings(one, {})).toEqual(one);
        expect(effectiveSettings({}, one)).toEqual(one);
        expect(effectiveSettings(one, one)).toEqual(one);
      }),
    );
  });

  it('has every value of the workflow’s, each other one of the environment’s, and no name twice', () => {
    const leaves = (value: unknown, path = ''): [string, unknown][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}/${key}`))
        : [[path, value]];
    fc.assert(
      fc.property(layer, layer, (wide, narrow) => {
        const merged = new Map(leaves(effectiveSettings(wide, narrow)));
        const own = new Map(leaves(narrow));
        for (const [path, value] of own) expect(merged.get(path)).toBe(value);
        for (const [path, value] of leaves(wide)) {
          const [, kind, called = ''] = path.split('/');
          const hidden = kind === 'secrets' ? narrow.variables : kind === 'variables' ? narrow.secrets : undefined;
          const isHidden = hidden !== undefined && Object.hasOwn(hidden, called);
          if (!own.has(path)) expect(merged.get(path)).toBe(isHidden ? undefined : value);
        }
        const { variables = {}, secrets = {} } = effectiveSettings(wide, narrow);
        expect(Object.keys(variables).filter((key) => Object.hasOwn(secrets, key))).toEqual([]);
      }),
    );
  });
});

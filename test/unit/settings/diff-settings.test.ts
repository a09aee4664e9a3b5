import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeSettingsChange } from '../../../src/domain/settings/diff-settings.ts';

describe('what changed of settings, in sentences', () => {
  it('says of each thing what it was and what it is', () => {
    expect(
      describeSettingsChange(
        {
          variables: { SUMMARY_MODEL: 'a', RATIO: 5, GONE: true, SAME: 'x' },
          secrets: { OPENAI_API_KEY: { env: 'DEV_OPENAI_KEY' }, OLD_KEY: { env: 'X' }, SAME_KEY: { file: '/a' } },
          provider: 'p',
          modelParameters: { temperature: 0.2 },
          steps: { one: { model: 'a' }, two: { provider: 'q' } },
          limits: { timeout: 30_000, retries: 1 },
          mcpServers: { slack: { url: 'https://a', transport: 'http' } },
          dataSources: { crm: { host: 'a', port: 1 }, old: {} },
          runner: 'r',
          channel: 'C1',
          masked: { 'steps[0].a': 'KEY', 'steps[0].b': 'KEY' },
        },
        {
          variables: { SUMMARY_MODEL: 'b', RATIO: '5', SAME: 'x', EMPTY: '' },
          secrets: {
            OPENAI_API_KEY: { env: 'STAGING_OPENAI_KEY' },
            SAME_KEY: { file: '/a' },
            FILE_KEY: { file: '/b' },
            VAULT_KEY: { vault: { path: 'kv/a', key: 'k' } },
          },
          model: 'm',
          modelParameters: { temperature: 0.4 },
          steps: { one: { model: 'b', modelParameters: { topP: 1 } } },
          limits: { timeout: 90_000, costPerDay: 20 },
          mcpServers: { slack: { url: 'https://b', transport: 'sse' }, crm: { url: 'https://c', transport: 'http' } },
          dataSources: { crm: { host: 'b', port: 1 }, erp: { host: 'e' } },
          channel: 'C2',
          masked: { 'steps[0].a': 'TOKEN' },
        },
      ),
    ).toEqual([
      'Variable SUMMARY_MODEL changed from ‘a’ to ‘b’',
      'Variable RATIO changed from 5 to ‘5’',
      'Variable GONE was removed; it was true',
      'Variable EMPTY was added: empty text',
      'Secret OPENAI_API_KEY now comes from STAGING_OPENAI_KEY',
      'Secret OLD_KEY was removed',
      'Secret FILE_KEY was added, from the file /b',
      'Secret VAULT_KEY was added, from key k of kv/a in Vault',
      'Default provider was removed; it was ‘p’',
      'Default model was added: ‘m’',
      'Default model parameter temperature changed from 0.2 to 0.4',
      'Step one: its model changed from ‘a’ to ‘b’',
      'Step one: its model parameter topP was added: 1',
      'Step two: its provider was removed; it was ‘q’',
      'Timeout changed from 30s to 90s',
      'Limit of retries was removed; it was 1',
      'Limit of the cost of a day was added: $20',
      'MCP server slack changed from ‘https://a’ to ‘https://b’',
      'MCP server slack: its transport changed from ‘http’ to ‘sse’',
      'MCP server crm was added: ‘https://c’',
      'Data source crm: its host changed from ‘a’ to ‘b’',
      'Data source old was removed',
      'Data source erp was added',
      'Data source erp: its host was added: ‘e’',
      'Runner was removed; it was ‘r’',
      'Channel changed from ‘C1’ to ‘C2’',
      'The masked value at steps[0].a is now bound to TOKEN',
      'The masked value at steps[0].b is bound to no secret any more',
    ]);
  });

  it('says nothing where nothing changed', () => {
    expect(describeSettingsChange({}, {})).toEqual([]);
    expect(describeSettingsChange({ variables: { A: 'x' } }, { variables: { A: 'x' }, secrets: {} })).toEqual([]);
  });

  it('shows where long values differ, on one line', () => {
    const long = `a\nb${'c'.repeat(5_000)}`;
    const [sentence = ''] = describeSettingsChange({ variables: { A: `${long}1` } }, { variables: { A: `${long}2` } });
    expect(sentence).toMatch(/^Variable A changed from ‘….*1’ to ‘….*2’$/);
    expect(sentence.length).toBeLessThan(250);
  });

  it('counts what is more than fifty changes', () => {
    const many = (value: number) => ({
      variables: Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`V${at}`, value])),
    });
    const sentences = describeSettingsChange(many(1), many(2));
    expect(sentences).toHaveLength(51);
    expect(sentences.at(-1)).toBe('and 950 more changes');
  });

  it('has one line for each, whatever the values are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        const sentences = describeSettingsChange(
          { variables: { A: before }, runner: after },
          { variables: { A: after }, runner: before },
        );
        expect(sentences).toHaveLength(before === after ? 0 : 2);
        for (const sentence of sentences) expect(sentence).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});

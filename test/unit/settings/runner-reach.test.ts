import { describe, expect, it } from 'vitest';
import { describeSettingsChange } from '../../../src/domain/settings/diff-settings.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';

const http = (url: string, secret?: string): Settings => ({
  runner: { kind: 'http', url, shadowSafe: false, ...(secret !== undefined && { secret }) },
});
const told = (before: Settings, after: Settings) =>
  describeSettingsChange(before, after).filter((sentence) => sentence.startsWith('What is run now goes'));

describe('a change of where runs go', () => {
  it('says the place and the secret that goes along, in a sentence of its own', () => {
    expect(told({}, http('https://runner.example/run', 'RUNNER_TOKEN'))).toEqual([
      'What is run now goes to https://runner.example, with the secret ‘RUNNER_TOKEN’',
    ]);
    expect(told(http('https://runner.example/run', 'A'), http('https://evil.example/run', 'A'))).toEqual([
      'What is run now goes to https://evil.example, with the secret ‘A’',
    ]);
    expect(told(http('https://runner.example/a'), http('https://runner.example/a', 'PROD_KEY'))).toEqual([
      'What is run now goes to https://runner.example, with the secret ‘PROD_KEY’',
    ]);
  });

  it('tells each provider of models, once', () => {
    const models = (...urls: string[]): Settings => ({
      runner: {
        kind: 'ai',
        providers: Object.fromEntries(urls.map((url, i) => [`p${i}`, { protocol: 'openai', url, secret: 'KEY' }])),
      },
    });
    expect(
      told(
        models('https://a.example/v1'),
        models('https://a.example/v2', 'https://b.example/v1', 'https://b.example/v2'),
      ),
    ).toEqual(['What is run now goes to https://b.example, with the secret ‘KEY’']);
  });

  it('says nothing where nothing new is reached', () => {
    expect(told(http('https://runner.example/a', 'A'), http('https://runner.example/b', 'A'))).toEqual([]);
    expect(told(http('https://runner.example/a', 'A'), {})).toEqual([]);
    expect(told({}, { runner: 'edge' })).toEqual([]);
    expect(told({}, { runner: { kind: 'exec', command: 'run', shadowSafe: false } })).toEqual([]);
  });
});

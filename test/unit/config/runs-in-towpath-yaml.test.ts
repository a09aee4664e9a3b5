import { describe, expect, it } from 'vitest';
import { InvalidConfigurationError } from '../../../src/domain/configuration/invalid-configuration-error.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';

const parse = (text: string) => parseTowpathYaml(text, { fileName: 'towpath.yaml' });
const DAY = 86_400_000;

function problemsOf(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof InvalidConfigurationError)
      return error.problems.map(({ where, message }) => `${where}: ${message}`);
    throw error;
  }
  return [];
}

describe('run records in towpath.yaml', () => {
  it('are kept for 30 days, and inputs and outputs for 7, where it does not say', () => {
    expect(parse('').runs).toEqual({ keep: 30 * DAY, keepPayloads: 7 * DAY });
    expect(parse('runs: { keep: 8d }').runs).toEqual({ keep: 8 * DAY, keepPayloads: 7 * DAY });
  });

  it('are kept for as long as it says', () => {
    expect(parse('runs: { keep: 12w, keepPayloads: 36h }').runs).toEqual({ keep: 84 * DAY, keepPayloads: 1.5 * DAY });
  });

  it.each([
    ['runs: { keep: 7d }', 'has to be between 8d and 400d'],
    ['runs: { keep: 500d }', 'has to be between 8d and 400d'],
    ['runs: { keep: 30 }', 'has to be a number of days'],
    ['runs: { keep: soon }', 'has to be a number of days'],
    ['runs: { keepPayloads: 0h }', 'has to be between 1h and 400d'],
    ['runs: { keep: 10d, keepPayloads: 11d }', 'is longer than `keep`'],
    ['runs: { keeep: 10d }', 'did you mean “keep”?'],
    ['runs: 30d', 'has to be'],
  ])('are refused as %s', (text, message) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(message)]);
  });

  it('hold inputs and outputs only of environments that ask for them', () => {
    const { environments } = parse('environments: [{ name: dev }, { name: live, runPayloads: true }]');
    expect(environments.map(({ runPayloads }) => runPayloads)).toEqual([undefined, true]);
    expect(environments[0]).not.toHaveProperty('runPayloads');
    expect(problemsOf('environments: [{ name: dev, runPayloads: masked }, { name: live }]')).toHaveLength(1);
  });
});

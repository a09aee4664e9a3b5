import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  environmentAfter,
  environmentBefore,
  environmentsMatching,
  findOptionalEnvironment,
  getEnvironment,
} from '../../../src/domain/environment.ts';
import { environment, PIPELINE } from '../../support/domain-builders.ts';
import { expectRefused, refusalOf } from '../../support/refusals.ts';

const FIVE = [
  environment('development', 0, { aliases: ['dev'] }),
  environment('qa', 1),
  environment('staging', 2, { aliases: ['stg'] }),
  environment('staging-eu', 3),
  environment('production', 4, { aliases: ['prod', 'Live'] }),
];

describe('an environment that a person types', () => {
  it.each([
    ['staging', 'staging'],
    ['stg', 'staging'],
    ['PROD', 'production'],
    ['p', 'production'],
    ['d', 'development'],
    ['live', 'production'],
  ])('“%s” is %s', (word, name) => {
    expect(getEnvironment(FIVE, word).name).toBe(name);
  });

  it('is the exact one where a longer name begins with it', () => {
    expect(getEnvironment(FIVE, 'staging').name).toBe('staging');
    expect(getEnvironment(FIVE, 'staging-e').name).toBe('staging-eu');
  });

  it('is refused where it may mean two, naming both', () => {
    const refusal = refusalOf(() => getEnvironment(FIVE, 'sta'));
    expectRefused(refusal, 'ambiguous_environment');
    expect(refusal.userMessage).toContain('staging or staging-eu');
  });

  it('is refused where it means none, naming those there are', () => {
    const refusal = refusalOf(() => getEnvironment(PIPELINE, 'canary'));
    expectRefused(refusal, 'unknown_environment');
    expect(refusal.userMessage).toContain('development, staging, production');
  });

  it('is quoted back at a length that a message can hold', () => {
    expect(refusalOf(() => getEnvironment(PIPELINE, 'x'.repeat(10_000))).userMessage.length).toBeLessThan(300);
  });

  it('is none for an empty word', () => {
    expect(environmentsMatching(PIPELINE, '')).toEqual([]);
    expectRefused(
      refusalOf(() => getEnvironment(PIPELINE, '')),
      'unknown_environment',
    );
  });

  it('is found by every prefix that only it has', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PIPELINE), fc.nat(), (wanted, cut) => {
        const word = wanted.name.slice(0, 1 + (cut % wanted.name.length));
        expect(getEnvironment(PIPELINE, word)).toBe(wanted);
      }),
    );
  });
});

describe('an environment that may be left out', () => {
  it.each(['staging', 'stg', 'STG', 'sta', 'prod', 'dev', 'qa'])('is there with “%s”', (word) => {
    expect(findOptionalEnvironment([...PIPELINE, environment('qa', 3)], word)).not.toBeNull();
  });

  it.each(['s', 'st', 'p', 'pr', 'looks', 'stagings', ''])('is not there with “%s”, which begins a reason', (word) => {
    expect(findOptionalEnvironment(PIPELINE, word)).toBeNull();
  });

  it('is not there where a word may mean two', () => {
    expect(findOptionalEnvironment(FIVE, 'stag')).toBeNull();
    expect(findOptionalEnvironment(FIVE, 'staging')?.name).toBe('staging');
  });

  it('is not there without a word', () => {
    expect(findOptionalEnvironment(PIPELINE, undefined)).toBeNull();
  });
});

describe('the way through a pipeline', () => {
  it('leads from each environment to the next one by rank, and ends at both ends', () => {
    const names = FIVE.map((e) => [environmentBefore(FIVE, e)?.name ?? null, environmentAfter(FIVE, e)?.name ?? null]);
    expect(names).toEqual([
      [null, 'qa'],
      ['development', 'staging'],
      ['qa', 'staging-eu'],
      ['staging', 'production'],
      ['staging-eu', null],
    ]);
  });

  it('skips nothing where ranks have gaps', () => {
    const sparse = [environment('a', 0), environment('b', 5), environment('c', 9)];
    expect(sparse.map((e) => environmentBefore(sparse, e)?.name)).toEqual([undefined, 'a', 'b']);
  });
});

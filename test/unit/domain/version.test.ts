import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLabel, parseVersionReference, versionName, versionStage } from '../../../src/domain/version.ts';
import { PIPELINE, version } from '../../support/domain-builders.ts';
import { expectRefused, refusalOf } from '../../support/refusals.ts';

describe('a version that a person types', () => {
  it('is a number as 12, v12 or V12', () => {
    for (const word of ['12', 'v12', 'V12', '012'])
      expect(parseVersionReference(word)).toEqual({ by: 'number', number: 12 });
  });

  it('is a label otherwise, in small letters', () => {
    expect(parseVersionReference('Add-Urgency')).toEqual({ by: 'label', label: 'add-urgency' });
    expect(parseVersionReference('v1.2')).toEqual({ by: 'label', label: 'v1.2' });
  });

  it('is never a number that the database cannot hold', () => {
    const reference = parseVersionReference(`v${'9'.repeat(400)}`);
    expect(reference).toEqual({ by: 'number', number: 2_147_483_647 });
  });
});

describe('a label', () => {
  it('is kept trimmed and in small letters', () => {
    expect(checkLabel('  Add-Urgency_2.1 ', PIPELINE)).toBe('add-urgency_2.1');
  });

  it.each(['', '-x', 'two words', 'x'.repeat(64), 'über', 'a/b', '@x'])('may not be “%s”', (label) => {
    expectRefused(
      refusalOf(() => checkLabel(label, PIPELINE)),
      'invalid_label',
    );
  });

  it.each(['12', 'v12', 'V7'])('may not look like the version number %s', (label) => {
    const refusal = refusalOf(() => checkLabel(label, PIPELINE));
    expectRefused(refusal, 'invalid_label');
    expect(refusal.userMessage).toContain('version number');
  });

  it.each(['staging', 'STG', 'prod', 'Development'])('may not be what an environment is called: %s', (label) => {
    const refusal = refusalOf(() => checkLabel(label, PIPELINE));
    expectRefused(refusal, 'invalid_label');
    expect(refusal.userMessage).toContain('environment');
  });

  it('may begin like an environment', () => {
    expect(checkLabel('prod-fix', PIPELINE)).toBe('prod-fix');
    expect(checkLabel('stag', PIPELINE)).toBe('stag');
  });

  it('is what a person finds the version by again, whatever they typed it like', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/), (label) => {
        fc.pre(!/^v?\d+$/i.test(label) && !PIPELINE.some((e) => [e.name, ...e.aliases].includes(label.toLowerCase())));
        expect(parseVersionReference(label)).toEqual({ by: 'label', label: checkLabel(label, PIPELINE) });
      }),
    );
  });
});

describe('the name of a version', () => {
  it('has the number, and the label where there is one', () => {
    expect(versionName(version(3))).toBe('v3');
    expect(versionName(version(3, { label: 'add-urgency' }))).toBe('v3 (add-urgency)');
  });
});

describe('the stage of a version', () => {
  const stage = (facts: Partial<Parameters<typeof versionStage>[0]>) =>
    versionStage({ everDeployed: true, quarantined: false, liveIn: [], lastRank: 2, ...facts });

  it('is draft until it is deployed anywhere', () => {
    expect(stage({ everDeployed: false })).toBe('draft');
  });

  it('is that of the farthest environment it is live in', () => {
    expect(stage({ liveIn: [0] })).toBe('testing');
    expect(stage({ liveIn: [1, 0] })).toBe('staging');
    expect(stage({ liveIn: [0, 2, 1] })).toBe('production');
  });

  it('calls everything between the first and the last environment staging', () => {
    expect(stage({ liveIn: [1], lastRank: 4 })).toBe('staging');
    expect(stage({ liveIn: [3], lastRank: 4 })).toBe('staging');
    expect(stage({ liveIn: [1], lastRank: 1 })).toBe('production');
  });

  it('is deprecated once it is live nowhere, and reverted where it was rolled back', () => {
    expect(stage({})).toBe('deprecated');
    expect(stage({ quarantined: true })).toBe('reverted');
  });

  it('is where it runs, even while it is quarantined because of another environment', () => {
    expect(stage({ quarantined: true, liveIn: [0] })).toBe('testing');
  });
});

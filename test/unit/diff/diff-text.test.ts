import { describe, expect, it } from 'vitest';
import { diffText, type Told } from '../../../src/domain/diff/diff-text.ts';

const told: Told = {
  ...{ title: 'flow: v1 → v2', total: 1, risk: { level: 'low', reasons: [] } },
  ...{ lines: ['Prompt changed'], more: 0, blocks: [], code: { text: '', truncated: false } },
};
const lines = (more: Partial<Told>) => diffText({ ...told, ...more }).map(({ text }) => text);

describe('a comparison as text', () => {
  it('says below the sentences what they come to in effect', () => {
    expect(lines({ inEffect: { environment: 'staging', lines: ['Model changed'], more: 1_200 } }).slice(3)).toEqual([
      '- Prompt changed',
      '',
      'In effect in staging',
      '- Model changed',
      'and 1,200 more',
    ]);
    expect(lines({ inEffect: { environment: 'staging', lines: [], more: 0 } }).at(-1)).toBe('- Nothing differs.');
  });

  it('says nothing of it where that is the same', () => {
    expect(lines({ inEffect: null })).toEqual(lines({}));
    expect(lines({}).join()).not.toContain('In effect');
  });
});

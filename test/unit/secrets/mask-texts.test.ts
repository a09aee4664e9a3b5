import { describe, expect, it } from 'vitest';
import { maskTexts } from '../../../src/domain/workflow/secrets/mask-texts.ts';
import { SAMPLES } from '../../support/documents/secret-samples.ts';
import { testHash } from '../../support/documents/with-test-documents.ts';

const mask = (...values: unknown[]) =>
  maskTexts(
    values.map((value) => JSON.stringify(value)),
    testHash,
  );
const parsed = async (...values: unknown[]) => (await mask(...values)).map((text) => JSON.parse(text ?? 'null'));

describe('several JSON texts', () => {
  it('come back as they were where they hold no secret', async () => {
    const texts = ['{"a": 1.50,  "b":"\\u0041"}', '"text"', 'null', '[]'];
    expect(await maskTexts(texts, testHash)).toEqual(texts);
    expect(await maskTexts([], testHash)).toEqual([]);
  });

  it('lose secrets by their names, by their shape and out of running text, and nothing else', async () => {
    const [named, shaped, text, none] = await parsed(
      { api_key: 'plain-k3y-value', count: 3 },
      [SAMPLES.openai],
      `It failed with 401 for Bearer ${SAMPLES.jwt} and ended`,
      { answer: 'fine' },
    );
    expect(named).toEqual({ api_key: expect.stringMatching(/^masked~api-key~[0-9a-f]{16}$/), count: 3 });
    expect(shaped).toEqual([expect.stringMatching(/^masked~openai~/)]);
    expect(text).toMatch(/^It failed with 401 for Bearer masked~[a-z-]+~[0-9a-f]{16} and ended$/);
    expect(none).toEqual({ answer: 'fine' });
  });

  it('lose a secret of one of them in all of them, under the same mask', async () => {
    const [first, second] = await parsed({ token: 'zx81-ab12-cd34-ef56-gh78' }, 'it said zx81-ab12-cd34-ef56-gh78');
    expect(second).toBe(`it said ${first.token}`);
  });

  it('with one that holds too many secrets are masked without it', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 2_100 }, (_, i) => [`k${i}`, { api_key: `plain-k3y-value-${i}` }]),
    );
    const [before, tooMany, after] = await mask({ password: 'hunter2hunter2' }, many, { ok: true });
    expect(before).toMatch(/masked~password~/);
    expect(tooMany).toBeNull();
    expect(after).toBe('{"ok":true}');
  });
});

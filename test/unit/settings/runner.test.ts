import { describe, expect, it } from 'vitest';
import { describeSettingsChange } from '../../../src/domain/settings/diff-settings.ts';
import { formTexts } from '../../../src/domain/settings/form/form-fields.ts';
import { readForm } from '../../../src/domain/settings/form/read-form.ts';
import { listSettings } from '../../../src/domain/settings/list-settings.ts';
import { settingsFile } from '../../../src/domain/settings/settings-file.ts';
import { settingsSchema } from '../../../src/domain/settings/settings-schema.ts';

const schema = settingsSchema({ layer: 'environment' });
const HTTP = { kind: 'http', url: 'https://runner.example/run', secret: 'RUNNER_TOKEN', shadowSafe: false } as const;

describe('the runner of an environment', () => {
  it('is a name of one’s own, or says how it is reached', () => {
    expect(schema.parse({ runner: 'langgraph' })).toEqual({ runner: 'langgraph' });
    expect(schema.parse({ runner: { ...HTTP, shadowSafe: undefined } })).toEqual({ runner: HTTP });
    expect(schema.parse(settingsFile({ runner: HTTP }))).toEqual({ runner: HTTP });
  });

  it.each([
    [{ kind: 'http', url: 'https://a.example/?api_key=sk-0123456789abcdef0123' }, 'holds a secret'],
    [{ kind: 'http', ulr: 'https://a.example' }, 'did you mean “url”'],
    [{ kind: 'ssh' }, 'http, n8n, dify, exec or ai'],
    [{ url: 'https://a.example' }, 'http, n8n, dify, exec or ai'],
  ])('is refused as %j', (runner, message) => {
    const read = readForm('environment', {}, { runner: JSON.stringify(runner) });
    if (read.ok) throw new Error('It was taken.');
    expect([...(read.problems.get('runner') ?? [])].join('\n')).toContain(message);
  });

  it('comes back from a form as it went in', () => {
    const shown = formTexts({ runner: HTTP }).runner;
    expect(shown).toContain('kind: http');
    expect(readForm('environment', {}, { runner: shown })).toEqual({ ok: true, settings: { runner: HTTP } });
    expect(readForm('environment', {}, { runner: 'our own: langgraph' })).toEqual({
      ok: true,
      settings: { runner: 'our own: langgraph' },
    });
  });

  it('is told of when it changes, whatever the order of what it says', () => {
    const { url, ...others } = HTTP;
    expect(describeSettingsChange({ runner: HTTP }, { runner: { ...others, url } })).toEqual([]);
    const [sentence] = describeSettingsChange({ runner: HTTP }, { runner: { ...HTTP, shadowSafe: true } });
    expect(sentence).toMatch(/^Runner changed from .*false.* to .*true/);
    expect(listSettings({ runner: HTTP })).toMatchObject([
      { name: 'Runner', value: expect.stringContaining('RUNNER_TOKEN') },
    ]);
  });
});

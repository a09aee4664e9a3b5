import { describe, expect, it } from 'vitest';
import { maskedPlaces } from '../../../src/domain/settings/fill.ts';
import { filledDefinition } from '../../../src/domain/settings/filled-definition.ts';
import { resolveDefinition } from '../../../src/domain/settings/resolve-definition.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { formatBundle } from '../../../src/domain/workflow/bundle/format-bundle.ts';
import type { Definition } from '../../../src/domain/workflow/definition.ts';
import { maskOf } from '../../../src/domain/workflow/masks.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

const KEY_MASK = maskOf('api-key', '0123456789abcdef');
const TOKEN_MASK = maskOf('token', 'fedcba9876543210');
const SECRETS = { KEY: { env: 'STAGING_KEY' }, TOKEN: { env: 'STAGING_TOKEN' } };

function resolved(definition: Definition, settings: Settings = {}) {
  const answer = resolveDefinition(definition, settings);
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return answer;
}

function problemsOf(definition: Definition, settings: Settings = {}) {
  const answer = resolveDefinition(definition, settings);
  return answer.ok ? [] : answer.problems;
}

describe('a bundle, resolved', () => {
  const WORKFLOW = `# the key was ${KEY_MASK}
apiVersion: towpath/v1
name: bundled
steps:
  - id: a
    type: llm
    model: \${MODEL:"a:b"}
    task: ${KEY_MASK}
`;
  const bundle = (files: Record<string, string>) =>
    readDefinition(formatBundle(Object.entries(files).map(([path, content]) => ({ path, content }))));

  it('has its workflow filled and its other files as they are, but for masks', () => {
    const definition = bundle({
      'flow.yaml': WORKFLOW,
      'tool.py': `key = "${TOKEN_MASK}" # \${A}\n`,
      'notes.md': '${B',
    });
    expect(maskedPlaces(definition)).toEqual(['flow.yaml: steps[0].task', 'tool.py']);
    const settings = {
      secrets: SECRETS,
      masked: { 'flow.yaml: steps[0].task': 'KEY', 'tool.py': 'TOKEN' },
      variables: { MODEL: 'x: "y"\n' },
      provider: 'p',
    };
    const { document, secrets } = resolved(definition, settings);
    expect(JSON.stringify(document)).not.toContain('masked~');
    expect(secrets.map(({ name, paths }) => [name, paths])).toEqual([
      ['KEY', ['flow.yaml: steps[0].task']],
      ['TOKEN', ['tool.py']],
    ]);
    const again = filledDefinition(definition, document);
    expect(again.steps[0]?.properties).toEqual({ model: 'x: "y"\n', task: '{{ secrets.KEY }}', provider: 'p' });
    expect(again.files).toEqual({ 'tool.py': 'key = "{{ secrets.TOKEN }}" # ${A}\n', 'notes.md': '${B' });
  });

  it('loses a mask that stands in a comment alone', () => {
    const definition = bundle({ 'flow.yaml': WORKFLOW.replace(`task: ${KEY_MASK}`, 'task: x'), 'tool.py': 'x = 1' });
    expect(maskedPlaces(definition)).toEqual([]);
    const { document } = resolved(definition);
    expect(JSON.stringify(document)).not.toContain('masked~');
    expect(filledDefinition(definition, document).steps[0]?.properties).toEqual({ model: 'a:b', task: 'x' });
  });

  it('tells of what is missing with the file', () => {
    const definition = bundle({
      'flow.yaml': WORKFLOW.replace('"a:b"', '${GONE}').replace(KEY_MASK, '').replace(KEY_MASK, 'x'),
      'a.txt': 'a',
    });
    expect(problemsOf(definition)).toMatchObject([
      { kind: 'unknown', name: 'GONE', paths: ['flow.yaml: steps[0].model'] },
    ]);
  });

  it('keeps the front matter of a prompt readable', () => {
    const definition = bundle({
      'p.prompty': `---\nmodel:\n  api_key: ${KEY_MASK}\n---\nHello ${TOKEN_MASK}\n`,
      't.py': 'x = 1\n',
    });
    const places = maskedPlaces(definition);
    expect(places).toEqual(['p.prompty: frontMatter.model.api_key', 'p.prompty: body']);
    const { document } = resolved(definition, {
      secrets: SECRETS,
      masked: { [places[0] as string]: 'KEY', [places[1] as string]: 'TOKEN' },
    });
    const again = filledDefinition(definition, document);
    expect(again.steps[0]?.properties.task).toContain('Hello {{ secrets.TOKEN }}');
    expect(JSON.stringify(again.steps)).toContain('{{ secrets.KEY }}');
  });
});

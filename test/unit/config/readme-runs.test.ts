import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkSecrets } from '../../../src/domain/configuration/check-secrets.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { parseSuite } from '../../../src/domain/suite/parse-suite.ts';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const SECTION = README.split('## Running workflows, and their tests\n')[1]?.split('\n## ')[0] ?? '';
const [file = '', suite = ''] = [...SECTION.matchAll(/^```yaml\n(.*?)```/gms)].map(([, text = '']) => text);

it('the towpath.yaml that the README shows for running workflows is taken, with its runner and its judge', () => {
  const configuration = parseTowpathYaml(file, { fileName: 'towpath.yaml' });
  expect(configuration.settings.get('staging')?.own).toMatchObject({
    runner: { kind: 'http', secret: 'RUNNER_TOKEN', shadowSafe: true },
    limits: { timeout: 60_000, retries: 2, concurrency: 10, costPerDay: 20 },
  });
  expect(configuration.runners).toMatchObject({
    origins: ['https://runner.example.com'],
    judge: { model: 'claude-sonnet' },
  });
  expect(() => checkSecrets(configuration, () => undefined)).toThrow('JUDGE_KEY');
});

it('the suite that the README shows is taken', () => {
  const { name, cases, ...limits } = parseSuite(suite, 'summarize-flow.suite.yaml');
  expect(name).toBe('summaries');
  expect(limits).toMatchObject({ budget: 2 });
  expect(cases.flatMap(({ assertions }) => assertions.map(({ type }) => type))).toEqual([
    ...['contains', 'regex', 'json-schema', 'llm-rubric'],
  ]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { issuesOf } from '../../../src/domain/configuration/yaml-issues.ts';
import { settingsFile } from '../../../src/domain/settings/settings-file.ts';
import { settingsSchema } from '../../../src/domain/settings/settings-schema.ts';
import { PRIVATE_KEY, SAMPLES } from '../../support/documents/secret-samples.ts';

const WORKFLOW = settingsSchema({ layer: 'workflow' });
const ENVIRONMENT = settingsSchema({ layer: 'environment' });

/** What is wrong with one layer, as `path: message`. */
function problemsOf(layer: unknown, schema = WORKFLOW): string[] {
  const result = schema.safeParse(layer);
  return result.success ? [] : issuesOf(result.error).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

/** All that a layer may have. */
const FULL = {
  variables: { SUMMARY_MODEL: 'claude-3-5-sonnet-20241022', RATIO: 0.5, ON: true },
  secrets: {
    OPENAI_API_KEY: { env: 'STAGING_OPENAI_KEY' },
    CRM_TOKEN: { file: '/run/secrets/crm' },
    DB_PASSWORD: { vault: { path: 'secret/apps/db.main', key: 'password' } },
  },
  provider: 'anthropic',
  model: 'claude-sonnet',
  modelParameters: { temperature: 0.2, maxTokens: 800, stream: false },
  steps: { summarize: { model: 'claude-opus', modelParameters: { temperature: 0 } } },
  limits: { timeout: '90s', retries: 2, concurrency: 5, costPerRun: 0.5, costPerDay: 20 },
  mcpServers: { slack: { url: 'https://mcp.example.com/slack', transport: 'sse' } },
  dataSources: { crm: { host: 'crm.example.com', port: 5432, readOnly: true } },
  runner: 'kubernetes',
  channel: 'C012ABCDEF',
  masked: { 'steps[0].http.headers.Authorization': 'CRM_TOKEN' },
};

describe('the settings of a layer', () => {
  it('are read with durations in milliseconds', () => {
    expect(WORKFLOW.parse(FULL)).toEqual({ ...FULL, limits: { ...FULL.limits, timeout: 90_000 } });
    expect(ENVIRONMENT.parse({})).toEqual({});
  });

  it('are written as a file has them, and read from there as they were', () => {
    const settings = WORKFLOW.parse(FULL);
    expect(settingsFile(settings)).toEqual(FULL);
    expect(settingsFile({})).toEqual({});
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 90 * 86_400_000 }), (timeout) => {
        expect(WORKFLOW.parse(settingsFile({ limits: { timeout } }))).toEqual({ limits: { timeout } });
      }),
    );
  });

  it('have a JSON Schema, for editors', () => {
    const schema = JSON.stringify(z.toJSONSchema(WORKFLOW, { io: 'input' }));
    expect(schema).toContain('"description":"How long one run may take: 30s, 5m, 1h."');
  });

  it('take no other keys, and say which was meant', () => {
    expect(problemsOf({ variabels: {} })).toEqual([
      'variabels: there is no “variabels” here; did you mean “variables”?',
    ]);
    expect(problemsOf({ limits: { time: '1s' } })[0]).toMatch(/^limits.time: .*timeout/);
    expect(problemsOf({ steps: { a: { task: 'x' } } })[0]).toMatch(/^steps.a.task: there is no “task” here/);
  });

  it('of an environment have no channel and no masked values', () => {
    expect(problemsOf({ channel: 'C012ABCDEF', masked: {} }, ENVIRONMENT)).toHaveLength(2);
  });

  it.each(['lower', '1A', 'A-B', 'É', 'A.B', '', 'A'.repeat(129)])('take no name such as “%s”', (name) => {
    expect(problemsOf({ variables: { [name]: 'x' } })).toEqual([
      expect.stringMatching(/has to begin with a capital letter/),
    ]);
    expect(problemsOf({ secrets: { [name]: { env: 'A' } } })).toHaveLength(1);
  });

  it('take names that only look like JavaScript’s own', () => {
    expect(problemsOf({ steps: { constructor: {} } })[0]).toMatch(/choose another word/);
    expect(problemsOf({ dataSources: { ' crm': {} } })).toHaveLength(1);
    expect(WORKFLOW.parse(JSON.parse('{"steps":{"__proto__":{"model":"x"}}}')).steps).toEqual({});
  });

  it.each(['30', '30 s', 'soon', '1M', '0s', '91d', 30])('take no timeout such as %s', (timeout) => {
    expect(problemsOf({ limits: { timeout } })).toEqual([
      'limits.timeout: has to be a duration with a unit, such as 30s, 5m or 1h, between 1s and 90d',
    ]);
  });

  it.each([
    'ftp://x.example',
    'https://user:pw@x.example',
    'https://token@x.example',
    'x.example',
    'javascript:alert(1)',
  ])('take no address such as %s', (url) => {
    expect(problemsOf({ mcpServers: { a: { url } } })).toEqual([
      expect.stringMatching(/has to be an http or https address/),
    ]);
  });

  it('take numbers within their bounds only', () => {
    const limits = { retries: 101, concurrency: 0, costPerRun: -1, costPerDay: Number.NaN };
    expect(problemsOf({ limits })).toHaveLength(4);
    expect(problemsOf({ variables: { A: Number.POSITIVE_INFINITY } })).toHaveLength(1);
  });

  it('take so much and no more', () => {
    const many = (count: number, value: unknown) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`A${at}`, value]));
    const server = { url: 'https://x.example' };
    for (const [key, most, value] of [
      ['variables', 1_000, 'x'],
      ['secrets', 200, { env: 'A' }],
      ['steps', 500, {}],
      ['mcpServers', 100, server],
      ['dataSources', 100, {}],
      ['modelParameters', 50, 1],
      ['masked', 2_000, 'A'],
    ] as const) {
      expect(problemsOf({ [key]: many(most, value) }), key).toEqual([]);
      expect(problemsOf({ [key]: many(most + 1, value) }), key).toEqual([
        expect.stringMatching(/^\w+: has more than /),
      ]);
    }
    expect(problemsOf({ variables: { A: 'é'.repeat(8_192) } })).toEqual([]);
    expect(problemsOf({ variables: { A: 'é'.repeat(8_193) } })).toEqual(['variables.A: is longer than 16 KB']);
  });

  it('take no text that the database could not keep', () => {
    expect(problemsOf({ variables: { A: 'a\0b', B: '\ud800' } })).toHaveLength(2);
  });

  it('have a name as a variable or as a secret', () => {
    expect(problemsOf({ variables: { A: 'x' }, secrets: { A: { env: 'A' } } })).toEqual([
      'secrets.A: stands under variables as well; keep one of them',
    ]);
  });
});

describe('where a secret comes from', () => {
  const problem = (source: unknown) => problemsOf({ secrets: { A: source } });

  it('is said in one of three ways', () => {
    expect(problem('x')).toEqual([expect.stringMatching(/has to say where the secret comes from/)]);
    expect(problem({ env: 'A', file: '/a' })).toHaveLength(1);
  });

  it.each([
    'TOWPATH_KEY',
    'TOWPATH_API_TOKEN',
    'SLACK_BOT_TOKEN',
    'SLACK_SIGNING_SECRET',
    'DATABASE_URL',
    'VAULT_TOKEN',
  ])('is not %s, by which Towpath itself lives', (env) => {
    expect(problem({ env })).toHaveLength(1);
  });

  it.each(['relative', '/', '/a/', '/a/../b', '/a//b', '/proc/self/environ', '/dev/stdin', '/a\nb'])(
    'is no file such as %s',
    (file) => {
      expect(problem({ file })).toHaveLength(1);
    },
  );

  it.each(['openai', '/secret/a', 'secret/../sys/seal', 'secret/a?x', 'secret/.'])(
    'is no path in Vault such as %s',
    (path) => {
      expect(problem({ vault: { path, key: 'k' } })).toHaveLength(1);
    },
  );
});

describe('a value that looks like a secret', () => {
  it.each(Object.entries({ ...SAMPLES, PRIVATE_KEY }))('is refused by its shape: %s', (_kind, value) => {
    expect(problemsOf({ variables: { ANY: value } })).toEqual([
      expect.stringContaining('secrets: { ANY: { env: ANY } }'),
    ]);
    expect(problemsOf({ variables: { ANY: `see ${value} there` } })).toHaveLength(1);
    expect(problemsOf({ dataSources: { crm: { note: value } } })).toHaveLength(1);
    expect(problemsOf({ modelParameters: { note: value } })).toHaveLength(1);
  });

  it('is refused by its name, with the line to write instead', () => {
    expect(problemsOf({ variables: { OPENAI_API_KEY: 'abcdef' } })).toEqual([
      'variables.OPENAI_API_KEY: looks like a secret; write `secrets: { OPENAI_API_KEY: { env: OPENAI_API_KEY } }` instead, with the variable that holds it',
    ]);
    expect(problemsOf({ variables: { DB_PASSWORD: 123456 } })).toHaveLength(1);
    expect(problemsOf({ dataSources: { crm: { password: 'hunter2' } } })).toEqual([
      expect.stringMatching(/^dataSources.crm.password: looks like a secret/),
    ]);
    expect(problemsOf({ dataSources: { crm: { url: 'postgres://u:hunter2@db/x' } } })).toHaveLength(1);
    expect(problemsOf({ mcpServers: { a: { url: 'https://x.example/?api_key=abcdef123' } } })).toHaveLength(1);
  });

  it.each([
    'gpt-4.1-mini-2025-04-14',
    'arn:aws:bedrock:us-east-1:123456789012:x/y',
    'https://api.example.com/v1?page=2',
    '550e8400-e29b-41d4-a716-446655440000',
    'eu-central-1',
    'It costs $5: see {{ inputs.x }}',
    '${OTHER}',
  ])('is not %s', (value) => {
    expect(problemsOf({ variables: { ANY: value, MAX_TOKENS: 800, TOKEN_LIMIT: value } })).toEqual([]);
  });

  it('is not a name of a secret', () => {
    expect(problemsOf({ dataSources: { crm: { password: 'CRM_PASSWORD' } }, variables: { API_KEY: '' } })).toEqual([]);
  });

  it('is never repeated in what is said of it', () => {
    const said = problemsOf({
      variables: { A: SAMPLES.github, API_KEY: 'hunter2' },
      dataSources: { b: { c: SAMPLES.openai } },
    }).join();
    for (const secret of [SAMPLES.github, SAMPLES.openai, 'hunter2']) expect(said).not.toContain(secret);
  });
});

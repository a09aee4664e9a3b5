import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatBundle } from '../../src/domain/workflow/bundle/format-bundle.ts';
import { allRows } from '../support/database/all-rows.ts';
import { PRIVATE_KEY, SAMPLES } from '../support/documents/secret-samples.ts';
import { untilQuiet } from '../support/towpath/acts.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

/** Parts of secrets that nothing else holds. */
const SECRETS = [...Object.values(SAMPLES), 'hunter2hunter2', 'plain-k3y-value', PRIVATE_KEY.split('\n')[1] ?? ''];

const flow = (model: string, key = 'plain-k3y-value') => `name: secret-flow
steps:
  - id: call
    type: http
    model: ${model}
    task: "Use ${SAMPLES.openai} or ask"
    headers: { Authorization: "Bearer ${SAMPLES.jwt}", x-api-key: ${key} }
    url: https://bot:hunter2hunter2@api.example.com/?key=${SAMPLES.google}
    # the old one: ${SAMPLES.github}
bindings:
  cert: |
${PRIVATE_KEY.replace(/^/gm, '    ')}
`;

interface Answer {
  version: { number: number };
  created: boolean;
  diff: { sentences: string[]; functional: boolean } | null;
  masked: { secrets: { kind: string; file: string | null; path: string; line: number }[]; more: number };
}

describe('secrets in what is pushed', () => {
  let towpath: WholeTowpath;
  beforeAll(async () => {
    towpath = await startWholeTowpath({ env: { LOG_LEVEL: 'trace' } });
  });
  afterAll(() => towpath.stop());

  async function send(path: string, body?: unknown): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${towpath.url}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${towpath.apiToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text() };
  }
  async function push(source: string, more: Record<string, string> = {}): Promise<Answer> {
    const { text } = await send('/workflows/secret-flow/versions', { source, onBehalfOf: 'U0DEV', ...more });
    return JSON.parse(text) as Answer;
  }

  test('are told by place and kind, and the version is given back without them', async () => {
    const { masked } = await push(flow('a'), { note: `took ${SAMPLES.slack}`, fileName: 'flow.yaml' });
    expect(masked).toMatchObject({ more: 0 });
    expect(masked.secrets.map(({ kind, path, line }) => [kind, path, line])).toEqual([
      ['openai', 'steps[0].task', 6],
      ['authorization', 'steps[0].headers.Authorization', 7],
      ['api-key', 'steps[0].headers.x-api-key', 7],
      ['url-password', 'steps[0].url', 8],
      ['query-secret', 'steps[0].url', 8],
      ['github', '', 9],
      ['private-key', 'bindings.cert', 12],
    ]);
    const source = await send('/workflows/secret-flow/versions/1/source');
    expect(source.text.replace(/masked~[a-z0-9-]+~[0-9a-f]{16}/g, 'MASK')).toBe(
      flow('a')
        .replace(PRIVATE_KEY.replace(/^/gm, '    '), '    MASK')
        .replaceAll(
          new RegExp([...Object.values(SAMPLES), 'hunter2hunter2', 'plain-k3y-value'].join('|'), 'g'),
          'MASK',
        ),
    );
  });

  test('make no new version while they stay the same, in another process too, and a new one when they change', async () => {
    expect(await push(flow('a'))).toMatchObject({ created: false, version: { number: 1 } });
    await towpath.terminate();
    await towpath.start();
    expect(await push(flow('a'))).toMatchObject({ created: false, version: { number: 1 } });
    const other = await push(flow('a', 'plain-k3y-value-2'));
    expect(other).toMatchObject({ created: true, version: { number: 2 } });
    expect(other.diff?.sentences.join('\n')).toMatch(/secret/i);
    expect(other.diff?.sentences.join('\n')).not.toContain('masked~');
  });

  test('stay out of refusals', async () => {
    const key = SAMPLES.stripe;
    for (const source of [
      `apiVersion: towpath/v1\nname: x\nsteps: [{ id: a, type: ${key} }]\n`,
      `{"apiVersion": "towpath/v1", "api_key": "hunter2hunter2", "${key}": [}`,
      `a: 1\n"${key}": 2\n"${key}": 3\n`,
    ]) {
      const { status, text } = await send('/workflows/broken/versions', { source, fileName: 'x.yaml' });
      expect(status, source).toBe(422);
      expect(SECRETS.filter((secret) => text.includes(secret.slice(0, 12)))).toEqual([]);
    }
  });

  test('are in no table and no line of the log, whatever was done with the version', async () => {
    const files = [
      { path: 'promptfooconfig.yaml', content: `prompts: [file://p.txt]\nproviders: [openai:gpt]\n` },
      { path: 'p.txt', content: `Answer. ${SAMPLES.anthropic}` },
    ];
    await send('/workflows/bundle-flow/versions', { source: formatBundle(files), onBehalfOf: 'U0DEV' });
    await push(flow('b'), { note: `password: hunter2hunter2` });
    const deployed = await send('/workflows/secret-flow/deployments', { onBehalfOf: 'U0DEV' });
    expect(deployed.status).toBe(201);
    const asked = await send('/promotions', { workflow: 'secret-flow', environment: 'staging', onBehalfOf: 'U0DEV' });
    expect([asked.status, asked.text]).toEqual([409, expect.stringContaining('"does_not_fill"')]);
    expect(asked.text).not.toMatch(/masked~/);
    await untilQuiet(towpath);
    const rows = await allRows(towpath.database.url);
    expect(rows).toContain('masked~');
    const posted = JSON.stringify(['C0GENERAL', 'C0PROD', 'D0DEV'].map((channel) => towpath.slack.messages(channel)));
    for (const secret of SECRETS) {
      expect(rows.includes(secret), `in the database: ${secret.slice(0, 6)}…`).toBe(false);
      expect(towpath.output().includes(secret), `in the log: ${secret.slice(0, 6)}…`).toBe(false);
      expect(posted.includes(secret), `in Slack: ${secret.slice(0, 6)}…`).toBe(false);
    }
  });
});

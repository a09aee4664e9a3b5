import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/domain/configuration/configuration.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import type { UseCases } from '../../../src/use-cases/use-cases.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { type CallOptions, startTestServer, type TestServer } from '../../support/http/start-test-server.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';

const WORKSPACE = { id: 'T0CANAL', name: 'Canal', botUserId: 'U0BOT' };
const flow = (model: string) => `apiVersion: towpath/v1
name: summarize-flow
steps:
  - { id: summarize, type: llm, label: Summarise, provider: anthropic, model: ${model}, task: "Summarise: {{ inputs.ticket }}" }
`;

let database: TestPersistence;
let server: TestServer;
let useCases: UseCases;
const api = (method: string, path: string, options?: CallOptions) => server.call(method, `/api/v1${path}`, options);
const lead = { workspaceId: WORKSPACE.id, userId: 'U0LEE', via: 'slack' as const };

beforeAll(async () => {
  database = await openTestPersistence();
  const configuration = {
    ...defaultConfiguration(),
    people: new Map([['U0LEE', { role: 'lead' as const, departments: [] }]]),
  };
  await makeApplyConfiguration(database.ports)({ workspace: WORKSPACE, configuration, admins: ['U0ADA'] });
  useCases = makeUseCases(withTestDocuments(database.ports), testSecrets);
  const profiles = ['U0DEV', 'U0LEE', 'U0ADA', 'U0OTHER'].map((userId) => ({
    userId,
    name: userId,
    standing: 'member' as const,
    slackAdmin: false,
  }));
  await useCases.recordProfiles({ workspaceId: WORKSPACE.id, profiles });
  server = await startTestServer({
    useCases,
    api: { workspaceId: WORKSPACE.id, apiToken: 'test-token-0123456789abcdef0123456789' },
  });
});
afterAll(async () => {
  await server.stop();
  await database.end();
});

describe('the whole story by the API', () => {
  let promotion: string;

  it('pushes a version once, however often the same content comes', async () => {
    const first = await api('POST', '/workflows/summarize-flow/versions', {
      body: { source: flow('claude-sonnet'), onBehalfOf: 'U0DEV' },
    });
    expect([first.status, first.json]).toEqual([
      201,
      {
        workflow: { name: 'summarize-flow', department: null },
        version: { number: 1, label: null },
        created: true,
        workflowCreated: true,
        diff: null,
        masked: { secrets: [], more: 0 },
      },
    ]);
    const again = await api('POST', '/workflows/summarize-flow/versions', {
      body: flow('claude-sonnet'),
      headers: { 'content-type': 'text/yaml' },
    });
    expect([again.status, again.json.created, again.json.version.number]).toEqual([200, false, 1]);
  });

  it('does nothing in the name of somebody whom Slack never told of', async () => {
    const ghost = { onBehalfOf: 'U0GHOST' };
    const { status, json } = await api('POST', '/workflows/summarize-flow/deployments', { body: ghost });
    expect([status, json.code]).toEqual([403, 'not_permitted']);
    const asked = await api('POST', '/promotions', {
      body: { workflow: 'summarize-flow', environment: 'staging', ...ghost },
    });
    expect([asked.status, asked.json.code]).toEqual([403, 'not_permitted']);
  });

  it('deploys to the first environment in the name of a person, and asks for staging', async () => {
    const deployed = await api('POST', '/workflows/summarize-flow/deployments', {
      body: { onBehalfOf: 'U0DEV', reason: 'first' },
    });
    expect([deployed.status, deployed.json]).toMatchObject([
      201,
      {
        environment: 'development',
        version: { number: 1 },
        replaced: null,
        next: 'staging',
        deployment: { deployedBy: 'U0DEV' },
      },
    ]);
    const asked = await api('POST', '/promotions', {
      body: { workflow: 'summarize-flow', environment: 'stg', onBehalfOf: 'U0DEV', reason: 'ready' },
    });
    expect([asked.status, asked.json.outcome, asked.json.promotion.status]).toEqual([201, 'opened', 'open']);
    promotion = asked.json.promotion.id;
    expect(asked.headers.get('location')).toBe(`/api/v1/promotions/${promotion}`);
    const twice = await api('POST', '/promotions', {
      body: { workflow: 'summarize-flow', environment: 'staging', onBehalfOf: 'U0DEV' },
    });
    expect([twice.status, twice.json.outcome, twice.json.promotion.id]).toEqual([200, 'already-open', promotion]);
  });

  it('counts the person in whose name it was asked as who asked: they cannot approve it, a lead can', async () => {
    const own = { workspaceId: WORKSPACE.id, userId: 'U0DEV', via: 'slack' as const };
    await expect(useCases.approvePromotion({ actor: own, choice: { promotionId: promotion } })).rejects.toMatchObject({
      code: 'own_request',
    });
    expect((await useCases.approvePromotion({ actor: lead, choice: { promotionId: promotion } })).deployed).toBe(true);
    expect((await api('GET', `/promotions/${promotion}`)).json).toMatchObject({
      status: 'deployed',
      approvals: [{ by: 'U0LEE', role: 'lead' }],
      deployment: { active: true },
    });
  });

  it('shows what is live with its definition, and 304 while that holds', async () => {
    const live = await api('GET', '/workflows/summarize-flow/environments/stag');
    expect(live.json).toMatchObject({
      workflow: 'summarize-flow',
      environment: 'staging',
      version: { number: 1, label: null, contentHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      deployment: { status: 'active', promotion },
      definition: { name: 'summarize-flow', steps: [{ id: 'summarize', model: 'claude-sonnet' }] },
    });
    const headers = { 'if-none-match': live.headers.get('etag') ?? '' };
    expect((await api('GET', '/workflows/summarize-flow/environments/staging', { headers })).status).toBe(304);
  });

  it('compares versions and environments, in sentences and in text', async () => {
    await api('POST', '/workflows/summarize-flow/versions', {
      body: { source: flow('claude-opus'), label: 'opus', onBehalfOf: 'U0DEV' },
    });
    const { json } = await api('GET', '/workflows/summarize-flow/diff?from=staging&to=opus');
    expect(json).toMatchObject({ from: { number: 1 }, to: { number: 2, label: 'opus' }, diff: { functional: true } });
    expect(json.diff.sentences.join()).toMatch(/Summarise.*claude-sonnet.*claude-opus/);
    expect(json.code.text).toContain('claude-opus');
    expect((await api('GET', '/workflows/summarize-flow/versions/v2')).json).toMatchObject({
      stage: 'draft',
      author: 'U0DEV',
    });
  });

  it('asks before one request takes the place of another', async () => {
    await api('POST', '/promotions', {
      body: { workflow: 'summarize-flow', environment: 'production', onBehalfOf: 'U0DEV' },
    });
    await api('POST', '/workflows/summarize-flow/deployments', { body: { onBehalfOf: 'U0DEV' } });
    const next = await api('POST', '/promotions', {
      body: { workflow: 'summarize-flow', environment: 'staging', onBehalfOf: 'U0DEV' },
    });
    await useCases.approvePromotion({ actor: lead, choice: { promotionId: next.json.promotion.id } });
    const body = { workflow: 'summarize-flow', environment: 'production', onBehalfOf: 'U0DEV' };
    const refused = await api('POST', '/promotions', { body });
    expect([refused.status, refused.json]).toMatchObject([
      409,
      { code: 'replacement_not_confirmed', open: { version: 1 } },
    ]);
    const replaced = await api('POST', '/promotions', { body: { ...body, replace: refused.json.open.promotionId } });
    expect([replaced.status, replaced.json.promotion.version.number]).toEqual([201, 2]);
  });

  it('lists by cursors, each thing once and newest first', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await api(
        'GET',
        `/promotions?workflow=summarize-flow&limit=1${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      expect(page.json.items.length).toBeLessThanOrEqual(1);
      seen.push(...page.json.items.map((one: { status: string }) => one.status));
      cursor = page.json.cursor;
    } while (cursor !== null);
    expect(seen).toEqual(['open', 'deployed', 'stale', 'deployed']);
    const history = (await api('GET', '/workflows/summarize-flow/environments/staging/deployments')).json.items;
    expect(history).toMatchObject([
      { version: { number: 2 }, status: 'active', approvals: [{ by: 'U0LEE' }] },
      { version: { number: 1 }, status: 'superseded', endedAt: expect.any(String) },
    ]);
    expect((await api('GET', '/promotions?cursor=made-up')).json.code).toBe('invalid_input');
  });

  it('shows the audit with before and after, page by page', async () => {
    const seqs: number[] = [];
    let before: string | null = null;
    do {
      const { json } = await api('GET', `/audit?limit=4${before === null ? '' : `&before=${before}`}`);
      seqs.push(...json.items.map((one: { seq: string }) => Number(one.seq)));
      before = json.cursor;
    } while (before !== null);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => b - a));
    const asked = (await api('GET', '/audit?workflow=summarize-flow&environment=staging&action=promotion.requested'))
      .json.items;
    expect(asked).toMatchObject([
      { actor: 'U0DEV', via: 'api', before: null, after: { status: 'open' } },
      { actor: 'U0DEV', via: 'api' },
    ]);
    expect(seqs.length).toBeGreaterThan(asked.length);
  });

  it.each([
    ['GET', '/workflows/sumarize-flow', undefined, 404, 'unknown_workflow', 'summarize-flow'],
    ['GET', '/workflows/summarize-flow/versions/9', undefined, 404, 'unknown_version', 'v2'],
    ['GET', '/workflows/summarize-flow/environments/qa', undefined, 404, 'unknown_environment', 'staging'],
    ['GET', '/workflows/summarize-flow/environments/production', undefined, 404, 'nothing_active', 'production'],
    ['GET', '/promotions/0190a0b0-0000-7000-8000-000000000001', undefined, 404, 'unknown_promotion', ''],
    [
      'POST',
      '/workflows/summarize-flow/deployments',
      { onBehalfOf: 'U0DEV', version: '2' },
      409,
      'already_active',
      'v2',
    ],
    [
      'POST',
      '/promotions',
      { workflow: 'summarize-flow', environment: 'development', onBehalfOf: 'U0DEV' },
      422,
      'no_environment_before',
      'first',
    ],
    ['POST', '/workflows/summarize-flow/versions', { source: flow('x'), label: 'opus' }, 409, 'label_taken', 'opus'],
    [
      'POST',
      '/workflows/summarize-flow/versions',
      { source: 'apiVersion: towpath/v1\nname: x\nsteps:\n  - { id: a, type: llm }\n  - { id: a, type: llm }\n' },
      422,
      'invalid_definition',
      'line 5',
    ],
  ])('%s %s is refused in words that help', async (method, path, body, status, code, word) => {
    const answer = await api(method, path, body === undefined ? {} : { body });
    expect([answer.status, answer.json.code, answer.json.detail]).toEqual([
      status,
      code,
      expect.stringContaining(word),
    ]);
  });

  it('keeps nothing of another workspace in reach', async () => {
    const other = await startTestServer({
      useCases,
      api: { workspaceId: 'T0OTHER', apiToken: 'test-token-0123456789abcdef0123456789' },
    });
    try {
      expect((await other.call('GET', '/api/v1/workflows')).json.items).toEqual([]);
      expect((await other.call('GET', `/api/v1/promotions/${promotion}`)).status).toBe(404);
      expect((await other.call('GET', '/api/v1/audit')).json.items).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});

describe('text that PostgreSQL cannot hold', () => {
  it('is left out of what is said around a file', async () => {
    const { status } = await api('POST', '/workflows/odd-flow/versions', {
      body: { source: flow('odd'), fileName: 'a\0b.yaml', sourceCommit: 'abc\0', onBehalfOf: 'U0DEV' },
    });
    expect(status).toBe(201);
    expect((await api('GET', '/workflows/odd-flow/versions/1')).json.sourceCommit).toBe('abc');
  });

  it('is no action of the audit', async () => {
    const answer = await api('GET', '/audit?action=%00');
    expect([answer.status, answer.json.code]).toEqual([400, 'validation']);
  });

  it('never stops a label or a rejection: neither half a character, nor one that the limit cuts in two', async () => {
    const note = `a${'😀'.repeat(1_500)}`;
    const label = { actor: lead, workflow: 'odd-flow', version: '1', label: 'odd', note };
    expect((await useCases.labelVersion(label)).version.label).toBe('odd');

    await api('POST', '/workflows/odd-flow/deployments', { body: { onBehalfOf: 'U0DEV' } });
    const body = { workflow: 'odd-flow', environment: 'staging', onBehalfOf: 'U0DEV' };
    const { promotion } = (await api('POST', '/promotions', { body })).json;
    const choice = { promotionId: promotion.id };
    expect((await useCases.rejectPromotion({ actor: lead, choice, reason: 'no \ud83d' })).changed).toBe(true);
    expect((await api('GET', `/promotions/${promotion.id}`)).json.closeReason).toBe('no \ufffd');
  });
});

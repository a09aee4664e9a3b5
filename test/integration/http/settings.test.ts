import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { type CallOptions, startTestServer, type TestServer } from '../../support/http/start-test-server.ts';
import { type Canal, FLOW, openCanal } from '../../support/use-cases/open-canal.ts';
import { withRulesChecked } from '../../support/use-cases/with-rules-checked.ts';

let db: TestPersistence;
let canal: Canal;
let server: TestServer;
withRulesChecked((opened) => {
  db = opened;
});
beforeAll(async () => {
  canal = await openCanal(db.ports, { workspaceId: 'T1' });
  await canal.push('a');
  server = await startTestServer({ useCases: canal.useCases });
});
afterAll(() => server.stop());
beforeEach(async () => {
  await db.sql('DELETE FROM settings_approval');
  await db.sql(`DELETE FROM settings_proposal WHERE status = 'open'`);
});

const call = (method: string, path: string, options?: CallOptions) => server.call(method, `/api/v1${path}`, options);
const put = (path: string, body: object) => call('PUT', path, { body: { onBehalfOf: 'U0ADA', ...body } });
const STAGING = '/environments/staging/settings';
const IN_DEVELOPMENT = `/workflows/${FLOW}/environments/dev/settings`;

describe('changing settings by the API', () => {
  it('applies a layer at once where no approval is asked for, and shows it as the file would write it', async () => {
    const settings = { limits: { timeout: '30s' }, channel: 'C0FLOW' };
    const answer = await put(IN_DEVELOPMENT, { settings, reason: 'slower' });
    expect([answer.status, answer.json.status, answer.json.number]).toEqual([200, 'applied', 1]);
    const { json } = await call('GET', IN_DEVELOPMENT);
    expect(json).toEqual({
      ...{ environment: 'development', workflow: FLOW },
      layer: { number: 1, settings, managed: [], proposal: null },
      webhooks: null,
    });
    expect((await put(IN_DEVELOPMENT, { settings })).json).toEqual({ status: 'unchanged', number: 1, proposal: null });
    const { items } = (await call('GET', `${IN_DEVELOPMENT}/revisions`)).json;
    expect(items).toMatchObject([{ number: 1, settings, changedBy: 'U0ADA', via: 'api', reason: 'slower' }]);
  });

  it('proposes it where approvals are asked for: 202 with what it changes in sentences, and nothing changed yet', async () => {
    const answer = await put(STAGING, { settings: { model: 'claude-haiku' } });
    expect([answer.status, answer.json]).toMatchObject([
      202,
      {
        ...{ status: 'proposed', number: null },
        proposal: {
          ...{ status: 'open', environment: 'staging', workflow: null, basedOn: 0, requestedBy: 'U0ADA' },
          sentences: ['Default model was added: ‘claude-haiku’'],
          needs: 'Approval by 1 lead',
        },
      },
    ]);
    const { layer, own } = (await call('GET', STAGING)).json;
    expect([own, layer]).toMatchObject([null, { number: 0, settings: {}, proposal: { id: answer.json.proposal.id } }]);
    expect((await put(STAGING, { settings: { model: 'other' } })).json).toMatchObject({
      ...{ status: 409, code: 'already_proposed' },
    });
    await canal.useCases.approveSettings({ actor: canal.as('U0LEE'), proposalId: answer.json.proposal.id });
    expect((await call('GET', STAGING)).json.layer).toMatchObject({ number: 1, proposal: null });
  });

  it('does nothing where the layer is not what it was made from', async () => {
    const answer = await put(IN_DEVELOPMENT, { settings: { model: 'x' }, basedOn: 77 });
    expect([answer.status, answer.json.code]).toEqual([409, 'moved_on']);
  });

  it('says every fault, and what to write instead of a secret', async () => {
    const secret = { variables: { OPENAI_API_KEY: `sk-proj-${'aB3dE6gH9jK2mN5p'.repeat(3)}` } };
    const refused = await put(STAGING, { settings: secret });
    expect([refused.status, refused.json.code]).toEqual([400, 'validation']);
    expect(refused.text).toContain('secrets: { OPENAI_API_KEY: { env: OPENAI_API_KEY } }');
    expect(refused.text).not.toContain('aB3dE6gH');
    const faulty = await put(STAGING, { settings: { variables: { lower: 1 }, nope: 1 } });
    const paths = faulty.json.problems.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(['body.settings.variables.lower', 'body.settings']);
    expect((await put(STAGING, { settings: { channel: 'C0FLOW' } })).status).toBe(400);
  });

  it('shows where a workflow’s webhooks go, and takes none: only the file may name what signs', async () => {
    const webhooks = [
      { url: 'https://hooks.example.com/hidden', secretVariable: 'HOOK', events: [], allowPrivate: false },
    ];
    await db.ports.inTransaction('T1', async (tx) => {
      const environmentId = (await tx.environments.pipeline())[2]?.id ?? '';
      const workflowId = (await tx.workflows.find(FLOW))?.id ?? '';
      const settings = { model: 'a', webhooks };
      const by = { changedBy: 'file', via: 'file' as const, reason: null };
      await tx.settings.save({ environmentId, workflowId, settings, ...by, managed: ['webhooks'] });
    });
    const path = `/workflows/${FLOW}/environments/prod/settings`;
    const answers = [await call('GET', path), await call('GET', '/environments/prod/settings')];
    expect(answers[0]?.json).toMatchObject({
      layer: { settings: { model: 'a' }, managed: ['webhooks'] },
      webhooks: [{ host: 'hooks.example.com', events: [] }],
    });
    expect(answers[1]?.json.workflows[0].listed).toContainEqual({
      ...{ name: 'Webhooks', value: 'hooks.example.com', managedByFile: true },
    });
    answers.push(await call('GET', `${path}/revisions`));
    for (const { text } of answers) expect(text).not.toMatch(/hidden|HOOK/);
    const mine = [{ url: 'https://evil.example.com', secret: '$' + '{TOWPATH_KEY}' }];
    for (const named of [mine, webhooks, []]) {
      const refused = await put(path, { settings: { webhooks: named } });
      expect([refused.status, refused.json.problems]).toMatchObject([
        400,
        [{ path: 'body.settings.webhooks', message: expect.stringContaining('stands in towpath.yaml alone') }],
      ]);
    }
    const proposed = await put(path, { settings: { model: 'b' } });
    expect(proposed.json.proposal.sentences).toEqual(['Default model changed from ‘a’ to ‘b’']);
    expect(proposed.text).not.toMatch(/hidden|HOOK/);
  });

  it('brings an earlier revision back by its number, in place of settings', async () => {
    await put(IN_DEVELOPMENT, { settings: { model: 'claude-haiku' } });
    const { items } = (await call('GET', `${IN_DEVELOPMENT}/revisions`)).json;
    const [now, before] = items;
    const answer = await put(IN_DEVELOPMENT, { restores: before.number, basedOn: now.number });
    expect([answer.status, answer.json]).toMatchObject([200, { proposal: { restores: before.number } }]);
    expect((await call('GET', IN_DEVELOPMENT)).json.layer.settings).toEqual(before.settings);
    for (const body of [{}, { settings: {}, restores: 1 }])
      expect((await put(IN_DEVELOPMENT, body)).json).toMatchObject({ status: 400, code: 'validation' });
    expect((await put(IN_DEVELOPMENT, { restores: 999 })).json).toMatchObject({ code: 'unknown_settings_revision' });
  });

  it('asks for the person behind it, whose role is checked', async () => {
    const nobody = await call('PUT', STAGING, { body: { settings: { model: 'x' } } });
    expect([nobody.status, nobody.json.code]).toEqual([400, 'validation']);
    const member = await put(STAGING, { settings: { model: 'x' }, onBehalfOf: 'U0DEV' });
    expect([member.status, member.json.code]).toEqual([403, 'not_permitted']);
  });

  it('has no way to approve what a token proposed', async () => {
    const { json } = await call('GET', '/openapi.json', { token: null });
    expect(Object.keys(json.paths).filter((path) => /propos|settings.*approv/i.test(path))).toEqual([]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { startTestServer, type TestServer } from '../../support/http/start-test-server.ts';
import { type Canal, openCanal } from '../../support/use-cases/open-canal.ts';
import { withRulesChecked } from '../../support/use-cases/with-rules-checked.ts';

let db: TestPersistence;
let canal: Canal;
let server: TestServer;
let nth = 0;
withRulesChecked((opened) => {
  db = opened;
});
beforeAll(async () => {
  canal = await openCanal(db.ports, { workspaceId: 'T1' });
  server = await startTestServer({ useCases: canal.useCases });
});
afterAll(() => server.stop());
beforeEach(async () => {
  nth += 1;
  await db.sql('DELETE FROM settings_approval');
  await db.sql(`DELETE FROM settings_proposal WHERE status = 'open'`);
});

const file = (staging = `{ model: model-${nth} }`) => `environments:
  - { name: development, settings: { variables: { N: ${nth} } }, workflows: { later: { model: a } } }
  - { name: staging, settings: ${staging} }
  - { name: production }
`;
const apply = (body: object) => server.call('POST', '/api/v1/apply', { body: { onBehalfOf: 'U0ADA', ...body } });
const development = async () =>
  (await server.call('GET', '/api/v1/environments/development/settings')).json.layer.settings.variables?.N;

describe('applying a file by the API', () => {
  it('first says what it would do, then does that: 202 where something waits for approval', async () => {
    const planned = await apply({ file: file(), dryRun: true });
    expect([planned.status, planned.json]).toMatchObject([
      200,
      {
        applied: false,
        layers: [
          { environment: 'development', workflow: null, outcome: 'applies', refusal: null, proposal: null },
          { environment: 'staging', outcome: 'needs_approval', sentences: [expect.stringContaining(`model-${nth}`)] },
        ],
        operators: { places: [], more: 0 },
        missing: { workflows: [{ environment: 'development', workflow: 'later' }], more: 0 },
      },
    ]);
    expect(await development()).not.toBe(nth);
    const done = await apply({ file: file(), plan: planned.json.plan, reason: 'because' });
    expect([done.status, done.json]).toMatchObject([
      202,
      {
        applied: true,
        layers: [
          { outcome: 'applied', proposal: { status: 'applied', reason: 'because' } },
          { outcome: 'proposed', proposal: { status: 'open', needs: 'Approval by 1 lead', requestedBy: 'U0ADA' } },
        ],
      },
    ]);
    expect(await development()).toBe(nth);
    expect((await apply({ file: file('{}') })).status).toBe(200);
  });

  it('refuses what the shown plan is no longer, and says in the plan who could', async () => {
    const { json } = await apply({ file: file(), dryRun: true });
    await apply({ file: file('{}') });
    expect((await apply({ file: file(), plan: json.plan })).json).toMatchObject({ status: 409, code: 'moved_on' });
    await canal.useCases.proposeSettings({
      ...{ actor: canal.as('U0ABE'), environment: 'staging', settings: { model: 'other' } },
    });
    const [, staging] = (await apply({ file: file(), dryRun: true })).json.layers;
    expect(staging).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'already_proposed', message: expect.stringContaining('by @U0ABE') },
    });
    expect((await apply({ file: file() })).json).toMatchObject({ status: 409, code: 'already_proposed' });
  });

  it('says every line of a file that is wrong', async () => {
    const wrong = await apply({ file: 'enviroments: []\ndefaultRole: boss\n' });
    expect([wrong.status, wrong.json.code]).toEqual([422, 'invalid_input']);
    expect(wrong.json.problems).toHaveLength(2);
    expect(wrong.json.detail).toMatch(/towpath.yaml, line 1.*did you mean “environments”.*line 2/);
    const secret = `sk-proj-${'aB3dE6gH9jK2mN5p'.repeat(3)}`;
    const refused = await apply({ file: file(`{ variables: { OPENAI_API_KEY: ${secret} } }`) });
    expect([refused.status, refused.text.includes('aB3dE6gH')]).toEqual([422, false]);
  });

  it('takes files up to 512 KB, and asks for the person behind it', async () => {
    const long = (length: number) => ({ file: `${file('{}')}#${'"'.repeat(length)}` });
    expect((await apply(long(500 * 1024))).status).toBe(200);
    expect((await apply(long(512 * 1024))).status).toBe(400);
    expect((await apply(long(2 * 1024 * 1024))).status).toBe(413);
    const nobody = await server.call('POST', '/api/v1/apply', { body: { file: file() } });
    expect([nobody.status, nobody.json.code]).toEqual([400, 'validation']);
    expect((await apply({ file: file(), onBehalfOf: 'U0DEV' })).json).toMatchObject({
      ...{ status: 403, code: 'not_permitted' },
    });
  });
});

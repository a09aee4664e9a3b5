import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import { aFlow, give, goLive } from '../../support/data-plane/flows.ts';
import {
  type DataPlaneServer,
  makeToken,
  OPERATOR,
  startDataPlaneServer,
} from '../../support/data-plane/start-data-plane-server.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { seedWorkspace } from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';
import type { Answer, CallOptions } from '../../support/http/start-test-server.ts';

let db: TestPersistence;
let workspaceId: string;
let staging: Environment;
let production: Environment;
let server: DataPlaneServer;
let count = 0;
let slug: string;

withTestPersistence((persistence) => {
  db = persistence;
});
beforeAll(async () => {
  ({ workspaceId, staging, production } = await seedWorkspace(db.ports));
  server = await startDataPlaneServer({ url: db.url, workspaceId });
});
afterAll(() => server.stop());
beforeEach(() => {
  slug = `flow-${++count}`;
});

const get = (path: string, options: CallOptions = {}): Promise<Answer> =>
  server.call('GET', `/api/v1/workflows/${path}`, { token: OPERATOR, ...options });
const resolved = (environment = 'staging', options?: CallOptions) =>
  get(`${slug}/environments/${environment}/resolved`, options);

/** A flow that is live in staging and production, with a model of its own in each. */
async function liveFlow(): Promise<void> {
  const { workflow, versions } = await aFlow(db.ports, workspaceId, { slug, versions: 2 });
  await goLive(db.ports, workspaceId, versions[1]!, staging);
  await goLive(db.ports, workspaceId, versions[0]!, production);
  await give(db.ports, workspaceId, staging, { variables: { MARK: 'small' } }, workflow);
  await give(db.ports, workspaceId, production, { variables: { MARK: 'large' } }, workflow);
}

describe('what runs', () => {
  it('is the version that is live, filled with the settings of its environment and of itself there', async () => {
    const { workflow, versions } = await aFlow(db.ports, workspaceId, { slug, versions: 2 });
    const deployed = await goLive(db.ports, workspaceId, versions[1]!, staging);
    const wide = { variables: { MARK: 'wide' }, limits: { timeout: 30_000 }, runner: 'fleet' };
    const secrets = { SLACK_TOKEN: { env: 'STAGING_SLACK' } };
    await give(db.ports, workspaceId, staging, { ...wide, secrets });
    const number = await give(db.ports, workspaceId, staging, { variables: { MARK: 'narrow' } }, workflow);
    const answer = await resolved();
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      workflow: slug,
      environment: 'staging',
      version: { number: 2, label: null, contentHash: versions[1]!.contentHash },
      deployment: { id: deployed.id, deployedAt: deployed.deployedAt.toISOString() },
      settingsRevision: number,
      heldSettings: null,
      format: 'towpath',
      definition: { steps: [{ id: 'answer', model: 'narrow', systemPrompt: 'version 2' }] },
      limits: { timeout: 30_000 },
      runner: 'fleet',
      namespace: `staging:${slug}:`,
      trace: {
        'deployment.environment.name': 'staging',
        'towpath.workflow.name': slug,
        'towpath.workflow.version': 2,
        'towpath.deployment.id': deployed.id,
      },
    });
    // Not where secrets come from, needed or not.
    expect(answer.text).not.toContain('STAGING_SLACK');
  });

  it('is another one in each environment, and the same by both addresses', async () => {
    await liveFlow();
    const [one, other] = [await resolved('staging'), await resolved('production')];
    expect([one.json.definition.steps[0].model, other.json.definition.steps[0].model]).toEqual(['small', 'large']);
    const byQuery = await get(`${slug.toUpperCase()}/resolve?environment=prod&key=anybody`);
    expect(byQuery.text).toBe(other.text);
  });

  it('has a strong tag and is not sent again to who has it', async () => {
    await liveFlow();
    const first = await resolved();
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(first.headers.get('cache-control')).toBe(
      'private, max-age=0, stale-while-revalidate=60, stale-if-error=86400',
    );
    for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await resolved('staging', { headers: { 'if-none-match': tags } });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    const head = await server.call('HEAD', `/api/v1/workflows/${slug}/environments/staging/resolved`, {
      token: OPERATOR,
    });
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', etag]);
    expect((await resolved('staging', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('is another answer after a deployment, a change of settings of either layer and a new label', async () => {
    const { workflow, versions } = await aFlow(db.ports, workspaceId, { slug, versions: 2 });
    await give(db.ports, workspaceId, staging, { variables: { MARK: 'one' } });
    await goLive(db.ports, workspaceId, versions[0]!, staging);
    const shown = async () => {
      const { version, definition } = (await resolved()).json;
      return [version.number, version.label, definition.steps[0].model];
    };
    expect(await shown()).toEqual([1, null, 'one']);
    await goLive(db.ports, workspaceId, versions[1]!, staging);
    await expect.poll(shown).toEqual([2, null, 'one']);
    await give(db.ports, workspaceId, staging, { variables: { MARK: 'two' } });
    await expect.poll(shown).toEqual([2, null, 'two']);
    await give(db.ports, workspaceId, staging, { variables: { MARK: 'three' } }, workflow);
    await expect.poll(shown).toEqual([2, null, 'three']);
    await db.ports.inTransaction(workspaceId, (tx) => tx.versions.setLabel(versions[1]!.id, 'calmer', null));
    await expect.poll(shown).toEqual([2, 'calmer', 'three']);
  });
});

describe('what does not run', () => {
  it('is refused: no environment, an unknown one, an unknown workflow, nothing live', async () => {
    const { versions } = await aFlow(db.ports, workspaceId, { slug, versions: 1, model: 'claude' });
    await goLive(db.ports, workspaceId, versions[0]!, staging);
    const refusal = ({ status, json }: Answer) => [status, json.code];
    expect(refusal(await get(`${slug}/resolve`))).toEqual([400, 'validation']);
    expect(refusal(await get(`${slug}/resolve?environment=`))).toEqual([400, 'validation']);
    expect(refusal(await get(`${slug}/environments/moon/resolved`))).toEqual([404, 'unknown_environment']);
    expect(refusal(await get('nowhere/environments/staging/resolved'))).toEqual([404, 'unknown_workflow']);
    expect(refusal(await get(`${slug}/environments/production/resolved`))).toEqual([404, 'nothing_active']);
  });

  it('names every variable that is missing, and where, and runs as soon as it is given', async () => {
    const { workflow, versions } = await aFlow(db.ports, workspaceId, { slug, model: '${ONE}-${TWO}' });
    await goLive(db.ports, workspaceId, versions[0]!, staging);
    const { status, json } = await resolved();
    expect([status, json.code]).toEqual([409, 'does_not_fill']);
    expect(json.problems.map(({ name, path }: { name: string; path: string }) => [name, path])).toEqual([
      ['ONE', 'steps[0].model'],
      ['TWO', 'steps[0].model'],
    ]);
    await give(db.ports, workspaceId, staging, { variables: { ONE: 1, TWO: 2 } }, workflow);
    await expect.poll(async () => (await resolved()).json.definition?.steps[0].model).toBe('1-2');
  });

  it('runs with the settings of before, and says so, where a rollback brought it back and the present ones do not fill it', async () => {
    const { workflow, versions } = await aFlow(db.ports, workspaceId, { slug, versions: 2, model: 'x-${OLD}' });
    const first = await give(db.ports, workspaceId, staging, { variables: { OLD: 'was' } }, workflow);
    const removed = await goLive(db.ports, workspaceId, versions[0]!, staging);
    const live = await goLive(db.ports, workspaceId, versions[1]!, staging);
    const second = await give(db.ports, workspaceId, staging, { variables: { NEW: 'is' } }, workflow);
    expect((await resolved()).json.code).toBe('does_not_fill');
    await db.ports.inTransaction(workspaceId, async (tx) => {
      const to = await tx.deployments.getById(removed.id);
      await tx.deployments.rollBack({ removed: live, restored: to, by: 'U0DEV', reason: null, originChannel: null });
    });
    await expect.poll(async () => (await resolved()).status).toBe(200);
    const { json } = await resolved();
    expect(json).toMatchObject({
      version: { number: 1 },
      settingsRevision: first,
      heldSettings: { present: second, problems: [expect.stringContaining('OLD')] },
      definition: { steps: [{ model: 'x-was' }] },
    });
    const third = await give(db.ports, workspaceId, staging, { variables: { OLD: 'now' } }, workflow);
    await expect
      .poll(async () => (await resolved()).json)
      .toMatchObject({ settingsRevision: third, heldSettings: null, definition: { steps: [{ model: 'x-now' }] } });
  });
});

describe('a token for one environment', () => {
  it('sees what runs there, and nothing else as if nothing else were there', async () => {
    await liveFlow();
    const token = await makeToken(db.ports, workspaceId, production.id);
    expect((await resolved('production', { token })).json.definition.steps[0].model).toBe('large');
    expect((await get(`${slug}/resolve?environment=prod`, { token })).status).toBe(200);
    for (const environment of ['staging', 'development', 'moon', 'stag'])
      expect((await resolved(environment, { token })).json).toMatchObject({ status: 404, code: 'unknown_environment' });
    expect((await get(`${slug}/resolve`, { token })).status).toBe(400);
    const unknown = await get('nowhere/environments/production/resolved', { token });
    expect([unknown.status, unknown.json.code]).toEqual([404, 'nothing_active']);
  });

  it('needs the scope to resolve', async () => {
    await liveFlow();
    const token = await makeToken(db.ports, workspaceId, production.id, ['runs']);
    expect((await resolved('production', { token })).json).toMatchObject({ status: 403, code: 'insufficient_scope' });
    expect((await server.call('GET', '/api/v1/stream?environment=production', { token })).status).toBe(403);
    const application = await makeToken(db.ports, workspaceId, null, ['read']);
    expect((await resolved('production', { token: application })).status).toBe(403);
  });
});

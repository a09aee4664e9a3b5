import { beforeEach, describe, expect, test } from 'vitest';
import { makeReadSecret } from '../../../src/use-cases/read-secret.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { anActor, createWorkflow, seedWorkspace } from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';

let db: TestPersistence;
withTestPersistence((opened) => {
  db = opened;
});
let workspaceId: string;
const read = (environment: string, name = 'OPENAI_API_KEY', workflow = 'triage') =>
  makeReadSecret(
    db.ports,
    testSecrets,
  )({
    actor: { ...anActor(workspaceId, 'token:runner'), via: 'api' },
    ...{ workflow, environment, name },
  });
const audited = () =>
  db.ports.reading(workspaceId, async (tx) => (await tx.audit.list({ action: 'secret.read', limit: 50 })).items);

beforeEach(async () => {
  const seeded = await seedWorkspace(db.ports);
  workspaceId = seeded.workspaceId;
  const { id: workflowId } = await db.ports.inTransaction(workspaceId, (tx) => createWorkflow(tx, 'triage'));
  const give = (environmentId: string, of: string | null, env: string) =>
    db.ports.inTransaction(workspaceId, (tx) =>
      tx.settings.save({
        ...{ environmentId, workflowId: of, changedBy: 'file', via: 'file', reason: null },
        settings: { secrets: { OPENAI_API_KEY: { env } } },
      }),
    );
  await give(seeded.staging.id, null, 'PRODUCTION_OPENAI_KEY');
  await give(seeded.staging.id, workflowId, 'STAGING_OPENAI_KEY');
  await give(seeded.production.id, null, 'GONE_OPENAI_KEY');
});

describe('Reading a secret', () => {
  test('gives what the narrower settings name, and is audited by name, never by value', async () => {
    expect(await read('staging')).toEqual({ name: 'OPENAI_API_KEY', value: 'a key of staging' });
    const events = await audited();
    expect(events.map(({ actor, subject }) => [actor, subject])).toEqual([['token:runner', 'secret:OPENAI_API_KEY']]);
    expect(JSON.stringify(events)).not.toContain('a key of staging');
  });

  test('is refused for names, workflows and environments that are not there, and nothing is audited', async () => {
    await expect(read('development')).rejects.toMatchObject({ code: 'unknown_secret' });
    await expect(read('staging', 'OTHER')).rejects.toMatchObject({ code: 'unknown_secret' });
    await expect(read('staging', 'constructor')).rejects.toMatchObject({ code: 'unknown_secret' });
    await expect(read('staging', 'OPENAI_API_KEY', 'other')).rejects.toMatchObject({ code: 'unknown_workflow' });
    await expect(read('nowhere')).rejects.toMatchObject({ code: 'unknown_environment' });
    expect(await audited()).toEqual([]);
  });

  test('is audited also where its place turns out to be empty', async () => {
    await expect(read('production')).rejects.toMatchObject({ code: 'secret_unavailable' });
    expect(await audited()).toHaveLength(1);
  });
});

import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { NewEnvironment } from '../../../src/use-cases/ports.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { anEnvironment, PIPELINE } from '../../support/database/seed.ts';
import { withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';

let db: TestPersistence;
let workspaceId: string;
let development: Environment;
let staging: Environment;
const { write } = withSeededWorkspace((seeded) => {
  ({ db, workspaceId, development, staging } = seeded);
});
const pipeline = () => db.ports.reading(workspaceId, (tx) => tx.environments.pipeline());
const names = async () => (await pipeline()).map((environment) => environment.name);

describe('a workspace', () => {
  test('gets the default pipeline once, however many processes start at once, and keeps its own afterwards', async () => {
    const fresh = `T${randomBytes(6).toString('hex')}`;
    const ensure = () =>
      db.ports.inTransaction(fresh, (tx) => tx.workspace.ensure({ name: 'Canal', botUserId: 'U0BOT' }, PIPELINE));
    await Promise.all(Array.from({ length: 20 }, ensure));
    await db.ports.inTransaction(fresh, (tx) =>
      tx.environments.replace([anEnvironment('dev', 0), anEnvironment('live', 1)]),
    );
    await ensure();
    expect((await db.ports.reading(fresh, (tx) => tx.environments.pipeline())).map((e) => e.name)).toEqual([
      'dev',
      'live',
    ]);
  });

  test('keeps its settings, and stands on defaults before it has any', async () => {
    await write((tx) => tx.workspace.saveSettings({ defaultRole: 'viewer', departments: ['support', 'growth'] }));
    expect(await db.ports.reading(workspaceId, (tx) => tx.workspace.getSettings())).toEqual({
      defaultRole: 'viewer',
      departments: ['support', 'growth'],
    });
    expect(await db.ports.reading('T0NOBODY', (tx) => tx.workspace.getSettings())).toEqual({
      defaultRole: 'member',
      departments: [],
    });
  });
});

describe('the pipeline', () => {
  test('is read as it was written, with all that belongs to an environment', async () => {
    const wanted: NewEnvironment = anEnvironment('staging', 1, {
      aliases: ['stg'],
      badge: ':large_yellow_circle:',
      channel: 'C0STAGING',
      policy: {
        approvals: [
          { role: 'lead', count: 2 },
          { role: 'admin', count: 1 },
        ],
        expireAfter: 1000,
        rollback: { role: 'lead' },
      },
      webhooks: [
        {
          url: 'https://ci.example.com/x',
          secretVariable: 'SECRET',
          events: ['deployment.activated'],
          allowPrivate: true,
        },
      ],
    });
    await write((tx) => tx.environments.replace([anEnvironment('development', 0), wanted]));
    expect(await pipeline()).toEqual([
      { ...anEnvironment('development', 0), id: development.id },
      { ...wanted, id: staging.id },
    ]);
  });

  test('may be reordered', async () => {
    await write((tx) =>
      tx.environments.replace([
        anEnvironment('production', 0),
        anEnvironment('development', 1),
        anEnvironment('staging', 2),
      ]),
    );
    expect(await names()).toEqual(['production', 'development', 'staging']);
  });

  test('what is left out is archived, still known by its id, and the same again when it comes back', async () => {
    await write((tx) => tx.environments.replace([anEnvironment('development', 0), anEnvironment('production', 1)]));
    expect(await names()).toEqual(['development', 'production']);
    const read = await db.ports.reading(
      workspaceId,
      async (tx) => [await tx.environments.get(staging.id), await tx.environments.getMany([staging.id])] as const,
    );
    expect(read).toEqual([staging, new Map([[staging.id, staging]])]);
    await write((tx) =>
      tx.environments.replace([
        anEnvironment('development', 0),
        anEnvironment('Staging', 1),
        anEnvironment('production', 2),
      ]),
    );
    expect((await pipeline())[1]).toEqual({ ...staging, name: 'Staging' });
  });

  test('stays as it is for whoever locked it', async () => {
    const order: string[] = [];
    let replacing: Promise<void> = Promise.resolve();
    await write(async (tx) => {
      await tx.environments.pipelineLocked();
      replacing = write((other) => other.environments.replace([...PIPELINE, anEnvironment('canary', 3)])).then(
        () => void order.push('replaced'),
      );
      const waits = async () =>
        (await db.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"))
          .length;
      await expect.poll(waits, { timeout: 5000 }).toBe(1);
      order.push('acted');
    });
    await replacing;
    expect(order).toEqual(['acted', 'replaced']);
    expect(await write((tx) => tx.environments.pipelineLocked())).toHaveLength(4);
  });
});

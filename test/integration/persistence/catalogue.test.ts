import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Version } from '../../../src/domain/version.ts';
import type { NewEnvironment, Transaction } from '../../../src/use-cases/ports.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import {
  activate,
  anEnvironment,
  createVersion,
  createWorkflow,
  PIPELINE,
  seedWorkspace,
} from '../../support/database/seed.ts';

let db: TestPersistence;
let workspaceId: string;
let development: Environment;
let staging: Environment;
const write = <T>(work: (tx: Transaction) => Promise<T>) => db.ports.inTransaction(workspaceId, work);
const pipeline = () => db.ports.reading(workspaceId, (tx) => tx.environments.pipeline());
const names = async () => (await pipeline()).map((environment) => environment.name);

beforeAll(async () => {
  db = await openTestPersistence();
});
beforeEach(async () => {
  ({ workspaceId, development, staging } = await seedWorkspace(db.ports));
});
afterAll(() => db.end());

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

describe('workflows', () => {
  test('are found by slug and id, locked or not, and changed', async () => {
    const workflow = await write((tx) => createWorkflow(tx, 'summarize-flow'));
    await write((tx) => tx.workflows.update({ ...workflow, department: 'support', ownerId: 'U0LEE' }));
    const changed = { ...workflow, department: 'support', ownerId: 'U0LEE' };
    await write(async (tx) => {
      for (const found of [
        await tx.workflows.find('summarize-flow'),
        await tx.workflows.findLocked('summarize-flow'),
        await tx.workflows.getById(workflow.id),
        await tx.workflows.getByIdLocked(workflow.id),
        (await tx.workflows.getMany([workflow.id])).get(workflow.id),
      ])
        expect(found).toEqual(changed);
    });
  });

  test('of twenty first pushes at once one makes the workflow, and all find it', async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, () =>
        write(async (tx) => ((await tx.workflows.findLocked('new-flow')) ?? (await createWorkflow(tx, 'new-flow'))).id),
      ),
    );
    expect(new Set(ids).size).toBe(1);
  });

  test('the most alike slugs come first, at most as many as asked for', async () => {
    await write(async (tx) => {
      for (const slug of ['summarize-flow', 'summarise-flow', 'triage', 'route-tickets'])
        await createWorkflow(tx, slug);
    });
    const nearest = (slug: string, limit: number) =>
      db.ports.reading(workspaceId, (tx) => tx.workflows.nearestSlugs(slug, limit));
    expect(await nearest('sumarize-flow', 2)).toEqual(['summarize-flow', 'summarise-flow']);
    expect(await nearest('xtriage', 1)).toEqual(['triage']);
    expect(await nearest('', 9)).toHaveLength(4);
  });

  test('among thousands, those that begin alike are not lost', async () => {
    await db.sql(
      "INSERT INTO workflow (workspace_id, slug, owner_id, format, created_by) SELECT $1, 'a-' || i, 'U', 'towpath', 'U' FROM generate_series(1, 5000) AS i",
      [workspaceId],
    );
    await write((tx) => createWorkflow(tx, 'summarize-flow'));
    expect(await db.ports.reading(workspaceId, (tx) => tx.workflows.nearestSlugs('summarise-flow', 1))).toEqual([
      'summarize-flow',
    ]);
  });

  test('are listed newest first, page by page, of everybody or of one owner', async () => {
    const slugs = ['a', 'b', 'c', 'd', 'e'];
    for (const slug of slugs)
      await write((tx) =>
        tx.workflows.create({
          slug,
          department: null,
          ownerId: slug === 'c' ? 'U0LEE' : 'U0DEV',
          format: 'towpath',
          createdBy: 'U',
        }),
      );
    const all = async (owner?: string) => {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: { items: { slug: string }[]; cursor: string | null } = await db.ports.reading(workspaceId, (tx) =>
          tx.workflows.list({
            limit: 2,
            ...(cursor === null ? {} : { cursor }),
            ...(owner === undefined ? {} : { owner }),
          }),
        );
        seen.push(...page.items.map((workflow) => workflow.slug));
        cursor = page.cursor;
      } while (cursor !== null);
      return seen;
    };
    expect((await all()).sort()).toEqual(slugs);
    expect(await all('U0LEE')).toEqual(['c']);
    expect((await db.ports.reading(workspaceId, (tx) => tx.workflows.list({ limit: 100_000 }))).items).toHaveLength(5);
  });
});

describe('versions', () => {
  let workflowId: string;
  beforeEach(async () => {
    ({ id: workflowId } = await write((tx) => createWorkflow(tx)));
  });

  test('are numbered one by one, also when twenty are pushed at once', async () => {
    const pushed = await Promise.all(
      Array.from({ length: 20 }, () =>
        write(async (tx) => {
          await tx.workflows.getByIdLocked(workflowId);
          return createVersion(tx, workflowId);
        }),
      ),
    );
    expect(pushed.map((version) => version.number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });

  test('are found by number, label, content and id, and give back what was pushed', async () => {
    const source = 'name: flow # ünïcode 🚣';
    const version = await write((tx) =>
      createVersion(tx, workflowId, { label: 'add-urgency', note: 'n', sourceCommit: 'abc', source }),
    );
    await db.ports.reading(workspaceId, async (tx) => {
      for (const found of [
        await tx.versions.find(workflowId, { by: 'number', number: 1 }),
        await tx.versions.find(workflowId, { by: 'label', label: 'Add-Urgency' }),
        await tx.versions.findByContentHash(workflowId, version.contentHash),
        await tx.versions.getById(version.id),
        (await tx.versions.getMany([version.id])).get(version.id),
        await tx.versions.newest(workflowId),
        (await tx.versions.newestOf([workflowId])).get(workflowId),
      ])
        expect(found).toEqual(version);
      expect(await tx.versions.find(workflowId, { by: 'number', number: 2_147_483_647 })).toBeNull();
      expect(await tx.versions.content(version.id)).toEqual({ source, fileName: 'flow.yaml', format: 'towpath' });
    });
  });

  test('a label may be given later; a note only replaces another one', async () => {
    const version = await write((tx) => createVersion(tx, workflowId, { note: 'kept' }));
    await write((tx) => tx.versions.setLabel(version.id, 'first', null));
    await write((tx) => tx.versions.setLabel(version.id, 'second', 'new'));
    await write((tx) => tx.versions.setLabel(version.id, 'third', null));
    expect(await db.ports.reading(workspaceId, (tx) => tx.versions.getById(version.id))).toEqual({
      ...version,
      label: 'third',
      note: 'new',
    });
  });

  test('the newest of several workflows come at once', async () => {
    const others = await write(async (tx) => {
      const other = await createWorkflow(tx);
      const empty = await createWorkflow(tx);
      await createVersion(tx, workflowId);
      return { newest: await createVersion(tx, workflowId), other: await createVersion(tx, other.id), empty };
    });
    const newest = await db.ports.reading(workspaceId, (tx) =>
      tx.versions.newestOf([workflowId, others.other.workflowId, others.empty.id]),
    );
    expect(newest).toEqual(
      new Map([
        [workflowId, others.newest],
        [others.other.workflowId, others.other],
      ]),
    );
  });

  test('are listed newest first, page by page', async () => {
    await write(async (tx) => {
      for (let i = 0; i < 5; i++) await createVersion(tx, workflowId);
    });
    const numbers: number[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: Version[]; cursor: string | null } = await db.ports.reading(workspaceId, (tx) =>
        tx.versions.list(workflowId, { limit: 2, ...(cursor === null ? {} : { cursor }) }),
      );
      numbers.push(...page.items.map((version) => version.number));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(numbers).toEqual([5, 4, 3, 2, 1]);
  });

  test('which were ever deployed is known', async () => {
    const [deployed, draft] = await write(async (tx) => [
      await createVersion(tx, workflowId),
      await createVersion(tx, workflowId),
    ]);
    await write((tx) => activate(tx, deployed as Version, development));
    await write((tx) => activate(tx, deployed as Version, staging));
    const ever = await db.ports.reading(workspaceId, (tx) =>
      tx.versions.everDeployed([deployed?.id ?? '', draft?.id ?? '', 'x']),
    );
    expect(ever).toEqual(new Set([deployed?.id]));
  });
});

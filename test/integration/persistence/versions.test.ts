import { beforeEach, describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Version } from '../../../src/domain/version.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { activate, createVersion, createWorkflow } from '../../support/database/seed.ts';
import { withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';

let db: TestPersistence;
let workspaceId: string;
let development: Environment;
let staging: Environment;
const { write } = withSeededWorkspace((seeded) => {
  ({ db, workspaceId, development, staging } = seeded);
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

import { describe, expect, test } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { createWorkflow } from '../../support/database/seed.ts';
import { withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';

let db: TestPersistence;
let workspaceId: string;
const { write } = withSeededWorkspace((seeded) => {
  ({ db, workspaceId } = seeded);
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

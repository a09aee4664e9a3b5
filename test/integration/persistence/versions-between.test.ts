import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { createVersion, createWorkflow, seedWorkspace } from '../../support/database/seed.ts';

let database: TestPersistence;
beforeAll(async () => {
  database = await openTestPersistence();
});
afterAll(() => database.end());

test('versions between two numbers come newest first, bounded and counted, of this workflow and workspace alone', async () => {
  const { ports } = database;
  const [ours, theirs] = [await seedWorkspace(ports), await seedWorkspace(ports)];
  const workflow = await ports.inTransaction(ours.workspaceId, async (tx) => {
    const [made, other] = [await createWorkflow(tx), await createWorkflow(tx)];
    for (let nth = 1; nth <= 9; nth += 1) {
      await createVersion(tx, made.id, { contentHash: `a${nth}`, author: `U${nth}` });
      await createVersion(tx, other.id, { contentHash: `b${nth}` });
    }
    return made;
  });
  const between = (workspaceId: string, above: number, below: number, limit: number) =>
    ports.reading(workspaceId, async (tx) => {
      const { items, total } = await tx.versions.between(workflow.id, { above, below }, limit);
      return [items.map(({ number, author }) => `${number} ${author}`), total];
    });
  expect(await between(ours.workspaceId, 2, 7, 3)).toEqual([['6 U6', '5 U5', '4 U4'], 4]);
  expect(await between(ours.workspaceId, 2, 4, 100)).toEqual([['3 U3'], 1]);
  expect(await between(ours.workspaceId, 4, 5, 5)).toEqual([[], 0]);
  expect(await between(theirs.workspaceId, 0, 100, 5)).toEqual([[], 0]);
});

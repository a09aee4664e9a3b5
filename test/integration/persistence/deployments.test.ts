import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { assertCanUndo } from '../../../src/domain/deployment.ts';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Version } from '../../../src/domain/version.ts';
import type { Transaction } from '../../../src/use-cases/ports.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import {
  activate,
  createVersion,
  createWorkflow,
  requestPromotion,
  seedWorkspace,
} from '../../support/database/seed.ts';

let db: TestPersistence;
let workspaceId: string;
let development: Environment;
let staging: Environment;
let workflowId: string;
let versions: Version[];
const act = <T>(work: (tx: Transaction) => Promise<T>) =>
  db.ports.inTransaction(workspaceId, async (tx) => {
    await tx.workflows.getByIdLocked(workflowId);
    return work(tx);
  });
const version = (n: number) => versions[n - 1] as Version;
const deploy = (n: number) => act((tx) => activate(tx, version(n), development));
const active = () => db.ports.reading(workspaceId, (tx) => tx.deployments.findActive(workflowId, development.id));
const rollBack = async (by = 'U0ONCALL') => {
  const removed = await active();
  const [, restored] = await db.ports.reading(workspaceId, (tx) => tx.deployments.history(workflowId, development.id));
  if (removed === null || restored === undefined) throw new Error('There is nothing to roll back.');
  return act((tx) => tx.deployments.rollBack({ removed, restored, by, reason: 'timeouts', originChannel: 'C0OPS' }));
};

beforeAll(async () => {
  db = await openTestPersistence();
});
beforeEach(async () => {
  ({ workspaceId, development, staging } = await seedWorkspace(db.ports));
  [workflowId, versions] = await db.ports.inTransaction(workspaceId, async (tx) => {
    const { id } = await createWorkflow(tx);
    return [id, [await createVersion(tx, id), await createVersion(tx, id), await createVersion(tx, id)]];
  });
});
afterAll(() => db.end());

describe('going live', () => {
  test('the first deployment replaces nothing and is active since it was deployed', async () => {
    const deployment = await deploy(1);
    expect(deployment).toMatchObject({
      status: 'active',
      replacesId: null,
      endedAt: null,
      versionId: version(1).id,
      changes: ['Model of ‘Summarise’ changed'],
    });
    expect(await active()).toEqual({ ...deployment, since: deployment.deployedAt });
  });

  test('the next one supersedes it at the very instant it goes live', async () => {
    const first = await deploy(1);
    const second = await act((tx) =>
      tx.deployments.activate({
        workflowId,
        environmentId: development.id,
        versionId: version(2).id,
        promotionId: null,
        deployedBy: 'U0LEE',
        reason: 'better',
        changes: [],
      }),
    );
    expect(second.superseded).toMatchObject({ id: first.id, status: 'superseded', endedBy: 'U0LEE' });
    expect(second.superseded?.endedAt).toEqual(second.activated.deployedAt);
    expect(second.activated).toMatchObject({ replacesId: first.id, reason: 'better' });
  });

  test('twenty at once leave one active, each replacing another, in one order', async () => {
    const deployed = await Promise.all(Array.from({ length: 20 }, (_, i) => deploy((i % 3) + 1)));
    const history = await db.ports.reading(workspaceId, (tx) => tx.deployments.history(workflowId, development.id));
    expect(history.filter((d) => d.status === 'active')).toHaveLength(1);
    expect(history[0]?.status).toBe('active');
    expect(new Set(history.map((d) => d.deployedAt.getTime())).size).toBe(20);
    expect(new Set(deployed.map((d) => d.replacesId)).size).toBe(20);
    for (const [i, deployment] of history.entries()) expect(deployment.replacesId).toBe(history[i + 1]?.id ?? null);
  });

  test('one after the other in one transaction still go live one after the other', async () => {
    const [first, second] = await act(async (tx) => [
      await activate(tx, version(1), development),
      await activate(tx, version(2), development),
    ]);
    expect(second?.deployedAt.getTime()).toBeGreaterThan(first?.deployedAt.getTime() ?? Infinity);
  });

  test('each environment has its own', async () => {
    await deploy(1);
    await act((tx) => activate(tx, version(2), staging));
    const all = await db.ports.reading(workspaceId, (tx) => tx.deployments.listActive([workflowId, 'not-an-id']));
    expect(new Map(all.map((d) => [d.environmentId, d.versionId]))).toEqual(
      new Map([
        [development.id, version(1).id],
        [staging.id, version(2).id],
      ]),
    );
  });

  test('a promotion is found by what it became, and becomes it once', async () => {
    await deploy(1);
    const promotion = await act((tx) => requestPromotion(tx, version(1), development, staging));
    const deployment = await act((tx) => activate(tx, version(1), staging, promotion.id));
    expect(await db.ports.reading(workspaceId, (tx) => tx.deployments.findByPromotion(promotion.id))).toEqual(
      deployment,
    );
    await expect(act((tx) => activate(tx, version(1), staging, promotion.id))).rejects.toThrow();
  });
});

describe('the clock', () => {
  test('whoever waits for the lock acts later than whoever held it', async () => {
    let began: () => void = () => undefined;
    const holding = new Promise<void>((resolve) => {
      began = resolve;
    });
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const holder = act(async (tx) => {
      began();
      await released;
      const at = (await activate(tx, version(1), development)).deployedAt;
      return at;
    });
    await holding;
    let startedAt = new Date(0);
    const waiter = db.ports.inTransaction(workspaceId, async (tx) => {
      startedAt = tx.now;
      setTimeout(release, 50);
      await tx.workflows.getByIdLocked(workflowId);
      return { now: tx.now, at: (await activate(tx, version(2), development)).deployedAt };
    });
    const [heldAt, waited] = await Promise.all([holder, waiter]);
    expect(waited.now.getTime()).toBeGreaterThan(startedAt.getTime());
    expect(waited.at.getTime()).toBeGreaterThan(heldAt.getTime());
  });

  test('a clock that went back does not put a deployment before the one that it replaces', async () => {
    const first = await deploy(1);
    await db.sql("UPDATE deployment SET deployed_at = deployed_at + interval '1 hour' WHERE id = $1", [first.id]);
    await db.sql("UPDATE deployment_stretch SET started_at = started_at + interval '1 hour' WHERE deployment_id = $1", [
      first.id,
    ]);
    const second = await deploy(2);
    expect(second.deployedAt.getTime()).toBe(first.deployedAt.getTime() + 3_600_000 + 1);
  });
});

describe('rolling back', () => {
  test('flips both statuses, quarantines what went and begins a new stretch of what came back', async () => {
    const first = await deploy(1);
    const second = await deploy(2);
    const rollback = await rollBack();
    expect(rollback).toMatchObject({
      removedDeploymentId: second.id,
      restoredDeploymentId: first.id,
      by: 'U0ONCALL',
      reason: 'timeouts',
      undoneAt: null,
    });
    expect(rollback.restoredBefore).toEqual({
      status: 'superseded',
      endedAt: second.deployedAt.toISOString(),
      endedBy: 'U0DEV',
    });
    const back = await active();
    expect(back).toMatchObject({ id: first.id, endedAt: null, endedBy: null, deployedAt: first.deployedAt });
    expect(back?.since).toEqual(rollback.at);
    const [removed, found, quarantined] = await db.ports.reading(
      workspaceId,
      async (tx) =>
        [
          await tx.deployments.getById(second.id),
          await tx.deployments.findRollback(rollback.id),
          await tx.versions.quarantined([workflowId]),
        ] as const,
    );
    expect(removed).toMatchObject({ status: 'rolled_back', endedAt: rollback.at, endedBy: 'U0ONCALL' });
    expect(found).toEqual(rollback);
    expect(quarantined).toEqual(
      new Map([
        [version(2).id, { workflowId, versionId: version(2).id, by: 'U0ONCALL', at: rollback.at, reason: 'timeouts' }],
      ]),
    );
  });

  test('can be undone right after, by the rule that compares the times, and then all is as it was', async () => {
    const first = await deploy(1);
    const second = await deploy(2);
    const before = await db.ports.reading(workspaceId, (tx) => tx.deployments.getById(first.id));
    const rollback = await rollBack();
    await act(async (tx) => {
      assertCanUndo(rollback, 'U0ONCALL', await tx.deployments.findActive(workflowId, development.id), tx.now);
      await tx.deployments.undoRollback(rollback);
    });
    const [restored, undone, quarantined] = await db.ports.reading(
      workspaceId,
      async (tx) =>
        [
          await tx.deployments.getById(first.id),
          await tx.deployments.findRollback(rollback.id),
          await tx.versions.quarantined([workflowId]),
        ] as const,
    );
    expect(restored).toEqual(before);
    const back = await active();
    expect(back).toMatchObject({ id: second.id, status: 'active', endedAt: null, endedBy: null });
    expect(undone?.undoneAt).toEqual(back?.since);
    expect(quarantined.size).toBe(0);
    await expect(act((tx) => tx.deployments.undoRollback(rollback))).rejects.toThrow('undone already');
  });

  test('undone lifts only the quarantine that it brought itself', async () => {
    await deploy(1);
    await deploy(2);
    await rollBack('U0FIRST');
    await deploy(2);
    const again = await rollBack('U0SECOND');
    await act((tx) => tx.deployments.undoRollback(again));
    const quarantined = await db.ports.reading(workspaceId, (tx) => tx.versions.quarantined([workflowId]));
    expect(quarantined.get(version(2).id)).toMatchObject({ by: 'U0FIRST' });
    const lifted = await act((tx) => tx.versions.liftQuarantine(version(2).id, 'U0ADA', 'it was the network'));
    expect(lifted).toBe(1);
    expect(await act((tx) => tx.versions.liftQuarantine(version(2).id, 'U0ADA', 'again'))).toBe(0);
  });

  test('needs a deployment that is active: a second click on an old card changes nothing', async () => {
    const first = await deploy(1);
    const second = await deploy(2);
    await rollBack();
    const again = { removed: second, restored: first, by: 'U0DEV', reason: null, originChannel: null };
    await expect(act((tx) => tx.deployments.rollBack(again))).rejects.toThrow('is not active');
    expect(await active()).toMatchObject({ id: first.id });
  });
});

describe('how long it ran', () => {
  test('adds all stretches up to a moment', async () => {
    const { id } = await deploy(1);
    await deploy(2);
    await db.sql('DELETE FROM deployment_stretch WHERE deployment_id = $1', [id]);
    for (const [from, to] of [
      ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.500Z'],
      ['2026-01-02T00:00:00.000Z', '2026-01-02T00:00:00.007Z'],
      ['2026-01-03T00:00:00.000Z', null],
    ]) {
      await db.sql(
        'INSERT INTO deployment_stretch (workspace_id, deployment_id, started_at, ended_at) VALUES ($1, $2, $3, $4)',
        [workspaceId, id, from, to],
      );
    }
    const ran = (before: string) => db.ports.reading(workspaceId, (tx) => tx.deployments.ranFor(id, new Date(before)));
    expect(await ran('2026-01-03T00:01:00.000Z')).toBe(1_507 + 60_000);
    expect(await ran('2026-01-02T00:00:00.005Z')).toBe(1_505);
    expect(await ran('2025-01-01T00:00:00.000Z')).toBe(0);
  });

  test('a deployment goes on from one stretch to the next without a gap', async () => {
    await deploy(1);
    await deploy(2);
    const rollback = await rollBack();
    await act((tx) => tx.deployments.undoRollback(rollback));
    const stretches = await db.sql<{ started_at: Date; ended_at: Date | null }>(
      'SELECT * FROM deployment_stretch WHERE workspace_id = $1 ORDER BY started_at',
      [workspaceId],
    );
    expect(stretches).toHaveLength(4);
    for (const [i, stretch] of stretches.entries())
      expect(stretch.ended_at).toEqual(stretches[i + 1]?.started_at ?? null);
  });
});

test('the list goes page by page through the same deployments as the history, in the same order', async () => {
  for (const n of [1, 2, 3, 1, 2]) await deploy(n);
  await act((tx) => activate(tx, version(3), staging));
  const pages = async (environmentId: string | null) => {
    const ids: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await db.ports.reading(workspaceId, (tx) =>
        tx.deployments.list(workflowId, environmentId, { limit: 2, ...(cursor ? { cursor } : {}) }),
      );
      expect(page.items.length).toBeLessThanOrEqual(2);
      ids.push(...page.items.map((d) => d.id));
      cursor = page.cursor;
    } while (cursor !== null);
    return ids;
  };
  const history = await db.ports.reading(workspaceId, (tx) => tx.deployments.history(workflowId, development.id));
  expect(await pages(development.id)).toEqual(history.map((d) => d.id));
  expect(new Set(await pages(null)).size).toBe(6);
});

import { describe, expect, test } from 'vitest';
import { assertCanUndo } from '../../../src/domain/deployment.ts';
import type { Environment } from '../../../src/domain/environment.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withThreeVersions } from '../../support/database/with-three-versions.ts';

let db: TestPersistence;
let workspaceId: string;
let development: Environment;
let workflowId: string;
const { act, version, deploy, active } = withThreeVersions((seeded) => {
  ({ db, workspaceId, development, workflowId } = seeded);
});
const rollBack = async (by = 'U0ONCALL') => {
  const removed = await active();
  const [, restored] = await db.ports.reading(workspaceId, (tx) => tx.deployments.history(workflowId, development.id));
  if (removed === null || restored === undefined) throw new Error('There is nothing to roll back.');
  return act((tx) => tx.deployments.rollBack({ removed, restored, by, reason: 'timeouts', originChannel: 'C0OPS' }));
};

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

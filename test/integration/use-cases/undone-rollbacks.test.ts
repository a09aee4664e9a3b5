import { describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, openCanal } from '../../support/use-cases/open-canal.ts';
import { quarantined, statuses } from '../../support/use-cases/what-is-shown.ts';
import { deliveries } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

const undo = (rollbackId: string, by = 'U0DEV') => canal.useCases.undoRollback({ actor: canal.as(by), rollbackId });

describe('undoing a rollback', () => {
  it('restores both statuses and lifts its quarantine, and tells of it', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    const before = await statuses(canal, 'staging');
    const { rollbackId } = await canal.rollBack('staging');
    const receipt = await undo(rollbackId);
    expect(receipt.undoneAt).not.toBeNull();
    expect(receipt.undoUntil).toBeNull();
    expect(await statuses(canal, 'staging')).toEqual(before);
    expect(await quarantined(canal)).toEqual([]);
    const told = (await deliveries(db, canal.workspaceId, 'deployment.activated')).at(-1);
    expect(told?.data).toMatchObject({
      version: { number: 2 },
      deployment: { status: 'active' },
      undoneRollback: rollbackId,
    });
    const { items } = await canal.useCases.listAudit({
      workspaceId: canal.workspaceId,
      action: 'rollback.undone',
      limit: 5,
    });
    expect(items).toMatchObject([{ before: { undoneAt: null }, after: { id: rollbackId } }]);
  });

  it('twice is once', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    const { rollbackId } = await canal.rollBack('staging');
    const first = await undo(rollbackId);
    expect((await undo(rollbackId)).undoneAt).toEqual(first.undoneAt);
    expect(await canal.live('staging')).toBe(2);
    expectRefused(await refusalFrom(undo(rollbackId, 'U0MAX')), 'not_permitted');
  });

  it('leaves what went stale stale, and what was quarantined otherwise quarantined', async () => {
    await canal.reach('production', 'One.', 'Two.');
    await canal.rollBack('production');
    const { rollbackId } = await canal.rollBack('staging');
    await undo(rollbackId);
    expect(await canal.live('staging')).toBe(2);
    expect(await quarantined(canal)).toEqual([2]);
  });

  it('makes approvals of before count again, because what they were given for is back', async () => {
    const two = await openCanal(db.ports, { staging: [{ role: 'lead', count: 2 }] });
    for (const prompt of ['One.', 'Two.']) {
      await two.reach('development', prompt);
      const id = await two.open('staging');
      await two.approve('U0LEE', id);
      await two.approve('U0LIV', id);
    }
    await two.reach('development', 'Three.');
    const id = await two.open('staging');
    await two.approve('U0LEE', id);
    const { rollbackId } = await two.rollBack('staging');
    await two.useCases.undoRollback({ actor: two.as('U0DEV'), rollbackId });
    expect((await two.show(id)).approvals).toMatchObject([{ by: 'U0LEE', counts: true }]);
    expect((await two.approve('U0LIV', id)).deployed).toBe(true);
  });

  it('is for whoever did it, while they still may roll back', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    const { rollbackId } = await canal.rollBack('staging');
    expectRefused(await refusalFrom(undo(rollbackId, 'U0ADA')), 'not_permitted');
    await canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId: 'U0DEV', role: 'viewer', departments: [] });
    expectRefused(await refusalFrom(undo(rollbackId)), 'not_permitted');
  });

  it('is over after ten minutes', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    const { rollbackId } = await canal.rollBack('staging');
    await db.sql(`UPDATE rollback SET at = at - interval '10 minutes 1 second' WHERE id = $1`, [rollbackId]);
    await db.sql(
      `UPDATE deployment_stretch s SET started_at = r.at FROM rollback r WHERE r.id = $1 AND s.deployment_id = r.restored_deployment_id AND s.ended_at IS NULL`,
      [rollbackId],
    );
    expectRefused(await refusalFrom(undo(rollbackId)), 'undo_expired');
    await db.sql('DELETE FROM deployment_stretch WHERE workspace_id = $1', [canal.workspaceId]);
    await db.sql(
      `INSERT INTO deployment_stretch (id, workspace_id, deployment_id, started_at)
       SELECT gen_random_uuid(), workspace_id, id, deployed_at FROM deployment WHERE workspace_id = $1 AND status = 'active'`,
      [canal.workspaceId],
    );
  });

  it('is over once anything else has changed there, even back to the same', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    const { rollbackId } = await canal.rollBack('staging');
    await canal.reach('staging', 'Three.');
    expectRefused(await refusalFrom(undo(rollbackId)), 'moved_on');
    await canal.rollBack('staging');
    expect(await canal.live('staging')).toBe(1);
    expectRefused(await refusalFrom(undo(rollbackId)), 'moved_on');
    expectRefused(await refusalFrom(undo('6f4a2f0e-0000-4000-8000-000000000000')), 'moved_on');
  });
});

import { describe, expect, it } from 'vitest';
import { UNDO_WINDOW } from '../../../src/domain/deployment.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { quarantined, statuses } from '../../support/use-cases/what-is-shown.ts';
import { deliveries, messages, waitingJobs } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

describe('a rollback', () => {
  it('flips both statuses, tells of it and quarantines what it removed', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    const receipt = await canal.rollBack('stg', { reason: 'too slow' });
    expect(receipt).toMatchObject({
      removed: { number: 2 },
      restored: { number: 1 },
      by: 'U0DEV',
      reason: 'too slow',
      undoneAt: null,
    });
    expect(receipt.restoredRanFor).toBeGreaterThan(0);
    expect(receipt.undoUntil?.getTime()).toBe(receipt.at.getTime() + UNDO_WINDOW);
    expect(await statuses(canal, 'staging')).toEqual(['v2 rolled_back', 'v1 active']);
    expect(await quarantined(canal)).toEqual([2]);
    const [told] = await deliveries(db, canal.workspaceId, 'deployment.rolled_back');
    expect(told?.data).toMatchObject({
      ...{
        environment: 'staging',
        version: { number: 2 },
        deployment: { status: 'rolled_back' },
        by: 'U0DEV',
        reason: 'too slow',
      },
      restored: { version: { number: 1 }, deployment: { status: 'active' } },
    });
  });

  it('posts its receipt, brings both cards up to date, and its own when Undo is over', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    const { rollbackId, at } = await canal.rollBack('staging');
    expect(await messages(db, rollbackId)).toMatchObject([{ kind: 'rollback-receipt', target: 'C0STG' }]);
    const { items } = await canal.useCases.listPromotions({ workspaceId: canal.workspaceId, page: { limit: 10 } });
    for (const { id } of items) expect(await waitingJobs(db, 'refresh-announcements', id)).toBe(1);
    const [second] = items;
    expect((await messages(db, second?.id ?? '')).at(-1)).toMatchObject({
      payload: { event: 'rolled-back', by: 'U0DEV' },
    });
    const [job] = await db.sql<{ runs: Date }>(
      `SELECT run_at AS runs FROM graphile_worker._private_jobs WHERE payload->>'subjectId' = $1`,
      [rollbackId],
    );
    expect(job?.runs.getTime()).toBe(at.getTime() + UNDO_WINDOW);
  });

  it('twice goes one further back, and then there is nothing left', async () => {
    await canal.reach('staging', 'One.', 'Two.', 'Three.');
    await canal.rollBack('staging');
    await canal.rollBack('staging');
    expect(await statuses(canal, 'staging')).toEqual(['v3 rolled_back', 'v2 rolled_back', 'v1 active']);
    expectRefused(await refusalFrom(canal.rollBack('staging')), 'nothing_to_roll_back_to');
  });

  it('may name a version that was live there, and no other', async () => {
    await canal.reach('staging', 'One.', 'Two.', 'Three.');
    await canal.push('Four.');
    expectRefused(await refusalFrom(canal.rollBack('staging', { to: 'v4' })), 'nothing_to_roll_back_to');
    expectRefused(await refusalFrom(canal.rollBack('staging', { to: 'v9' })), 'unknown_version');
    expectRefused(await refusalFrom(canal.rollBack('staging', { to: '3' })), 'already_active');
    expect((await canal.rollBack('staging', { to: 'v1' })).restored.number).toBe(1);
    expect(await statuses(canal, 'staging')).toEqual(['v3 rolled_back', 'v2 superseded', 'v1 active']);
  });

  it('may come forward again to a version that it passed over, but not to one that was rolled back', async () => {
    await canal.reach('staging', 'One.', 'Two.', 'Three.');
    await canal.rollBack('staging', { to: 'v1' });
    expectRefused(await refusalFrom(canal.rollBack('staging', { to: 'v3' })), 'quarantined');
    expect((await canal.rollBack('staging', { to: 'v2' })).restored.number).toBe(2);
  });

  it('is refused where nothing is live, and where only the first version ever was', async () => {
    await canal.push('One.');
    expectRefused(await refusalFrom(canal.rollBack('development')), 'nothing_active');
    await canal.deploy();
    expectRefused(await refusalFrom(canal.rollBack('development')), 'nothing_to_roll_back_to');
  });

  it('by a card’s button is refused once something else is live there', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    const { items } = await canal.useCases.listPromotions({
      workspaceId: canal.workspaceId,
      status: 'deployed',
      page: { limit: 1 },
    });
    const { deployment } = await canal.show(items[0]?.id ?? '');
    const click = () =>
      canal.useCases.rollBack({
        actor: canal.as('U0DEV'),
        workflow: FLOW,
        environment: 'staging',
        expectedDeploymentId: deployment?.id ?? '',
      });
    expect(await click()).toMatchObject({ kind: 'rolled-back', receipt: { restored: { number: 1 } } });
    expectRefused(await refusalFrom(click()), 'moved_on');
    expect(await canal.live('staging')).toBe(1);
  });

  it('takes the role that the environment asks for', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    await db.sql(
      `UPDATE environment SET policy = jsonb_set(policy, '{rollback,role}', '"lead"') WHERE workspace_id = $1 AND name = 'staging'`,
      [canal.workspaceId],
    );
    expectRefused(await refusalFrom(canal.rollBack('staging')), 'not_permitted');
    expect((await canal.rollBack('staging', { by: 'U0LEE' })).restored.number).toBe(1);
  });

  it('is not stopped by a request into an environment that is no more', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    const id = await canal.open('production');
    await db.sql(`UPDATE environment SET archived_at = now() WHERE workspace_id = $1 AND name = 'production'`, [
      canal.workspaceId,
    ]);
    expect((await canal.rollBack('staging')).restored.number).toBe(1);
    expect((await canal.show(id)).status).toBe('stale');
  });
});

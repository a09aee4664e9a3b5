import { beforeEach, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';
import { letTimePass } from '../../support/use-cases/ask-more.ts';
import { type Canal, openCanal } from '../../support/use-cases/open-canal.ts';

const HOUR = 3_600_000;
let db: TestPersistence;
let canal: Canal;
withTestPersistence((opened) => {
  db = opened;
});
beforeEach(async () => {
  canal = await openCanal(db.ports);
});

it('locks and freezes whose time is long over are ended, at that time, and others are not', async () => {
  const actor = canal.as('U0ADA');
  for (const until of [{ in: HOUR }, { in: 9 * HOUR }, undefined]) {
    const held = { actor, reason: 'x', ...(until && { until }) };
    await canal.useCases.lock({ ...held, scope: 'all' });
    await canal.useCases.freeze({ ...held, environment: 'staging' });
  }
  expect(await db.endPastHolds()).toBe(0);
  await letTimePass(db, canal, 3 * HOUR);
  expect(await db.endPastHolds()).toBe(2);
  for (const table of ['resource_lock', 'freeze']) {
    const ended = await db.sql(
      `SELECT ended_at = until AS "inTime", ended_by AS by FROM "${table}" WHERE workspace_id = $1 AND ended_at IS NOT NULL`,
      [canal.workspaceId],
    );
    expect(ended).toEqual([{ inTime: true, by: 'clock' }]);
  }
  const { locks, freezes } = await canal.useCases.listHolds({ workspaceId: canal.workspaceId });
  expect([locks.length, freezes.length]).toEqual([2, 2]);
  expect(await db.endPastHolds()).toBe(0);
});

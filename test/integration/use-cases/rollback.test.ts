import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UNDO_WINDOW } from '../../../src/domain/deployment.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { brokenRules } from '../../support/use-cases/broken-rules.ts';
import { type Canal, FLOW, openCanal } from '../../support/use-cases/open-canal.ts';
import { deliveries, messages, waitingJobs } from '../../support/use-cases/what-waits.ts';

let db: TestPersistence;
let canal: Canal;

beforeAll(async () => {
  db = await openTestPersistence();
});
beforeEach(async () => {
  canal = await openCanal(db.ports);
});
afterEach(async () => {
  expect(await brokenRules(db)).toEqual([]);
});
afterAll(() => db.end());

const undo = (rollbackId: string, by = 'U0DEV') => canal.useCases.undoRollback({ actor: canal.as(by), rollbackId });
const unquarantine = (version: string, by = 'U0ADA', reason = 'it was the database') =>
  canal.useCases.liftQuarantine({ actor: canal.as(by), workflow: FLOW, version, reason });
const quarantined = async () =>
  (await canal.useCases.showStatus({ actor: canal.as('U0DEV'), workflow: FLOW })).items[0]?.quarantined.map(
    ({ number }) => number,
  );
const statuses = async (environment: string) =>
  (
    await canal.useCases.showHistory({ actor: canal.as('U0DEV'), workflow: FLOW, environment, page: { limit: 20 } })
  ).items.map(({ version, status }) => `v${version.number} ${status}`);

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
    expect(await statuses('staging')).toEqual(['v2 rolled_back', 'v1 active']);
    expect(await quarantined()).toEqual([2]);
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
    expect(await statuses('staging')).toEqual(['v3 rolled_back', 'v2 rolled_back', 'v1 active']);
    expectRefused(await refusalFrom(canal.rollBack('staging')), 'nothing_to_roll_back_to');
  });

  it('may name a version that was live there, and no other', async () => {
    await canal.reach('staging', 'One.', 'Two.', 'Three.');
    await canal.push('Four.');
    expectRefused(await refusalFrom(canal.rollBack('staging', { to: 'v4' })), 'nothing_to_roll_back_to');
    expectRefused(await refusalFrom(canal.rollBack('staging', { to: 'v9' })), 'unknown_version');
    expectRefused(await refusalFrom(canal.rollBack('staging', { to: '3' })), 'already_active');
    expect((await canal.rollBack('staging', { to: 'v1' })).restored.number).toBe(1);
    expect(await statuses('staging')).toEqual(['v3 rolled_back', 'v2 superseded', 'v1 active']);
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
    expect((await click()).restored.number).toBe(1);
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

describe('what a rollback means for what is under review', () => {
  it('requests for the removed version go stale, wherever they lead', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    const id = await canal.open('production');
    await canal.rollBack('staging');
    expect(await canal.show(id)).toMatchObject({ status: 'stale', closedBy: 'U0DEV' });
    expect((await canal.show(id)).closeReason).toContain('rolled back in staging');
    expectRefused(await refusalFrom(canal.approve('U0ADA', id)), 'already_decided');
  });

  it('requests into the environment stand, but their approvals no longer count', async () => {
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
    await two.rollBack('staging');
    const view = await two.show(id);
    expect(view.approvals).toMatchObject([{ by: 'U0LEE', counts: false, since: { moved: ['replaced'] } }]);
    expect(view.approvals[0]?.since.lines[0]).toBe('Live in staging was v2 and is now v1.');
    expect(view.requirements[0]?.summary).toBe('Approval by 2 leads');
    expect(view.canApprove.userIds).toContain('U0LEE');
    expect((await two.useCases.showHome({ actor: two.as('U0LEE') })).waitingForMe).toMatchObject([{ promotionId: id }]);
    expect((await messages(db, id)).at(-1)?.payload).toMatchObject({ event: 'review-changed' });
    expect((await two.approve('U0LIV', id)).deployed).toBe(false);
    expect((await two.approve('U0LEE', id)).deployed).toBe(true);
    const history = await two.useCases.showHistory({
      actor: two.as('U0DEV'),
      workflow: FLOW,
      environment: 'staging',
      page: { limit: 1 },
    });
    expect(history.items[0]?.approvals.map(({ by }) => by)).toEqual(['U0LIV', 'U0LEE']);
  });

  it('a request for the version that came back goes stale, because it is live there', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    await canal.deploy('v1');
    const id = await canal.open('staging');
    await canal.rollBack('staging');
    expect(await canal.show(id)).toMatchObject({ status: 'stale', closeReason: 'It is live in staging already.' });
  });

  it('a card approved before the rollback cannot be clicked with what it showed', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    await canal.reach('development', 'Three.');
    const id = await canal.open('staging');
    const { fingerprint } = await canal.show(id);
    await canal.rollBack('staging');
    expectRefused(await refusalFrom(canal.approve('U0LEE', id, fingerprint)), 'review_changed');
    expect((await canal.approve('U0LEE', id, (await canal.show(id)).fingerprint)).deployed).toBe(true);
  });
});

describe('quarantine', () => {
  it('bars a version from promotion everywhere, but not from the first environment', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    await canal.rollBack('staging', { reason: 'too slow' });
    const refusal = await refusalFrom(canal.ask('staging'));
    expectRefused(refusal, 'quarantined');
    expect(refusal.userMessage).toMatch(/rolled back by <@U0DEV> \(“too slow”\).*unquarantine summarize-flow v2/);
    await canal.deploy('v1');
    await canal.deploy('v2');
    expect(await canal.live('development')).toBe(2);
  });

  it('is lifted by an admin who says why, and by nobody else', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    await canal.rollBack('staging');
    expectRefused(await refusalFrom(unquarantine('v2', 'U0LEE')), 'not_permitted');
    expectRefused(await refusalFrom(unquarantine('v2', 'U0ADA', '  ')), 'invalid_input');
    expectRefused(await refusalFrom(unquarantine('v1')), 'not_quarantined');
    await unquarantine('v2');
    expect(await quarantined()).toEqual([]);
    expectRefused(await refusalFrom(unquarantine('v2')), 'not_quarantined');
    const { items } = await canal.useCases.listAudit({
      workspaceId: canal.workspaceId,
      action: 'quarantine.lifted',
      limit: 5,
    });
    expect(items).toMatchObject([
      { actor: 'U0ADA', before: { by: 'U0DEV' }, after: { reason: 'it was the database' } },
    ]);
    await canal.approve('U0LEE', await canal.open('staging'));
    expect(await canal.live('staging')).toBe(2);
  });

  it('in one environment is passed over by a rollback in another', async () => {
    await canal.reach('production', 'One.', 'Two.');
    await canal.reach('staging', 'Three.');
    await canal.rollBack('production');
    expect((await canal.rollBack('staging')).restored.number).toBe(1);
    expect(await statuses('staging')).toEqual(['v3 rolled_back', 'v2 superseded', 'v1 active']);
  });
});

describe('undoing a rollback', () => {
  it('restores both statuses and lifts its quarantine, and tells of it', async () => {
    await canal.reach('staging', 'One.', 'Two.');
    const before = await statuses('staging');
    const { rollbackId } = await canal.rollBack('staging');
    const receipt = await undo(rollbackId);
    expect(receipt.undoneAt).not.toBeNull();
    expect(receipt.undoUntil).toBeNull();
    expect(await statuses('staging')).toEqual(before);
    expect(await quarantined()).toEqual([]);
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
    expect(await quarantined()).toEqual([2]);
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

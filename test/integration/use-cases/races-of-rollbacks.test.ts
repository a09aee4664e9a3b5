import { describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { atOnce, shuffled, tally } from '../../support/use-cases/at-once.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { AT_A_TIME, FLOWS } from '../../support/use-cases/prepare-flows.ts';
import { withPreparedFlows } from '../../support/use-cases/with-prepared-flows.ts';

let db: TestPersistence;
let canal: Canal;
const { openAll, statusOf, auditOf } = withPreparedFlows((copy) => {
  ({ db, canal } = copy);
});

describe('a rollback beside something else', () => {
  it('approve: the approval is for what was clicked, or refused', async () => {
    const ids = await openAll();
    const shown = await Promise.all(ids.map(async (id) => (await canal.show(id)).fingerprint));
    const outcomes = await atOnce<unknown>(
      shuffled(
        FLOWS.flatMap((workflow, i) => [
          () => canal.approve('U0LEE', ids[i] ?? '', shown[i]),
          () => canal.rollBack('staging', { workflow }),
        ]),
      ),
    );
    expect(Object.keys(tally(outcomes)).filter((code) => !['done', 'review_changed'].includes(code))).toEqual([]);
    for (const [i, id] of ids.entries()) {
      // Either the rollback went first and the click was refused, or it took away what the click had just deployed.
      const status = await statusOf(id);
      expect([status, await canal.live('staging', FLOWS[i])]).toEqual(
        status === 'open' ? ['open', 2] : ['deployed', 3],
      );
    }
  });

  it('approve of what leaves there: it was deployed before, or went stale', async () => {
    const ids = await Promise.all(FLOWS.map((flow) => canal.open('production', 'U0DEV', flow)));
    const outcomes = await atOnce<unknown>(
      shuffled(
        FLOWS.flatMap((workflow, i) => [
          () => canal.approve('U0ADA', ids[i] ?? ''),
          () => canal.rollBack('staging', { workflow }),
        ]),
      ),
    );
    expect(Object.keys(tally(outcomes)).filter((code) => !['done', 'already_decided'].includes(code))).toEqual([]);
    const [deployed, rolledBack] = [await auditOf('promotion.deployed'), await auditOf('deployment.rolled_back')];
    const removedBy = await db.sql<{ id: string; removed: string }>(
      'SELECT p.id, r.removed_deployment_id AS removed FROM promotion p JOIN rollback r ON r.workflow_id = p.workflow_id',
    );
    for (const [i, id] of ids.entries()) {
      const status = await statusOf(id);
      expect([status, await canal.live('production', FLOWS[i])]).toEqual(
        status === 'stale' ? ['stale', null] : ['deployed', 3],
      );
      const removed = removedBy.find((row) => row.id === id)?.removed;
      const goneAt = rolledBack.get(`deployment:${removed}`) ?? 0;
      if (status === 'deployed') expect(deployed.get(`promotion:${id}`)).toBeLessThan(goneAt);
    }
  });

  it('another rollback: both go one back, one after the other', async () => {
    const outcomes = await atOnce(
      FLOWS.flatMap((workflow) => [
        () => canal.rollBack('staging', { workflow }),
        () => canal.rollBack('staging', { workflow, by: 'U0MAX' }),
      ]),
    );
    expect(tally(outcomes)).toEqual({ done: 2 * AT_A_TIME });
    for (const flow of FLOWS) expect(await canal.live('staging', flow)).toBe(1);
  });

  it('another click on the same button: one goes back', async () => {
    const { items } = await canal.useCases.listPromotions({
      workspaceId: canal.workspaceId,
      status: 'deployed',
      page: { limit: 100 },
    });
    const live = (await Promise.all(items.map(({ id }) => canal.show(id)))).filter(
      ({ deployment }) => deployment?.active,
    );
    const click = (by: string) =>
      live.map(
        ({ workflow, deployment }) =>
          () =>
            canal.useCases.rollBack({
              actor: canal.as(by),
              workflow: workflow.slug,
              environment: 'staging',
              expectedDeploymentId: deployment?.id ?? '',
            }),
      );
    expect(tally(await atOnce(shuffled([...click('U0DEV'), ...click('U0MAX')])))).toEqual({
      done: AT_A_TIME,
      moved_on: AT_A_TIME,
    });
    for (const flow of FLOWS) expect(await canal.live('staging', flow)).toBe(2);
  });

  it('its undoing and a deployment: whichever comes second sees the first', async () => {
    await Promise.all(FLOWS.map((flow) => canal.push(`Version 5 of ${flow}.`, flow)));
    const rollbacks = await Promise.all(FLOWS.map((workflow) => canal.rollBack('development', { workflow })));
    const outcomes = await atOnce<unknown>(
      shuffled(
        FLOWS.flatMap((flow, i) => [
          () => canal.useCases.undoRollback({ actor: canal.as('U0DEV'), rollbackId: rollbacks[i]?.rollbackId ?? '' }),
          () => canal.deploy('v5', flow),
        ]),
      ),
    );
    expect(Object.keys(tally(outcomes)).filter((code) => !['done', 'moved_on'].includes(code))).toEqual([]);
    for (const flow of FLOWS) expect(await canal.live('development', flow)).toBe(5);
  });

  it('its undoing twice: undone once', async () => {
    const rollbacks = await Promise.all(FLOWS.map((workflow) => canal.rollBack('staging', { workflow })));
    const undo =
      ({ rollbackId }: { rollbackId: string }) =>
      () =>
        canal.useCases.undoRollback({ actor: canal.as('U0DEV'), rollbackId });
    expect(tally(await atOnce(rollbacks.flatMap((one) => [undo(one), undo(one)])))).toEqual({ done: 2 * AT_A_TIME });
    for (const flow of FLOWS) expect(await canal.live('staging', flow)).toBe(3);
  });
});

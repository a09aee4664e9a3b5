import { describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { atOnce, shuffled, tally, times } from '../../support/use-cases/at-once.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { AT_A_TIME, askFor, FLOWS, LEADS } from '../../support/use-cases/prepare-flows.ts';
import { deliveries, waitingJobs } from '../../support/use-cases/what-waits.ts';
import { withPreparedFlows } from '../../support/use-cases/with-prepared-flows.ts';

let db: TestPersistence;
let canal: Canal;
const { openAll, statusOf, auditOf } = withPreparedFlows((copy) => {
  ({ db, canal } = copy);
});

describe('a hundred clicks on Approve by ten leads', () => {
  it.each([1, 10])(
    'on a promotion that asks for %i deploy it once, tell of it once and update its card once',
    async (count) => {
      await askFor(db, [{ role: 'lead', count }]);
      const flow = FLOWS[0] ?? '';
      const id = await canal.open('staging', 'U0DEV', flow);
      const outcomes = await atOnce(times(100).map((i) => () => canal.approve(LEADS[i % 10] ?? '', id)));
      expect(outcomes.filter(({ done }) => done?.changed).length).toBe(count);
      expect(outcomes.filter(({ done }) => done?.changed && done.deployed)).toHaveLength(1);
      expect(
        Object.keys(tally(outcomes)).filter((outcome) => outcome !== 'done' && outcome !== 'already_decided'),
      ).toEqual([]);
      expect(await canal.live('staging', flow)).toBe(4);
      const activated = (await deliveries(db, canal.workspaceId, 'deployment.activated')).filter(
        ({ data }) => (data['deployment'] as { promotion: string | null }).promotion === id,
      );
      expect(activated.map(({ url }) => url)).toEqual(['https://staging.example.com/hook']);
      expect(await waitingJobs(db, 'refresh-announcements', id)).toBe(1);
    },
  );
});

describe('two acts at once on one promotion', () => {
  it('approve and reject: one of them decides, and the other is told', async () => {
    const ids = await openAll();
    const outcomes = await atOnce(
      shuffled(ids.flatMap((id) => [() => canal.approve('U0LEE', id), () => canal.reject('U0LIV', id)])),
    );
    expect(tally(outcomes)).toEqual({ done: AT_A_TIME, already_decided: AT_A_TIME });
    for (const [i, id] of ids.entries()) {
      const status = await statusOf(id);
      expect(['deployed', 'rejected']).toContain(status);
      expect(await canal.live('staging', FLOWS[i])).toBe(status === 'deployed' ? 4 : 3);
    }
  });

  it('approve and cancel: one of them decides', async () => {
    const ids = await openAll();
    const cancel = (promotionId: string) => () =>
      canal.useCases.cancelPromotion({ actor: canal.as('U0DEV'), promotionId });
    const outcomes = await atOnce(shuffled(ids.flatMap((id) => [() => canal.approve('U0LEE', id), cancel(id)])));
    expect(tally(outcomes)).toEqual({ done: AT_A_TIME, already_decided: AT_A_TIME });
  });

  it('approve and expiry, with five ticks at once: each ends once', async () => {
    const ids = await openAll();
    await db.sql(
      `UPDATE promotion SET expires_at = now() + random() * interval '300 ms' WHERE status = 'open' AND workspace_id = $1`,
      [canal.workspaceId],
    );
    const ticks = times(5).map(() => async () => {
      while ((await Promise.all(ids.map((id) => statusOf(id)))).includes('open'))
        await canal.useCases.expirePromotions(canal.workspaceId);
    });
    const approvals = ids.map((id) => () => canal.approve('U0LEE', id));
    await atOnce<unknown>(shuffled([...approvals, ...ticks]));
    for (const id of ids) expect(['deployed', 'expired']).toContain(await statusOf(id));
  });

  it('ticks of twenty processes expire each due promotion once', async () => {
    const ids = await openAll();
    await db.sql(
      `UPDATE promotion SET expires_at = now() - interval '1 second' WHERE status = 'open' AND workspace_id = $1`,
      [canal.workspaceId],
    );
    const ended = await Promise.all(times(AT_A_TIME).map(() => canal.useCases.expirePromotions(canal.workspaceId)));
    const left = await canal.useCases.expirePromotions(canal.workspaceId);
    expect([...ended, left].reduce((sum, n) => sum + n, 0)).toBe(AT_A_TIME);
    for (const id of ids) expect(await statusOf(id)).toBe('expired');
  });
});

describe('a demotion beside the approval that would deploy', () => {
  it('of whoever approved first: it deployed before, or waits for somebody else', async () => {
    await askFor(db, [{ role: 'lead', count: 2 }]);
    const ids = await openAll();
    await Promise.all(ids.map((id, i) => canal.approve(LEADS[i] ?? '', id)));
    const demote = (userId: string) => () =>
      canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId, role: 'member', departments: [] });
    const approvals = ids.map((id) => () => canal.approve('U0ABE', id));
    expect(tally(await atOnce<unknown>(shuffled([...approvals, ...LEADS.map(demote)])))).toEqual({
      done: 2 * AT_A_TIME,
    });
    const [deployed, demoted] = [await auditOf('promotion.deployed'), await auditOf('role.assigned')];
    for (const [i, id] of ids.entries()) {
      const [deployedAt, demotedAt] = [deployed.get(`promotion:${id}`), demoted.get(`person:${LEADS[i]}`) ?? 0];
      if (deployedAt !== undefined) expect(deployedAt).toBeLessThan(demotedAt);
      else expect((await canal.show(id)).approvals.find(({ by }) => by === LEADS[i])?.counts).toBe(false);
    }
  });

  it('of whoever clicks: it deployed before, or was refused', async () => {
    const ids = await openAll();
    const demote = (userId: string) => () =>
      canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId, role: 'member', departments: [] });
    const approvals = ids.map((id, i) => () => canal.approve(LEADS[i] ?? '', id));
    await atOnce<unknown>(shuffled([...approvals, ...LEADS.map(demote)]));
    const [deployed, demoted] = [await auditOf('promotion.deployed'), await auditOf('role.assigned')];
    for (const [i, id] of ids.entries()) {
      const at = deployed.get(`promotion:${id}`);
      if (at === undefined) expect(await canal.show(id)).toMatchObject({ status: 'open', approvals: [] });
      else expect(at).toBeLessThan(demoted.get(`person:${LEADS[i]}`) ?? 0);
    }
  });
});

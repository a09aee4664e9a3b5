import { describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { letTimePass } from '../../support/use-cases/ask-more.ts';
import { atOnce, shuffled, tally, times } from '../../support/use-cases/at-once.ts';
import { type Canal, canalOf } from '../../support/use-cases/open-canal.ts';
import { AT_A_TIME, FLOWS } from '../../support/use-cases/prepare-flows.ts';
import { withPreparedFlows } from '../../support/use-cases/with-prepared-flows.ts';

let db: TestPersistence;
let canal: Canal;
const { openAll, statusOf } = withPreparedFlows((copy) => {
  ({ db, canal } = copy);
});

const tick = () => canal.useCases.judgeDue(canal.workspaceId);
const statuses = async (ids: readonly string[]) => Promise.all(ids.map(statusOf));

// What each of them must not do, whoever was first, is what is checked of the tables after each test.
describe('twenty approvals at once', () => {
  it('and a lock of everything: nothing goes live once it is there, and what waits does after its end', async () => {
    const ids = await openAll();
    const lock = () => canal.useCases.lock({ actor: canal.as('U0LEE'), scope: 'all', reason: 'an incident' });
    const outcomes = await atOnce<unknown>(shuffled([...ids.map((id) => () => canal.approve('U0LIV', id)), lock]));
    expect(tally(outcomes)).toEqual({ done: AT_A_TIME + 1 });
    await tick();
    expect(new Set(await statuses(ids))).not.toContain('rejected');
    await canal.useCases.unlock({ actor: canal.as('U0LEE'), scope: 'all' });
    await letTimePass(db, canal, 1_000);
    await tick();
    expect(await statuses(ids)).toEqual(ids.map(() => 'deployed'));
  });

  it('and a freeze of their environment, and its end: each goes live once, and none while it holds', async () => {
    const ids = await openAll();
    const freeze = () => canal.useCases.freeze({ actor: canal.as('U0LEE'), environment: 'staging', reason: 'x' });
    const unfreeze = () => canal.useCases.unfreeze({ actor: canal.as('U0LIV'), environment: 'staging' });
    await freeze();
    await atOnce<unknown>(
      shuffled([...ids.map((id) => () => canal.approve('U0LIV', id)), unfreeze, ...times(5).map(() => tick)]),
    );
    await letTimePass(db, canal, 1_000);
    await tick();
    expect(await statuses(ids)).toEqual(ids.map(() => 'deployed'));
  });
});

describe('an approval that is given while a lock is being taken', () => {
  it.each(['all', 'staging', FLOWS[0] ?? ''])('of %s waits until it is, and then deploys nothing', async (scope) => {
    const id = await canal.open('staging', 'U0DEV', FLOWS[0]);
    let approving: Promise<{ deployed: boolean }> | undefined;
    const waiting = () =>
      db.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");
    const slow: typeof db.ports = {
      ...db.ports,
      inTransaction: (workspaceId, work) =>
        db.ports.inTransaction(workspaceId, async (tx) => {
          const done = await work(tx);
          let isDone = false;
          approving = canal.approve('U0LEE', id).finally(() => {
            isDone = true;
          });
          await waitUntil('the approval to wait or to be done', async () => isDone || (await waiting()).length > 0);
          return done;
        }),
    };
    const { useCases } = canalOf(slow, canal.workspaceId);
    await useCases.lock({ actor: canal.as('U0LEE'), scope, reason: 'an incident' });
    expect(await approving).toMatchObject({ deployed: false });
  });
});

describe('what twenty scheduled promotions wait for', () => {
  it('comes for all at once: five ticks and twenty approvals deploy each once', async () => {
    const ids = await Promise.all(
      FLOWS.map(async (workflow) => {
        const asked = { actor: canal.as('U0DEV'), workflow, environment: 'staging', at: { in: 60_000 } };
        const result = await canal.useCases.requestPromotion(asked);
        if (result.kind !== 'opened') throw new Error(result.kind);
        return result.promotion.id;
      }),
    );
    await Promise.all(ids.map((id, i) => (i % 2 === 0 ? canal.approve('U0LEE', id) : null)));
    await letTimePass(db, canal, 60_000);
    const outcomes = await atOnce<unknown>(
      shuffled([...ids.map((id) => () => canal.approve('U0LIV', id)), ...times(5).map(() => tick)]),
    );
    expect(Object.keys(tally(outcomes)).sort()).toEqual(expect.arrayContaining(['done']));
    await tick();
    expect(await statuses(ids)).toEqual(ids.map(() => 'deployed'));
  });
});

describe('the end of a lock by its id', () => {
  it('waits for whoever acts on its workflow before it holds anything that they need', async () => {
    const id = await canal.open('staging', 'U0DEV', FLOWS[0]);
    const { id: lockId } = await canal.useCases.lock({ actor: canal.as('U0DEV'), promotionId: id, reason: 'x' });
    let ending: Promise<unknown> | undefined;
    const waiting = () =>
      db.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");
    await db.ports.inTransaction(canal.workspaceId, async (tx) => {
      await tx.workflows.findOfPromotionLocked(id);
      await tx.promotions.findHeld(id);
      ending = canal.useCases.unlock({ actor: canal.as('U0DEV'), lockId });
      await waitUntil('the end to wait', async () => (await waiting()).length > 0);
      const free = await db.sql('SELECT 1 FROM resource_lock WHERE id = $1 FOR UPDATE SKIP LOCKED', [lockId]);
      expect(free).toHaveLength(1);
    });
    await ending;
  });
});

describe('twenty locks of one workflow and an end', () => {
  it('leave no lock half ended', async () => {
    const [flow = ''] = FLOWS;
    const lock = () => canal.useCases.lock({ actor: canal.as('U0DEV'), scope: flow, reason: 'x' });
    const unlock = () => canal.useCases.unlock({ actor: canal.as('U0DEV'), scope: flow });
    await atOnce<unknown>(shuffled([...times(AT_A_TIME).map(() => lock), ...times(AT_A_TIME).map(() => unlock)]));
    await atOnce<unknown>(times(AT_A_TIME).map(() => unlock));
    expect((await canal.useCases.listHolds({ workspaceId: canal.workspaceId })).locks).toEqual([]);
  });
});

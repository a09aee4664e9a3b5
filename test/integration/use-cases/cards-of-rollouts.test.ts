import { beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { type Canaries, canariesOf } from '../../support/use-cases/canaries.ts';
import { type Canal, FLOW, sourceOf } from '../../support/use-cases/open-canal.ts';
import { waitingJobs } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
let canaries: Canaries;
withCanal((fresh) => {
  ({ db, canal } = fresh);
  canaries = canariesOf(canal);
});

const cardOf = async (promotionId: string) => (await canal.show(promotionId)).deployment;
const forget = () => db.sql(`DELETE FROM graphile_worker._private_jobs WHERE key LIKE 'refresh:%'`);
const isBroughtUpToDate = async (id: string) => (await waitingJobs(db, 'refresh-announcements', id)) === 1;
/** Whether the act brings the card up to date. */
async function brings(promotionId: string, act: () => Promise<unknown>): Promise<boolean> {
  await forget();
  await act();
  return isBroughtUpToDate(promotionId);
}
async function give(model: string): Promise<void> {
  const settings = { variables: { MODEL: model } };
  const asked = await canal.useCases.proposeSettings({ actor: canal.as('U0ABE'), environment: 'staging', settings });
  if (asked.kind === 'proposed')
    await canal.useCases.approveSettings({ actor: canal.as('U0ADA'), proposalId: asked.proposal.id });
}

/** v1 is live in staging, and v2, which reads MODEL, runs beside it. */
let [live, started] = ['', ''];
beforeEach(async () => {
  await give('small');
  await canal.reach('development', 'One.');
  live = await canal.open('staging');
  await canal.approve('U0LEE', live);
  const source = sourceOf('Ask ${MODEL:-any}.');
  await canal.useCases.pushVersion({ actor: canal.as('U0DEV'), workflow: FLOW, source });
  await canal.deploy();
  started = await canaries.start('staging');
});

describe('the card of a canary', () => {
  it('says what moved of the settings that it reads since it was approved', async () => {
    expect(await cardOf(started)).toMatchObject({ rollout: { steps: 'all', sinceApproved: [] } });
    expect(await brings(started, () => give('large'))).toBe(true);
    const lines = (await cardOf(started))?.rollout?.sinceApproved ?? [];
    expect(lines).toEqual([expect.stringMatching(/^staging: .*MODEL.*large/)]);
    expect(await canaries.show('staging')).toMatchObject({ sinceApproved: lines });
    // What moved was approved by itself: it bars nothing.
    expect(await canaries.finish('staging')).toMatchObject({ changed: true });
    expect((await cardOf(started))?.rollout).toBeNull();
  });

  it('says what its environment asks for by now, where that is not what it was approved by', async () => {
    const policy = `jsonb_set(policy, '{approvals,0,count}', '2')`;
    await db.sql(`UPDATE environment SET policy = ${policy} WHERE workspace_id = $1 AND name = 'staging'`, [
      canal.workspaceId,
    ]);
    expect(await cardOf(started)).toMatchObject({
      rollout: { sinceApproved: [expect.stringContaining('staging now asks for')] },
    });
  });

  it('offers only its abort while its version is quarantined', async () => {
    expect(await brings(started, () => canal.rollBack('development'))).toBe(true);
    expect(await cardOf(started)).toMatchObject({ rollout: { steps: 'none' } });
    const [told] = await db.sql(
      `SELECT payload FROM announcement WHERE subject_id = $1 AND kind = 'promotion-story' ORDER BY seq DESC LIMIT 1`,
      [started],
    );
    expect(told).toMatchObject({ payload: { event: 'rollout-barred', by: 'U0DEV', environment: 'development' } });
    const lift = { actor: canal.as('U0ADA'), workflow: FLOW, version: 'v2', reason: 'It was the network' };
    expect(await brings(started, () => canal.useCases.liftQuarantine(lift))).toBe(true);
    expect(await cardOf(started)).toMatchObject({ rollout: { steps: 'all' } });
  });

  it('says what its abort would deploy at once, as soon as that has all that it needs', async () => {
    await canal.reach('development', 'Three.');
    const next = await canal.open('staging');
    expect(await cardOf(started)).toMatchObject({ rollout: { waiting: null } });
    expect(await brings(started, () => canal.approve('U0LEE', next))).toBe(true);
    const waiting = { version: { number: 3 }, canary: null };
    expect(await cardOf(started)).toMatchObject({ rollout: { waiting } });
    expect([await canaries.show('staging'), await canaries.change('staging', 5_000)]).toMatchObject([
      { waiting },
      { waiting },
    ]);
    const cancel = () => canal.useCases.cancelPromotion({ actor: canal.as('U0DEV'), promotionId: next });
    expect(await brings(started, cancel)).toBe(true);
    expect(await cardOf(started)).toMatchObject({ rollout: { waiting: null } });
    expect(await canaries.abort('staging')).toMatchObject({ waiting: null, followed: null });
  });

  it('follows the undo of the rollback that quarantined its version', async () => {
    const { rollbackId } = await canal.rollBack('development');
    const undo = () => canal.useCases.undoRollback({ actor: canal.as('U0DEV'), rollbackId });
    expect(await brings(started, undo)).toBe(true);
    expect(await cardOf(started)).toMatchObject({ rollout: { steps: 'all' } });
  });
});

describe('a canary of a workflow that a schedule starts', () => {
  it('is offered to everybody alone, on its card and after a step', async () => {
    await canaries.abort('staging');
    const nightly = 'triggers: [{ id: nightly, type: schedule, schedule: "0 6 * * *" }]\nsteps:';
    const source = sourceOf('Three.').replace('steps:', nightly);
    await canal.useCases.pushVersion({ actor: canal.as('U0DEV'), workflow: FLOW, source });
    await canal.deploy();
    const id = await canaries.start('staging', 0);
    expect(await cardOf(id)).toMatchObject({ rollout: { steps: 'whole' } });
    expect(await canaries.change('staging', 10_000)).toMatchObject({ steps: 'whole' });
  });
});

describe('the card of what a canary runs beside', () => {
  it('says that a rollback takes the canary out, too, while it runs', async () => {
    expect(await cardOf(live)).toMatchObject({ active: true, beside: { number: 2 } });
    const { deploymentId } = (await canaries.show('staging')).candidate;
    expect(await brings(live, () => canaries.abort('staging'))).toBe(true);
    expect(await cardOf(live)).toMatchObject({ active: true, beside: null });
    expect(await brings(live, () => canaries.undo(deploymentId))).toBe(true);
    expect(await cardOf(live)).toMatchObject({ active: true, beside: { number: 2 } });
    await canaries.abort('staging');
    expect(await brings(live, () => canaries.start('staging', 500))).toBe(true);
  });
});

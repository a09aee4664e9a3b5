import { beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canaries, canariesOf, TEN_PERCENT } from '../../support/use-cases/canaries.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
let canaries: Canaries;
withCanal((fresh) => {
  ({ db, canal } = fresh);
  canaries = canariesOf(canal);
});

/** v1 was live in staging before v2 is, and v3, live in development, runs beside it as a canary. */
let started: string;
beforeEach(async () => {
  await canal.reach('staging', 'One.', 'Two.');
  await canal.reach('development', 'Three.');
  started = await canaries.start('staging');
});

const underReview = async () => {
  await canal.reach('development', 'Four.');
  return canal.open('staging');
};
/** From now on. */
const askForNobody = () =>
  db.sql(`UPDATE environment SET policy = jsonb_set(policy, '{approvals}', '[]') WHERE workspace_id = $1`, [
    canal.workspaceId,
  ]);
/** As the end of a lock does, or new evidence. */
const judgeAgain = async () => {
  const scope = { workflowId: null, environmentId: null };
  await db.ports.inTransaction(canal.workspaceId, (tx) => tx.promotions.markForJudging({ scope }));
  expect(await canal.useCases.judgeDue(canal.workspaceId)).toBe(1);
};
const kindsOf = async (promotionId: string) =>
  (await canal.show(promotionId)).requirements.map(({ kind, state }) => [kind, state]);

describe('another promotion while a canary runs', () => {
  it('can be asked for and approved, and waits', async () => {
    const id = await underReview();
    expect(await kindsOf(id)).toEqual([
      ['rollout', 'pending'],
      ['approvals', 'pending'],
    ]);
    const { deployed, promotion } = await canal.approve('U0LEE', id);
    expect([deployed, promotion.requirements.map(({ kind, state }) => [kind, state])]).toEqual([
      false,
      [
        ['rollout', 'pending'],
        ['approvals', 'met'],
      ],
    ]);
    expect([await canal.live('staging'), await canaries.running('staging')]).toEqual([2, [3, TEN_PERCENT]]);
  });

  it('goes live at once when the canary is aborted', async () => {
    const id = await underReview();
    await canal.approve('U0LEE', id);
    expect(await canaries.abort('staging')).toMatchObject({
      ...{ act: 'aborted', version: { number: 3 }, active: { version: { number: 4 } }, undoUntil: null },
      followed: { version: { number: 4 }, canary: null },
    });
    expect(await canal.show(id)).toMatchObject({ status: 'deployed', deployment: { active: true } });
    expect(await canal.live('staging')).toBe(4);
  });

  it('waits for whoever asks again when a rollback takes the canary out: that leaves live what is', async () => {
    const id = await underReview();
    await canal.approve('U0LEE', id);
    expect(await canaries.rollBack('staging')).toMatchObject({
      ...{ kind: 'aborted', receipt: { active: { version: { number: 2 } }, followed: null } },
    });
    await judgeAgain();
    expect([await canal.live('staging'), (await canal.show(id)).status]).toEqual([2, 'open']);
    expect(await kindsOf(id)).toEqual([
      ['held', 'pending'],
      ['approvals', 'met'],
    ]);
    expect(await canal.ask('staging')).toMatchObject({ kind: 'deployed', promotion: { id } });
    expect(await canal.live('staging')).toBe(4);
  });

  it('goes on after that rollback by whoever approved it, too', async () => {
    const id = await underReview();
    await canal.approve('U0LEE', id);
    await canaries.rollBack('staging');
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: true });
  });

  it('waits for somebody also when a rollback takes out what is live, and the canary with it', async () => {
    const id = await underReview();
    await askForNobody();
    expect(await canaries.rollBack('staging', { to: 'v1' })).toMatchObject({ kind: 'rolled-back' });
    await judgeAgain();
    expect([await canal.live('staging'), (await canal.show(id)).status]).toEqual([1, 'open']);
    expect(await canal.ask('staging')).toMatchObject({ kind: 'deployed', promotion: { id } });
  });

  it('waits for the canary alone once the rollback of it was undone', async () => {
    const id = await underReview();
    await canal.approve('U0LEE', id);
    await canaries.rollBack('staging');
    const [canary] = await db.sql<{ id: string }>(
      "SELECT id FROM deployment WHERE workspace_id = $1 AND status = 'aborted'",
      [canal.workspaceId],
    );
    await canaries.undo(canary?.id ?? '');
    expect(await kindsOf(id)).toEqual([
      ['rollout', 'pending'],
      ['approvals', 'met'],
    ]);
  });

  it('waits for its approvals where it has none when the canary is aborted', async () => {
    const id = await underReview();
    await canaries.abort('staging');
    expect(await kindsOf(id)).toEqual([['approvals', 'pending']]);
    expect((await canal.approve('U0LEE', id)).deployed).toBe(true);
  });

  it('has to be approved anew when the canary is finished: it replaces something else', async () => {
    const id = await underReview();
    await canal.approve('U0LEE', id);
    await canaries.finish('staging');
    expect(await canal.show(id)).toMatchObject({
      ...{ status: 'open', replaces: { number: 3 } },
      approvals: [{ by: 'U0LEE', counts: false, since: { moved: ['replaced'] } }],
    });
    const [told] = await db.sql<{ payload: object }>(
      `SELECT payload FROM announcement WHERE subject_id = $1 AND kind = 'promotion-story' ORDER BY seq DESC LIMIT 1`,
      [id],
    );
    expect(told?.payload).toMatchObject({ event: 'review-changed' });
    expect((await canal.approve('U0LEE', id)).deployed).toBe(true);
    expect(await canal.live('staging')).toBe(4);
  });

  it('goes live at once when the canary is finished, where nobody has to approve it', async () => {
    await askForNobody();
    const id = await underReview();
    expect(await canaries.finish('staging')).toMatchObject({
      ...{ act: 'finished', version: { number: 3 }, active: { version: { number: 4 } }, superseded: { number: 2 } },
      followed: { version: { number: 4 }, canary: null },
    });
    expect(await canal.show(id)).toMatchObject({ status: 'deployed', replaces: { number: 3 } });
    expect(await canal.live('staging')).toBe(4);
  });

  it('becomes a canary itself where that was asked for', async () => {
    await canal.reach('development', 'Four.');
    const id = await canaries.open('staging', 500);
    await canal.approve('U0LEE', id);
    expect(await canaries.running('staging')).toEqual([3, TEN_PERCENT]);
    expect(await canaries.abort('staging')).toMatchObject({ followed: { version: { number: 4 }, canary: 500 } });
    expect([await canal.live('staging'), await canaries.running('staging')]).toEqual([2, [4, 500]]);
  });

  it('of the same version, asked for before the abort was undone, is closed when the canary is finished', async () => {
    const { deploymentId } = await canaries.abort('staging');
    const id = await canal.open('staging');
    await canaries.undo(deploymentId);
    expect(await kindsOf(id)).toContainEqual(['rollout', 'pending']);
    await canaries.finish('staging');
    expect(await canal.show(id)).toMatchObject({ status: 'stale', closeReason: 'It is live in staging already.' });
  });

  it('of the same version is refused: it runs already', async () => {
    const refusal = await refusalFrom(canal.ask('staging'));
    expectRefused(refusal, 'rollout_running');
    expect(refusal.userMessage).toContain('10%');
  });

  it('goes live when it is asked for again, where nobody has to approve it and the canary went by a rollback', async () => {
    await askForNobody();
    const id = await underReview();
    await canaries.rollBack('staging', { to: 'v1' });
    // Who takes out what is live does not mean to bring in what is new by it.
    expect([await canal.live('staging'), (await canal.show(id)).status]).toEqual([1, 'open']);
    expect(await canal.ask('staging')).toMatchObject({ kind: 'deployed', promotion: { id } });
    expect(await canal.live('staging')).toBe(4);
  });
});

describe('a rollback while a canary runs', () => {
  it('aborts the canary and leaves what is live; naming that rolls it back, too', async () => {
    const result = await canaries.rollBack('staging', { reason: 'slow' });
    if (result.kind !== 'aborted') throw new Error(`It was not aborted, but ${result.kind}.`);
    const { receipt } = result;
    expect(receipt).toMatchObject({
      act: 'aborted',
      reason: 'slow',
      version: { number: 3 },
      active: { version: { number: 2 } },
    });
    expect(await canal.live('staging')).toBe(2);
    const more = { expectedDeploymentId: receipt.active.deploymentId };
    expect(await canaries.rollBack('staging', more)).toMatchObject({
      ...{ kind: 'rolled-back', aborted: null },
      receipt: { removed: { number: 2 }, restored: { number: 1 } },
    });
    expect(await canal.live('staging')).toBe(1);
  });

  it('to a version aborts the canary and rolls back', async () => {
    expect(await canaries.rollBack('staging', { to: 'v1' })).toMatchObject({
      ...{ kind: 'rolled-back', aborted: { number: 3 } },
      receipt: { removed: { number: 2 }, restored: { number: 1 } },
    });
    expect([await canal.live('staging'), await canaries.running('staging')]).toEqual([1, null]);
    expect(await canal.show(started)).toMatchObject({ deployment: { status: 'aborted' } });
  });

  it('to what is live beside it aborts the canary: everybody has that then, as was asked for', async () => {
    const to = { actor: canal.as('U0DEV'), workflow: FLOW, environment: 'staging', to: 'v2' };
    expect(await canal.useCases.previewRollback(to)).toMatchObject({ kind: 'aborts', restored: { number: 2 } });
    expect(await canaries.rollBack('staging', { to: 'v2' })).toMatchObject({ kind: 'aborted' });
    expect([await canal.live('staging'), await canaries.running('staging')]).toEqual([2, null]);
    expectRefused(await refusalFrom(canaries.rollBack('staging', { to: 'v2' })), 'already_active');
  });

  it('that names what is live does both, that names the canary aborts it, and that names neither is refused', async () => {
    const { candidate, active } = await canaries.show('staging');
    const naming = (expectedDeploymentId: string) => canaries.rollBack('staging', { expectedDeploymentId });
    const elsewhere = (
      await canal.useCases.showLive({ workspaceId: canal.workspaceId, workflow: FLOW, environment: 'dev' })
    ).deployment;
    expectRefused(await refusalFrom(naming(elsewhere.id)), 'moved_on');
    expect(await naming(candidate.deploymentId)).toMatchObject({ kind: 'aborted' });
    await canaries.undo(candidate.deploymentId);
    expect(await naming(active.deploymentId)).toMatchObject({ kind: 'rolled-back', aborted: { number: 3 } });
  });

  it('is shown before as what it would be', async () => {
    const { candidate, active } = await canaries.show('staging');
    const preview = (more: { to?: string; expectedDeploymentId?: string } = {}) =>
      canal.useCases.previewRollback({ actor: canal.as('U0DEV'), workflow: FLOW, environment: 'staging', ...more });
    const aborts = { kind: 'aborts', deploymentId: candidate.deploymentId, alsoAborts: null };
    expect(await preview()).toMatchObject({ ...aborts, removed: { number: 3 }, restored: { number: 2 } });
    const both = { kind: 'rolls-back', deploymentId: active.deploymentId, alsoAborts: { number: 3 } };
    expect(await preview({ to: 'v1' })).toMatchObject({ ...both, removed: { number: 2 }, restored: { number: 1 } });
    expect(await preview({ expectedDeploymentId: active.deploymentId })).toMatchObject(both);
  });

  it('never brings one back that was aborted', async () => {
    await canaries.abort('staging');
    expectRefused(await refusalFrom(canal.rollBack('staging', { to: 'v3' })), 'nothing_to_roll_back_to');
    expect((await canal.rollBack('staging')).restored.number).toBe(1);
  });

  it('is undone without it: the abort stands', async () => {
    const result = await canaries.rollBack('staging', { to: 'v1' });
    if (result.kind !== 'rolled-back') throw new Error('Nothing was rolled back.');
    const undone = await canal.useCases.undoRollback({
      actor: canal.as('U0DEV'),
      rollbackId: result.receipt.rollbackId,
    });
    expect(undone.undoneAt).not.toBeNull();
    expect([await canal.live('staging'), await canaries.running('staging')]).toEqual([2, null]);
    const { deployment } = await canal.show(started);
    expectRefused(await refusalFrom(canaries.undo(deployment?.id ?? '')), 'moved_on');
  });

  it('that came before can’t be undone while it runs', async () => {
    await canaries.abort('staging');
    const { rollbackId, undoUntil } = await canal.rollBack('staging');
    expect(undoUntil).not.toBeNull();
    await canal.reach('development', 'Four.');
    await canaries.start('staging');
    const shown = await canal.useCases.showRollbackReceipt({ workspaceId: canal.workspaceId, rollbackId });
    expect(shown.undoUntil).toBeNull();
    const undo = canal.useCases.undoRollback({ actor: canal.as('U0DEV'), rollbackId });
    expectRefused(await refusalFrom(undo), 'moved_on');
  });
});

describe('a canary whose version was rolled back elsewhere', () => {
  it('can only be aborted', async () => {
    await canal.rollBack('development');
    expect(await canaries.show('staging')).toMatchObject({ quarantined: true });
    expectRefused(await refusalFrom(canaries.change('staging', 5_000)), 'quarantined');
    expectRefused(await refusalFrom(canaries.finish('staging')), 'quarantined');
    const { deploymentId } = await canaries.abort('staging');
    expectRefused(await refusalFrom(canaries.undo(deploymentId)), 'quarantined');
  });
});

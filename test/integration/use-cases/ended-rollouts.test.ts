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

const told = async (type: string) =>
  (
    await db.sql<{ body: string }>(
      `SELECT body FROM webhook_delivery WHERE workspace_id = $1 AND type = $2 AND url LIKE '%staging%' ORDER BY created_at`,
      [canal.workspaceId, type],
    )
  ).map(({ body }) => JSON.parse(body).data);
const lastStory = async (promotionId: string) => {
  const [row] = await db.sql<{ payload: { event: string } }>(
    `SELECT payload FROM announcement WHERE subject_id = $1 AND kind = 'promotion-story' ORDER BY seq DESC LIMIT 1`,
    [promotionId],
  );
  return row?.payload;
};
const later = (deploymentId: string, interval: string) =>
  db.sql(`UPDATE deployment SET ended_at = ended_at - $2::interval WHERE id = $1`, [deploymentId, interval]);

/** v1 is live in staging, and v2, live in development, runs there as a canary. */
let started: string;
beforeEach(async () => {
  await canal.reach('staging', 'One.');
  await canal.reach('development', 'Two.');
  started = await canaries.start('staging');
});

describe('finishing a canary', () => {
  it('puts it in the place of what it ran beside', async () => {
    const { candidate } = await canaries.show('staging');
    expect(await canaries.finish('staging', { by: 'U0MAX' })).toMatchObject({
      ...{ act: 'finished', changed: true, by: 'U0MAX', share: TEN_PERCENT, undoUntil: null },
      ...{ version: { number: 2 }, superseded: { number: 1 } },
      active: { deploymentId: candidate.deploymentId, version: { number: 2 } },
    });
    expect([await canal.live('staging'), await canaries.running('staging')]).toEqual([2, null]);
    const { items } = await canal.useCases.showHistory({
      ...{ actor: canal.as('U0DEV'), workflow: FLOW, environment: 'staging', page: { limit: 5 } },
    });
    expect(items).toMatchObject([
      { status: 'active', share: null, endedAt: null, deployedAt: candidate.startedAt },
      { status: 'superseded', endedBy: 'U0MAX' },
    ]);
    expect(await canal.show(started)).toMatchObject({ deployment: { active: true, status: 'active', share: null } });
  });

  it('is told of as going live', async () => {
    await canaries.finish('staging');
    expect(await told('deployment.activated')).toMatchObject([{ version: { number: 1 } }, { version: { number: 2 } }]);
    expect(await told('deployment.superseded')).toMatchObject([{ version: { number: 1 } }]);
    expect(await told('rollout.finished')).toMatchObject([{ version: { number: 2 }, by: 'U0DEV' }]);
    expect(await lastStory(started)).toMatchObject({ event: 'rollout-finished', by: 'U0DEV' });
  });

  it('makes it what goes on from there, and what a rollback takes out', async () => {
    await canaries.finish('staging');
    expect(await canal.ask('production')).toMatchObject({ kind: 'opened', promotion: { version: { number: 2 } } });
    expect(await canal.rollBack('staging')).toMatchObject({ removed: { number: 2 }, restored: { number: 1 } });
  });

  it('by a second click on the same button is the same', async () => {
    const { deploymentId: expectedDeploymentId } = (await canaries.show('staging')).candidate;
    await canaries.finish('staging', { expectedDeploymentId });
    expect(await canaries.finish('staging', { expectedDeploymentId })).toMatchObject({
      act: 'finished',
      changed: false,
    });
    expectRefused(await refusalFrom(canaries.finish('staging')), 'no_rollout');
    expectRefused(await refusalFrom(canaries.abort('staging', { expectedDeploymentId })), 'no_rollout');
  });

  it('is for who could ask for it', async () => {
    await canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId: 'U0MAX', role: 'viewer', departments: [] });
    const refusal = await refusalFrom(canaries.finish('staging', { by: 'U0MAX' }));
    expectRefused(refusal, 'not_permitted');
    expect(refusal.userMessage).toContain('To move a canary of summarize-flow on takes the role member');
  });
});

describe('aborting a canary', () => {
  it('leaves what is live as it is, and quarantines nothing', async () => {
    const { active } = await canaries.show('staging');
    expect(await canaries.abort('staging', { reason: ' twice as slow ' })).toMatchObject({
      ...{ act: 'aborted', changed: true, share: TEN_PERCENT, reason: 'twice as slow', version: { number: 2 } },
      active: { deploymentId: active.deploymentId, version: { number: 1 } },
    });
    expect([await canal.live('staging'), await canaries.running('staging')]).toEqual([1, null]);
    expect(await canal.show(started)).toMatchObject({
      ...{ status: 'deployed', replaces: { number: 1 } },
      deployment: { active: false, status: 'aborted', share: TEN_PERCENT },
    });
    expect(await told('rollout.aborted')).toMatchObject([
      { deployment: { status: 'aborted' }, share: 10, reason: 'twice as slow' },
    ]);
    expect(await lastStory(started)).toMatchObject({ event: 'rollout-aborted', reason: 'twice as slow' });
    expect(await canaries.open('staging', 500)).not.toBe(started);
  });

  it('takes the role that a rollback takes there', async () => {
    await db.sql(
      `UPDATE environment SET policy = jsonb_set(policy, '{rollback,role}', '"lead"') WHERE workspace_id = $1`,
      [canal.workspaceId],
    );
    expectRefused(await refusalFrom(canaries.abort('staging')), 'not_permitted');
    expect(await canaries.abort('staging', { by: 'U0LEE' })).toMatchObject({ by: 'U0LEE' });
  });

  it('by a second click on the same button is the same', async () => {
    const { deploymentId: expectedDeploymentId } = (await canaries.show('staging')).candidate;
    await canaries.abort('staging', { expectedDeploymentId, reason: 'slow' });
    expect(await canaries.abort('staging', { expectedDeploymentId })).toMatchObject({ changed: false, reason: 'slow' });
    expectRefused(await refusalFrom(canaries.abort('staging')), 'no_rollout');
    expectRefused(await refusalFrom(canaries.finish('staging', { expectedDeploymentId })), 'no_rollout');
    expectRefused(await refusalFrom(canaries.show('staging')), 'no_rollout');
  });
});

describe('undoing the abort of a canary', () => {
  it('brings it back with its share and its reason', async () => {
    await canaries.change('staging', 2_500);
    const { deploymentId, undoUntil } = await canaries.abort('staging', { reason: 'slow' });
    expect(undoUntil).not.toBeNull();
    expect(await canaries.undo(deploymentId)).toMatchObject({ act: 'resumed', changed: true, share: 2_500 });
    expect(await canaries.running('staging')).toEqual([2, 2_500]);
    expect(await canal.show(started)).toMatchObject({ deployment: { status: 'candidate', share: 2_500 } });
    expect(await told('rollout.started')).toMatchObject([{ share: 10 }, { share: 25, undoneAbort: true }]);
    const [row] = await db.sql('SELECT reason, ended_by FROM deployment WHERE id = $1', [deploymentId]);
    expect(row).toEqual({ reason: null, ended_by: null });
    expect(await canaries.undo(deploymentId)).toMatchObject({ act: 'resumed', changed: false });
    expect(await canaries.finish('staging')).toMatchObject({ act: 'finished', changed: true });
  });

  it('is for whoever did it, within ten minutes', async () => {
    const { deploymentId } = await canaries.abort('staging');
    expectRefused(await refusalFrom(canaries.undo(deploymentId, 'U0ADA')), 'not_permitted');
    await later(deploymentId, '10 minutes 1 second');
    expectRefused(await refusalFrom(canaries.undo(deploymentId)), 'undo_expired');
  });

  it('is over once anything else came there, and once its version is quarantined', async () => {
    const { deploymentId } = await canaries.abort('staging');
    const { deploymentId: second } = await (async () => {
      await canaries.start('staging', 500);
      return canaries.abort('staging');
    })();
    expectRefused(await refusalFrom(canaries.undo(deploymentId)), 'moved_on');
    expect(await canaries.undo(second)).toMatchObject({ share: 500 });
    await canaries.abort('staging');
    await canal.reach('development', 'Three.');
    await canal.approve('U0LEE', await canal.open('staging'));
    expectRefused(await refusalFrom(canaries.undo(second)), 'moved_on');
    expectRefused(await refusalFrom(canaries.undo('6f4a2f0e-0000-4000-8000-000000000000')), 'moved_on');
  });
});

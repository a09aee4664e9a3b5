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

const auditOf = async (action: string) =>
  db.sql<{ actor: string; before: unknown; after: unknown }>(
    'SELECT actor, "before", "after" FROM audit_event WHERE workspace_id = $1 AND action = $2 ORDER BY seq',
    [canal.workspaceId, action],
  );
const told = async (type: string) =>
  (
    await db.sql<{ body: string }>(
      `SELECT body FROM webhook_delivery WHERE workspace_id = $1 AND type = $2 AND url LIKE '%staging%' ORDER BY created_at`,
      [canal.workspaceId, type],
    )
  ).map(({ body }) => JSON.parse(body).data);
/** The kinds of lines that the promotion's thread tells. */
const storyOf = async (promotionId: string) =>
  (
    await db.sql<{ event: string }>(
      `SELECT payload->>'event' AS event FROM announcement WHERE subject_id = $1 AND kind = 'promotion-story' ORDER BY seq`,
      [promotionId],
    )
  ).map(({ event }) => event);

/** v1 is live in staging, v2 in development. */
beforeEach(async () => {
  await canal.reach('staging', 'One.');
  await canal.reach('development', 'Two.');
});

describe('asking for a canary', () => {
  it('shows its share, and asks for the approvals that all at once would', async () => {
    const id = await canaries.open('staging');
    const asked = await canal.show(id);
    expect(asked).toMatchObject({ status: 'open', canary: TEN_PERCENT, replaces: { number: 1 }, deployment: null });
    expect(asked.requirements).toEqual([expect.objectContaining({ kind: 'approvals', state: 'pending' })]);
    const { items } = await canal.useCases.listPromotions({ workspaceId: canal.workspaceId, page: { limit: 1 } });
    expect(items[0]).toMatchObject({ id, canary: TEN_PERCENT });
    const requests = await told('promotion.requested');
    expect(requests.map(({ promotion }) => promotion.canary)).toEqual([undefined, 10]);
  });

  it('is refused where nothing is live yet, or the share is none', async () => {
    await canal.approve('U0LEE', await canal.open('staging'));
    expectRefused(await refusalFrom(canaries.open('production')), 'nothing_to_compare_with');
    await canal.reach('development', 'Three.');
    expectRefused(await refusalFrom(canaries.open('staging', 10_001)), 'invalid_input');
    expectRefused(await refusalFrom(canaries.open('staging', 0.5)), 'invalid_input');
    const preview = { actor: canal.as('U0DEV'), workflow: FLOW, environment: 'staging', canary: -1 };
    expectRefused(await refusalFrom(canal.useCases.previewPromotion(preview)), 'invalid_input');
  });

  it('again with the same share opens nothing, with another one asks before it takes its place', async () => {
    const id = await canaries.open('staging');
    const ask = (more: { canary?: number; replace?: string }) =>
      canal.useCases.requestPromotion({ actor: canal.as('U0DEV'), workflow: FLOW, environment: 'staging', ...more });
    expect(await ask({ canary: TEN_PERCENT })).toMatchObject({ kind: 'already-open', promotion: { id } });
    expect(await ask({ canary: 2_000 })).toMatchObject({
      kind: 'confirm-replacement',
      open: { id, canary: TEN_PERCENT },
    });
    expect(await ask({})).toMatchObject({ kind: 'confirm-replacement' });
    expect(await ask({ canary: 2_000, replace: id })).toMatchObject({ kind: 'opened', promotion: { canary: 2_000 } });
    expect(await canal.show(id)).toMatchObject({
      status: 'stale',
      closeReason: expect.stringContaining('as a canary of 20% instead'),
    });
  });

  it('is previewed as it would be made', async () => {
    const preview = (canary?: number) =>
      canal.useCases.previewPromotion({
        ...{ actor: canal.as('U0DEV'), workflow: FLOW, environment: 'staging' },
        ...(canary === undefined ? {} : { canary }),
      });
    expect(await preview(50)).toMatchObject({ canary: 50, open: null });
    await canaries.open('staging', 50);
    expect(await preview()).toMatchObject({ canary: null, open: { canary: 50 } });
  });

  it('binds an approval to its share', async () => {
    const id = await canaries.open('staging');
    const shown = (await canal.show(id)).fingerprint;
    await canal.useCases.cancelPromotion({ actor: canal.as('U0DEV'), promotionId: id });
    const whole = await canal.open('staging');
    expect((await canal.show(whole)).fingerprint).not.toBe(shown);
    expectRefused(await refusalFrom(canal.approve('U0LEE', whole, shown)), 'review_changed');
  });
});

describe('a canary that was approved', () => {
  it('runs beside what is live, which stays as it is', async () => {
    const id = await canaries.start('staging');
    expect([await canal.live('staging'), await canaries.running('staging')]).toEqual([1, [2, TEN_PERCENT]]);
    expect(await canal.show(id)).toMatchObject({
      ...{ status: 'deployed', canary: TEN_PERCENT, replaces: { number: 1 } },
      deployment: { active: false, status: 'candidate', share: TEN_PERCENT },
    });
    const { items } = await canal.useCases.showHistory({
      ...{ actor: canal.as('U0DEV'), workflow: FLOW, environment: 'staging', page: { limit: 5 } },
    });
    expect(items.map(({ version, status, share }) => [version.number, status, share])).toEqual([
      [2, 'candidate', TEN_PERCENT],
      [1, 'active', null],
    ]);
  });

  it('is told of as one: in the audit, to endpoints and below its card', async () => {
    const id = await canaries.start('staging');
    expect(await auditOf('rollout.started')).toMatchObject([{ actor: 'U0LEE', after: { share: TEN_PERCENT } }]);
    expect(await auditOf('promotion.deployed')).toHaveLength(2);
    expect(await told('rollout.started')).toMatchObject([
      { environment: 'staging', version: { number: 2 }, deployment: { status: 'candidate', promotion: id }, share: 10 },
    ]);
    expect(await told('deployment.activated')).toHaveLength(1);
    expect(await told('deployment.superseded')).toEqual([]);
    expect(await storyOf(id)).toEqual(['approved', 'rollout-started']);
  });

  it('starts at once where nobody has to approve it', async () => {
    await db.sql(`UPDATE environment SET policy = jsonb_set(policy, '{approvals}', '[]') WHERE workspace_id = $1`, [
      canal.workspaceId,
    ]);
    const request = { actor: canal.as('U0DEV'), workflow: FLOW, environment: 'staging', canary: 0 };
    expect(await canal.useCases.requestPromotion(request)).toMatchObject({
      kind: 'deployed',
      promotion: { deployment: { status: 'candidate', share: 0 } },
    });
    expect(await canaries.running('staging')).toEqual([2, 0]);
  });

  it('goes nowhere from there: only what is live can be promoted', async () => {
    await canaries.start('staging');
    const asked = await canal.ask('production');
    expect(asked).toMatchObject({ kind: 'opened', promotion: { version: { number: 1 } } });
  });

  it('is shown beside what is live, with how the runs of both went', async () => {
    const id = await canaries.start('staging');
    const shown = await canaries.show('stg');
    const figures = { runs: 0, errorRate: null, costPerRun: null, p50: null, p95: null };
    expect(shown).toMatchObject({
      workflow: { slug: FLOW },
      environment: { name: 'staging' },
      candidate: { version: { number: 2 }, share: TEN_PERCENT, startedBy: 'U0LEE', promotionId: id },
      active: { version: { number: 1 } },
      ...{ quarantined: false, scheduled: false },
      runs: { since: shown.candidate.startedAt, candidate: figures, active: figures },
    });
  });
});

describe('the share of a canary', () => {
  it('is changed by whoever could ask for it, and told of', async () => {
    const id = await canaries.start('staging');
    expect(await canaries.change('staging', 5_000, { by: 'U0MAX' })).toMatchObject({
      ...{ act: 'changed', changed: true, share: 5_000, before: TEN_PERCENT, by: 'U0MAX', promotionId: id },
      ...{ version: { number: 2 }, active: { version: { number: 1 } } },
    });
    expect(await canaries.running('staging')).toEqual([2, 5_000]);
    expect(await auditOf('rollout.changed')).toMatchObject([
      { actor: 'U0MAX', before: { share: TEN_PERCENT }, after: { share: 5_000 } },
    ]);
    expect(await told('rollout.changed')).toMatchObject([{ share: 50, by: 'U0MAX' }]);
    expect(await storyOf(id)).toEqual(['approved', 'rollout-started', 'rollout-changed']);
  });

  it('is not changed by a button that shows another share than it has by now', async () => {
    await canaries.start('staging');
    const shown = { expectedShare: TEN_PERCENT };
    await canaries.change('staging', 5_000, { ...shown, by: 'U0MAX' });
    const refusal = await refusalFrom(canaries.change('staging', 2_500, shown));
    expectRefused(refusal, 'moved_on');
    expect(refusal.userMessage).toContain('is at 50% by now, not at 10% as was shown, so nothing was changed');
    expect(await canaries.running('staging')).toEqual([2, 5_000]);
    expect(await canaries.change('staging', 5_000, shown)).toMatchObject({ changed: false, share: 5_000 });
  });

  it('set to what it is changes nothing, and tells nobody', async () => {
    await canaries.start('staging');
    expect(await canaries.change('staging', TEN_PERCENT)).toMatchObject({ changed: false, share: TEN_PERCENT });
    expect(await auditOf('rollout.changed')).toEqual([]);
  });

  it('is refused where it is none, to who can’t ask, and for a canary that is over', async () => {
    await canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId: 'U0MAX', role: 'viewer', departments: [] });
    expectRefused(await refusalFrom(canaries.change('staging', 5_000)), 'no_rollout');
    await canaries.start('staging');
    expectRefused(await refusalFrom(canaries.change('staging', 20_000)), 'invalid_input');
    expectRefused(await refusalFrom(canaries.change('staging', 5_000, { by: 'U0MAX' })), 'not_permitted');
    const over = { expectedDeploymentId: '6f4a2f0e-0000-4000-8000-000000000000' };
    expectRefused(await refusalFrom(canaries.change('staging', 5_000, over)), 'moved_on');
    expect(await canaries.running('staging')).toEqual([2, TEN_PERCENT]);
  });
});

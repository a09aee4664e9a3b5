import { beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, FLOW, openCanal } from '../../support/use-cases/open-canal.ts';
import { deliveries, messages, waitingJobs } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
beforeEach(() => canal.reach('development', 'Be kind.'));

const types = async () => (await deliveries(db, canal.workspaceId)).map(({ type }) => type);
const story = async (id: string) => (await messages(db, id)).flatMap(({ payload }) => payload['event'] ?? []);
const cancel = (by: string, promotionId: string) =>
  canal.useCases.cancelPromotion({ actor: canal.as(by), promotionId });
/** Lets the time of an open promotion be over. */
const letExpire = (id: string) =>
  db.sql(
    `UPDATE promotion SET expires_at = now() - interval '1 second', requested_at = now() - interval '8 days' WHERE id = $1`,
    [id],
  );

describe('rejecting', () => {
  it('ends the promotion with who and why, for all to see', async () => {
    const id = await canal.open('staging');
    const { changed } = await canal.reject('U0LEE', id, '  too risky  ');
    expect(changed).toBe(true);
    expect(await canal.show(id)).toMatchObject({ status: 'rejected', closedBy: 'U0LEE', closeReason: 'too risky' });
    expect(await story(id)).toEqual(['rejected']);
    expect(await types()).toContain('promotion.rejected');
    expect(await waitingJobs(db, 'refresh-announcements', id)).toBe(1);
  });

  it('twice is once', async () => {
    const id = await canal.open('staging');
    await canal.reject('U0LEE', id);
    expect((await canal.reject('U0LEE', id, 'again')).changed).toBe(false);
    expect(await canal.show(id)).toMatchObject({ closeReason: 'not yet' });
  });

  it('after somebody else decided is refused, naming them', async () => {
    const id = await canal.open('staging');
    await canal.reject('U0LEE', id);
    const refusal = await refusalFrom(canal.reject('U0LIV', id));
    expectRefused(refusal, 'already_decided');
    expect(refusal.userMessage).toContain('<@U0LEE>');
  });

  it('by somebody who may not is refused, naming who may', async () => {
    const id = await canal.open('staging');
    for (const act of [canal.reject, canal.approve]) {
      const refusal = await refusalFrom(act('U0MAX', id));
      expectRefused(refusal, 'not_permitted');
      expect(refusal.userMessage).toMatch(/<@U0LEE>.* can (approve|reject) it/);
    }
  });

  it('by name, when nothing is open any more, says how the last one ended and by whom', async () => {
    const choice = { workflow: FLOW, environment: 'staging' };
    const again = () =>
      refusalFrom(canal.useCases.rejectPromotion({ actor: canal.as('U0LIV'), choice, reason: 'too risky' }));
    expect((await again()).userMessage).not.toContain('the last one');
    await canal.reject('U0LEE', await canal.open('staging'));
    const refusal = await again();
    expectRefused(refusal, 'no_open_promotion');
    expect(refusal.userMessage).toContain('the last one, v1 to staging, was rejected by <@U0LEE>');
  });

  it('takes a reason, a reviewer, and a person', async () => {
    const id = await canal.open('staging');
    expectRefused(await refusalFrom(canal.reject('U0LEE', id, ' \n ')), 'invalid_input');
    expectRefused(await refusalFrom(canal.reject('U0MAX', id)), 'not_permitted');
    expectRefused(await refusalFrom(canal.reject('U0DEV', id)), 'own_request');
    const byToken = canal.useCases.rejectPromotion({
      actor: { ...canal.as('U0LEE'), via: 'api' },
      choice: { promotionId: id },
      reason: 'no',
    });
    expectRefused(await refusalFrom(byToken), 'not_permitted');
  });

  it('keeps a long reason short enough, and without what PostgreSQL cannot hold', async () => {
    const id = await canal.open('staging');
    await canal.reject('U0LEE', id, `\0${'long '.repeat(5_000)}`);
    const promotion = await canal.show(id);
    expect(promotion.closeReason?.length).toBeLessThanOrEqual(10_000);
    expect(promotion.closeReason?.startsWith('long long')).toBe(true);
  });
});

describe('cancelling', () => {
  it('is for whoever asked, and for an admin', async () => {
    const own = await canal.open('staging');
    await cancel('U0DEV', own);
    expect(await canal.show(own)).toMatchObject({ status: 'cancelled', closedBy: 'U0DEV' });
    const other = await canal.open('staging');
    expectRefused(await refusalFrom(cancel('U0LEE', other)), 'not_permitted');
    await cancel('U0ADA', other);
    expect((await canal.show(other)).closedBy).toBe('U0ADA');
    expect(await types()).toContain('promotion.cancelled');
    expect(await story(other)).toEqual(['cancelled']);
  });

  it('twice is once, and what was decided otherwise cannot be cancelled', async () => {
    const id = await canal.open('staging');
    await cancel('U0DEV', id);
    expect((await cancel('U0DEV', id)).changed).toBe(false);
    const rejected = await canal.open('staging');
    await canal.reject('U0LEE', rejected);
    expectRefused(await refusalFrom(cancel('U0DEV', rejected)), 'already_decided');
  });
});

describe('time', () => {
  it('ends a promotion, and the next request is a new one', async () => {
    const id = await canal.open('staging');
    expect(await canal.useCases.expirePromotions(canal.workspaceId)).toBe(0);
    await letExpire(id);
    expect(await canal.useCases.expirePromotions(canal.workspaceId)).toBe(1);
    expect(await canal.useCases.expirePromotions(canal.workspaceId)).toBe(0);
    expect(await canal.show(id)).toMatchObject({ status: 'expired', closedBy: null });
    expect(await story(id)).toEqual(['expired']);
    expect(await types()).toContain('promotion.expired');
    expect(await canal.open('staging')).not.toBe(id);
  });

  it('bars approving even before the clock has noticed', async () => {
    const id = await canal.open('staging');
    await letExpire(id);
    expectRefused(await refusalFrom(canal.approve('U0LEE', id)), 'already_decided');
    expect(await canal.live('staging')).toBeNull();
  });

  it('bars a role given back from deploying, too', async () => {
    const two = await openCanal(db.ports, { staging: [{ role: 'lead', count: 2 }] });
    await two.reach('development', 'Be kind.');
    const id = await two.open('staging');
    await two.approve('U0LEE', id);
    const role = (given: 'lead' | 'member') =>
      two.useCases.assignRole({ actor: two.as('U0ADA'), userId: 'U0LEE', role: given, departments: [] });
    await role('member');
    await two.approve('U0LIV', id);
    await letExpire(id);
    await role('lead');
    expect(await two.show(id)).toMatchObject({ status: 'open', requirements: [{ state: 'met' }] });
    expect(await two.live('staging')).toBeNull();
    expect(await two.useCases.expirePromotions(two.workspaceId)).toBe(1);
  });

  it('lets a request expire, and not give way, when another is made before the clock has noticed', async () => {
    const id = await canal.open('staging');
    await letExpire(id);
    const next = await canal.open('staging', 'U0MAX');
    expect(await canal.show(id)).toMatchObject({ status: 'expired', closedBy: null });
    expect(await canal.show(next)).toMatchObject({ status: 'open', requestedBy: 'U0MAX' });
    expect(await story(id)).toEqual(['expired']);
  });

  it('also ends what would have gone to an environment that is no more, and goes on with the rest', async () => {
    const gone = await canal.open('staging');
    await db.sql(`UPDATE environment SET archived_at = now() WHERE workspace_id = $1 AND name = 'staging'`, [
      canal.workspaceId,
    ]);
    const other = await openCanal(db.ports);
    await other.reach('development', 'Be kind.');
    await letExpire(gone);
    expect(await canal.useCases.expirePromotions(canal.workspaceId)).toBe(1);
    expect((await canal.show(gone)).status).toBe('expired');
  });
});

describe('asking again', () => {
  it('for the version under review opens nothing and finds its card', async () => {
    const id = await canal.open('staging');
    expect(await canal.ask('staging', 'U0MAX')).toMatchObject({
      kind: 'already-open',
      promotion: { id, requestedBy: 'U0DEV' },
      card: null,
    });
    await db.sql(`UPDATE announcement SET state = 'posted', channel = 'C0STG', ts = '1.2' WHERE subject_id = $1`, [id]);
    expect(await canal.ask('staging', 'U0MAX')).toMatchObject({ card: { channel: 'C0STG', ts: '1.2' } });
  });

  it('for another version asks to confirm, names who had approved, and tells the earlier requester', async () => {
    const two = await openCanal(db.ports, { staging: [{ role: 'lead', count: 2 }] });
    await two.reach('development', 'Be kind.');
    const id = await two.open('staging', 'U0MAX');
    await two.approve('U0LEE', id);
    await two.push('Be brief.');
    await two.deploy();
    expect(await two.ask('staging', 'U0LIV')).toMatchObject({
      kind: 'confirm-replacement',
      open: { id },
      proposed: { number: 2 },
      approvedBy: ['U0LEE'],
    });
    expect((await two.show(id)).status).toBe('open');
    const replace = { actor: two.as('U0LIV'), workflow: FLOW, environment: 'staging', replace: id };
    const replaced = await two.useCases.requestPromotion(replace);
    expect(replaced).toMatchObject({
      kind: 'opened',
      promotion: { version: { number: 2 }, requestedBy: 'U0LIV', approvals: [] },
    });
    expect(await two.show(id)).toMatchObject({
      status: 'stale',
      closedBy: 'U0LIV',
      closeReason: 'v2 was asked for instead.',
    });
    expect((await messages(db, id)).at(-1)).toMatchObject({ kind: 'notice', target: 'U0MAX' });
    expect(await story(id)).toEqual(['approved', 'source-moved', 'stale']);
    expectRefused(await refusalFrom(two.approve('U0LEE', id)), 'already_decided');
  });

  it('for another version of what has approvals takes its requester or a lead', async () => {
    const two = await openCanal(db.ports, { staging: [{ role: 'lead', count: 2 }] });
    await two.reach('development', 'Be kind.');
    await two.approve('U0LEE', await two.open('staging', 'U0DEV'));
    await two.push('Be brief.');
    await two.deploy();
    const refusal = await refusalFrom(two.ask('staging', 'U0MAX'));
    expectRefused(refusal, 'not_permitted');
    expect(refusal.userMessage).toMatch(/approved by <@U0LEE>.*<@U0DEV>/);
    expect((await two.ask('staging', 'U0DEV')).kind).toBe('confirm-replacement');
  });

  it('with a confirmation of something else than what is open is refused', async () => {
    const id = await canal.open('staging');
    await canal.push('Be brief.');
    await canal.deploy();
    await canal.useCases.cancelPromotion({ actor: canal.as('U0DEV'), promotionId: id });
    await canal.open('staging');
    await canal.push('Be both.');
    await canal.deploy();
    const late = canal.useCases.requestPromotion({
      actor: canal.as('U0DEV'),
      workflow: FLOW,
      environment: 'staging',
      replace: id,
    });
    expectRefused(await refusalFrom(late), 'confirmation_outdated');
  });
});

describe('a decision typed as a command', () => {
  const decide = (choice: { workflow: string; environment?: string }) =>
    canal.useCases.approvePromotion({ actor: canal.as('U0ADA'), choice });

  it('finds the one promotion that is open', async () => {
    const id = await canal.open('staging');
    expect(await decide({ workflow: FLOW })).toMatchObject({ deployed: true, promotion: { id } });
  });

  it('asks which where two are open, and offers both', async () => {
    await canal.approve('U0LEE', await canal.open('staging'));
    const toProduction = await canal.open('production');
    await canal.push('Be brief.');
    await canal.deploy();
    const toStaging = await canal.open('staging');
    const refusal = await refusalFrom(decide({ workflow: FLOW }));
    expectRefused(refusal, 'which_promotion');
    expect(refusal.offers.map(({ kind, promotionId, label }) => [kind, promotionId, label])).toEqual([
      ['approve', toProduction, 'Approve v1 to production'],
      ['approve', toStaging, 'Approve v2 to staging'],
    ]);
    expect(await decide({ workflow: FLOW, environment: 'prod' })).toMatchObject({ promotion: { id: toProduction } });
  });

  it('is refused where nothing is open', async () => {
    expectRefused(await refusalFrom(decide({ workflow: FLOW })), 'no_open_promotion');
    expectRefused(await refusalFrom(decide({ workflow: FLOW, environment: 'staging' })), 'no_open_promotion');
  });
});

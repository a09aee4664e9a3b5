import { describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, FLOW, openCanal } from '../../support/use-cases/open-canal.ts';
import { quarantined, statuses } from '../../support/use-cases/what-is-shown.ts';
import { messages } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

const unquarantine = (version: string, by = 'U0ADA', reason = 'it was the database') =>
  canal.useCases.liftQuarantine({ actor: canal.as(by), workflow: FLOW, version, reason });

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
    expect(await quarantined(canal)).toEqual([]);
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
    expect(await statuses(canal, 'staging')).toEqual(['v3 rolled_back', 'v2 superseded', 'v1 active']);
  });
});

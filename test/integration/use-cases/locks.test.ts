import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/domain/refusal.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { letTimePass, stillOpen } from '../../support/use-cases/ask-more.ts';
import { canariesOf } from '../../support/use-cases/canaries.ts';
import { type Canal, FLOW, sourceOf } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

const lock = (by: string, more: Partial<Parameters<Canal['useCases']['lock']>[0]>) =>
  canal.useCases.lock({ actor: canal.as(by), reason: 'an incident', ...more });
const unlock = (by: string, more: Partial<Parameters<Canal['useCases']['unlock']>[0]>) =>
  canal.useCases.unlock({ actor: canal.as(by), ...more });
const tick = () => canal.useCases.judgeDue(canal.workspaceId);

describe('a lock', () => {
  it.each([
    ['of the workflow', 'U0DEV', FLOW],
    ['of the environment', 'U0LEE', 'stg'],
    ['of everything', 'U0LEE', 'all'],
  ])('%s keeps an approved promotion open, and the tick after its end deploys it', async (_, by, scope) => {
    await canal.reach('development', 'one');
    const id = await canal.open('staging');
    await lock(by, { scope });
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: false });
    expect(await stillOpen(canal, id)).toEqual(['lock: pending']);
    await unlock(by, { scope });
    await tick();
    expect(await canal.live('staging')).toBe(1);
  });

  it('of another environment or workflow is in nobody else’s way', async () => {
    await canal.reach('development', 'one');
    await canal.push('two', 'other-flow');
    await lock('U0LEE', { scope: 'production' });
    await lock('U0DEV', { scope: 'other-flow' });
    const id = await canal.open('staging');
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: true });
  });

  it('keeps the first environment from being deployed to, and says who holds it and why', async () => {
    await canal.push('one');
    await lock('U0LEE', { scope: 'development', reason: 'a migration' });
    await expect(canal.deploy()).rejects.toMatchObject({
      code: 'locked',
      userMessage: expect.stringMatching(/U0LEE.*a migration/),
    });
    await unlock('U0LEE', { scope: 'development' });
    await canal.deploy();
    expect(await canal.live('development')).toBe(1);
  });

  it('never keeps anything from being rolled back', async () => {
    await canal.reach('staging', 'one', 'two');
    await lock('U0LEE', { scope: 'all' });
    await canal.rollBack('staging');
    expect(await canal.live('staging')).toBe(1);
  });

  it('keeps a canary from getting more, and not from getting less or going', async () => {
    await canal.reach('staging', 'one');
    await canal.reach('development', 'two');
    const canaries = canariesOf(canal);
    await canaries.start('staging');
    await lock('U0LEE', { scope: 'staging' });
    await expect(canaries.change('staging', 5_000)).rejects.toMatchObject({ code: 'locked' });
    await expect(canaries.finish('staging')).rejects.toMatchObject({ code: 'locked' });
    await canaries.change('staging', 500);
    await canaries.abort('staging');
    expect(await canaries.running('staging')).toBeNull();
  });

  it('ends by itself at its time, and then the clock deploys', async () => {
    await canal.reach('development', 'one');
    const id = await canal.open('staging');
    await lock('U0DEV', { scope: FLOW, until: { in: 7_200_000 } });
    await canal.approve('U0LEE', id);
    await tick();
    expect(await canal.live('staging')).toBeNull();
    await letTimePass(db, canal, 7_200_000);
    await tick();
    expect(await canal.live('staging')).toBe(1);
  });

  const locks = async () => (await canal.useCases.listHolds({ workspaceId: canal.workspaceId })).locks;
  const actions = async () => {
    const { items } = await canal.useCases.listAudit({ workspaceId: canal.workspaceId, workflow: FLOW, limit: 10 });
    return items.map(({ action }) => action);
  };

  it('taken from a card holds that promotion, and ends with it where its owner ends that', async () => {
    await canal.reach('development', 'one');
    const id = await canal.open('staging');
    const taken = await lock('U0LEE', { promotionId: id });
    expect(taken).toMatchObject({ promotionId: id, workflow: { slug: FLOW }, environment: { name: 'staging' } });
    expect((await canal.show(id)).locks).toMatchObject([{ id: taken.id, by: 'U0LEE' }]);
    await canal.reject('U0LEE', id);
    expect(await locks()).toEqual([]);
    expect(await actions()).toContain('lock.ended');
  });

  it('taken from a card stays where somebody else ends that promotion, and its owner is told', async () => {
    await canal.reach('development', 'one');
    const id = await canal.open('staging');
    await lock('U0LEE', { promotionId: id });
    await canal.useCases.cancelPromotion({ actor: canal.as('U0DEV'), promotionId: id });
    expect(await locks()).toMatchObject([{ by: 'U0LEE', promotionId: null }]);
    expect(await actions()).not.toContain('lock.ended');
    const told = await db.sql<{ target: string; text: string }>(
      "SELECT target, payload->>'text' AS text FROM announcement WHERE workspace_id = $1 AND kind = 'notice'",
      [canal.workspaceId],
    );
    expect(told).toEqual([
      { target: 'U0LEE', text: expect.stringContaining('Your lock of summarize-flow in staging stays') },
    ]);
    const again = await canal.open('staging');
    expect(await stillOpen(canal, again)).toEqual(['lock: pending', 'approvals: pending']);
  });

  it.each(['U0DEV', 'U0LEE'])('taken from a card by %s holds what is asked for in its place', async (by) => {
    await canal.reach('development', 'one');
    const id = await canal.open('staging');
    const { id: lockId } = await lock(by, { promotionId: id });
    await canal.reach('development', 'two');
    const asked = { actor: canal.as('U0DEV'), workflow: FLOW, environment: 'staging', replace: id };
    const opened = await canal.useCases.requestPromotion(asked);
    const next = opened.kind === 'opened' ? opened.promotion.id : '';
    expect(await locks()).toMatchObject([{ id: lockId, by, promotionId: next }]);
    expect(await canal.approve('U0LIV', next)).toMatchObject({ deployed: false });
  });

  it('is ended by somebody else only where they say so, and its owner is told', async () => {
    await canal.push('one');
    await lock('U0LEE', { scope: FLOW });
    await expect(unlock('U0DEV', { scope: FLOW })).rejects.toMatchObject({ code: 'not_permitted' });
    const { ended } = await unlock('U0DEV', { scope: FLOW, others: true });
    expect(ended).toMatchObject([{ by: 'U0LEE', reason: 'an incident' }]);
    const told = await db.sql<{ target: string; payload: { text: string } }>(
      "SELECT target, payload FROM announcement WHERE workspace_id = $1 AND kind = 'notice'",
      [canal.workspaceId],
    );
    expect(told).toEqual([{ target: 'U0LEE', payload: { text: `<@U0DEV> ended your lock of ${FLOW}.` } }]);
    await expect(unlock('U0DEV', { scope: FLOW })).rejects.toMatchObject({ code: 'nothing_locked' });
  });

  it('of what is not one’s own takes a lead, and a reason', async () => {
    await canal.push('one');
    await expect(lock('U0DEV', { scope: 'production' })).rejects.toMatchObject({ code: 'not_permitted' });
    await expect(lock('U0DEV', { scope: 'all' })).rejects.toMatchObject({ code: 'not_permitted' });
    await expect(lock('U0DEV', { scope: FLOW, reason: ' ' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(lock('U0LEE', { scope: 'nonsense' })).rejects.toMatchObject({ code: 'unknown_workflow' });
    await expect(lock('U0LEE', {})).rejects.toBeInstanceOf(Refusal);
  });

  it('of a word that is both a workflow and an environment asks which', async () => {
    await canal.useCases.pushVersion({ actor: canal.as('U0DEV'), workflow: 'staging', source: sourceOf('one') });
    await expect(lock('U0LEE', { scope: 'staging' })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await lock('U0LEE', { workflow: 'staging' })).toMatchObject({
      workflow: { slug: 'staging' },
      environment: null,
    });
  });

  it('is in the audit, taken and ended', async () => {
    await canal.push('one');
    await lock('U0DEV', { scope: FLOW });
    await unlock('U0DEV', { scope: FLOW });
    const { items } = await canal.useCases.listAudit({ workspaceId: canal.workspaceId, workflow: FLOW, limit: 10 });
    expect(items.map(({ action }) => action).slice(0, 2)).toEqual(['lock.ended', 'lock.taken']);
  });
});

import { describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { audit } from '../../support/use-cases/what-is-shown.ts';
import { deliveries, messages, waitingJobs } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

describe('a version’s whole life', () => {
  it('goes from its push to production, one environment at a time', async () => {
    const { number } = await canal.push('Be kind.');
    expect(number).toBe(1);
    await canal.deploy();
    expect(await canal.live('development')).toBe(1);
    const toStaging = await canal.open('staging');
    expect((await canal.approve('U0LEE', toStaging)).deployed).toBe(true);
    const toProduction = await canal.open('prod');
    expect((await canal.approve('U0ADA', toProduction)).deployed).toBe(true);
    expect([await canal.live('development'), await canal.live('staging'), await canal.live('production')]).toEqual([
      1, 1, 1,
    ]);
  });

  it('is in the audit act by act, each with the state before and after', async () => {
    await canal.reach('staging', 'Be kind.', 'Be brief.');
    const told = await audit(canal);
    expect(told.map(({ action, actor, via }) => `${action} by ${actor} via ${via}`)).toEqual([
      'workflow.created by U0DEV via slack',
      'version.pushed by U0DEV via slack',
      'deployment.activated by U0DEV via slack',
      'promotion.requested by U0DEV via slack',
      'promotion.approved by U0LEE via slack',
      'deployment.activated by U0LEE via slack',
      'promotion.deployed by U0LEE via slack',
      'version.pushed by U0DEV via slack',
      'deployment.activated by U0DEV via slack',
      'promotion.requested by U0DEV via slack',
      'promotion.approved by U0LEE via slack',
      'deployment.activated by U0LEE via slack',
      'promotion.deployed by U0LEE via slack',
    ]);
    const last = (action: string) => told.findLast((event) => event.action === action);
    expect(last('promotion.approved')).toMatchObject({
      before: { status: 'open', approvals: [] },
      after: { status: 'open', approvals: [{ by: 'U0LEE', role: 'lead' }] },
    });
    expect(last('promotion.deployed')).toMatchObject({
      before: { status: 'open' },
      after: { status: 'deployed', closedBy: 'U0LEE' },
    });
    expect(last('deployment.activated')).toMatchObject({ before: { status: 'active' }, after: { status: 'active' } });
    expect(told.find(({ action }) => action === 'deployment.activated')?.before).toBeNull();
  });

  it('is told to every endpoint in its order', async () => {
    await canal.reach('staging', 'Be kind.', 'Be brief.');
    const toStaging = (await deliveries(db, canal.workspaceId)).filter(({ url }) => url.includes('staging'));
    expect(toStaging.map(({ type }) => type).sort()).toEqual(
      [
        ...['promotion.requested', 'promotion.approved', 'deployment.activated'],
        ...['promotion.requested', 'promotion.approved', 'deployment.activated', 'deployment.superseded'],
      ].sort(),
    );
    const { data } = toStaging.findLast(({ type }) => type === 'deployment.superseded') ?? {};
    expect(data).toMatchObject({
      workflow: FLOW,
      environment: 'staging',
      version: { number: 1 },
      deployment: { status: 'superseded' },
    });
  });

  it('has a card in its target’s channel, a story below it and one update waiting', async () => {
    await canal.push('Be kind.');
    await canal.deploy();
    const id = await canal.open('staging');
    await canal.approve('U0LEE', id);
    expect(await messages(db, id)).toMatchObject([
      { kind: 'promotion-card', target: 'C0STG' },
      { kind: 'promotion-story', target: 'C0STG', payload: { event: 'approved', by: 'U0LEE', remaining: null } },
      { kind: 'promotion-story', target: 'C0STG', payload: { event: 'deployed', by: 'U0LEE' } },
    ]);
    expect(await waitingJobs(db, 'refresh-announcements', id)).toBe(1);
  });

  it('shows on the card what was asked, what changes and who may say yes', async () => {
    await canal.reach('staging', 'Be kind.');
    await canal.push('Be brief.');
    await canal.deploy();
    const view = await canal.show(await canal.open('staging'));
    expect(view).toMatchObject({
      ...{
        status: 'open',
        requestedBy: 'U0DEV',
        reason: 'faster answers',
        sourceMovedTo: null,
        nobodyCanApprove: false,
      },
      ...{ version: { number: 2 }, replaces: { number: 1 }, from: { name: 'development' }, to: { name: 'staging' } },
      requirements: [{ kind: 'approvals', state: 'pending', summary: 'Approval by 1 lead' }],
    });
    expect(view.diff.lines.join(' ')).toContain('System prompt');
    expect(view.canApprove.userIds.sort()).toEqual(['U0ABE', 'U0ADA', 'U0LEE', 'U0LIV']);
  });

  it('shows on the card of a deployed promotion who approved, what it replaced and whether it is still live', async () => {
    await canal.reach('staging', 'Be kind.', 'Be brief.');
    const { items } = await canal.useCases.listPromotions({
      workspaceId: canal.workspaceId,
      status: 'deployed',
      page: { limit: 10 },
    });
    const [second, first] = await Promise.all(items.map(({ id }) => canal.show(id)));
    expect(second).toMatchObject({
      replaces: { number: 1 },
      approvals: [{ by: 'U0LEE', counts: true }],
      deployment: { active: true },
    });
    expect(first).toMatchObject({ replaces: null, approvals: [{ by: 'U0LEE' }], deployment: { active: false } });
  });

  it('is in the history, newest first, with who approved it', async () => {
    await canal.reach('staging', 'Be kind.', 'Be brief.');
    const history = await canal.useCases.showHistory({
      actor: canal.as('U0DEV'),
      workflow: FLOW,
      environment: 'stg',
      page: { limit: 10 },
    });
    expect(history.items).toMatchObject([
      {
        version: { number: 2 },
        status: 'active',
        deployedBy: 'U0LEE',
        endedAt: null,
        approvals: [{ by: 'U0LEE', role: 'lead' }],
      },
      { version: { number: 1 }, status: 'superseded', deployedBy: 'U0LEE', approvals: [{ by: 'U0LEE', role: 'lead' }] },
    ]);
    const everywhere = await canal.useCases.showHistory({
      actor: canal.as('U0DEV'),
      workflow: FLOW,
      page: { limit: 3 },
    });
    expect(everywhere.items).toHaveLength(3);
    const rest = await canal.useCases.showHistory({
      actor: canal.as('U0DEV'),
      workflow: FLOW,
      page: { limit: 3, cursor: everywhere.cursor ?? '' },
    });
    expect(rest.items).toHaveLength(1);
    expect(rest.cursor).toBeNull();
  });

  it('is in the status with where it is live, what is open and its stage', async () => {
    const stage = async () => (await canal.useCases.showStatus({ actor: canal.as('U0DEV') })).items[0]?.newest.stage;
    await canal.push('Be kind.');
    expect(await stage()).toBe('draft');
    await canal.deploy();
    expect(await stage()).toBe('testing');
    const id = await canal.open('staging');
    const [status] = (await canal.useCases.showStatus({ actor: canal.as('U0DEV'), workflow: FLOW })).items;
    expect(status?.environments[1]).toMatchObject({
      live: null,
      open: { promotionId: id, version: { number: 1 }, requestedBy: 'U0DEV' },
    });
    await canal.approve('U0LEE', id);
    expect(await stage()).toBe('staging');
    await canal.approve('U0ADA', await canal.open('production'));
    expect(await stage()).toBe('production');
  });
});

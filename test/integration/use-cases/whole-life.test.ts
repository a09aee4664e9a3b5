import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { brokenRules } from '../../support/use-cases/broken-rules.ts';
import { type Canal, FLOW, openCanal, sourceOf } from '../../support/use-cases/open-canal.ts';
import { deliveries, messages, waitingJobs } from '../../support/use-cases/what-waits.ts';

let db: TestPersistence;
let canal: Canal;

beforeAll(async () => {
  db = await openTestPersistence();
});
beforeEach(async () => {
  canal = await openCanal(db.ports);
});
afterEach(async () => {
  expect(await brokenRules(db)).toEqual([]);
});
afterAll(() => db.end());

const audit = async () =>
  (await canal.useCases.listAudit({ workspaceId: canal.workspaceId, limit: 100 })).items.reverse();

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
    const told = await audit();
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

describe('a push', () => {
  it('of the same content again is no new version and says which it was', async () => {
    await canal.push('Be kind.');
    const again = await canal.useCases.pushVersion({
      actor: canal.as('U0MAX'),
      workflow: FLOW,
      source: sourceOf('Be kind.'),
    });
    expect(again).toMatchObject({
      created: false,
      workflowCreated: false,
      version: { number: 1, author: 'U0DEV' },
      diff: null,
    });
    const [status] = (await canal.useCases.showStatus({ actor: canal.as('U0DEV'), workflow: FLOW })).items;
    expect(status?.newest.number).toBe(1);
  });

  it('of a new workflow names it after the definition, and its owner after who pushed', async () => {
    const pushed = await canal.useCases.pushVersion({ actor: canal.as('U0MAX'), source: sourceOf('Hello.') });
    expect(pushed).toMatchObject({
      created: true,
      workflowCreated: true,
      workflow: { slug: FLOW, department: null },
      diff: null,
    });
    const [status] = (await canal.useCases.showStatus({ actor: canal.as('U0DEV'), workflow: FLOW })).items;
    expect(status?.workflow.ownerId).toBe('U0MAX');
  });

  it('tells what changed against the version before', async () => {
    await canal.push('Be kind.');
    const { diff } = await canal.useCases.pushVersion({
      actor: canal.as('U0DEV'),
      workflow: FLOW,
      source: sourceOf('Be brief.'),
    });
    expect(diff?.functional).toBe(true);
    expect(diff?.lines).toHaveLength(1);
  });

  it('keeps a label, a note and the commit it came from', async () => {
    const more = { label: 'Kinder', note: '  asked for by support  ', sourceCommit: 'abc123' };
    await canal.useCases.pushVersion({
      actor: canal.as('U0DEV'),
      workflow: FLOW,
      source: sourceOf('Be kind.'),
      ...more,
    });
    const shown = await canal.useCases.showVersion({
      workspaceId: canal.workspaceId,
      workflow: FLOW,
      version: 'kinder',
    });
    expect(shown).toMatchObject({
      version: { number: 1, label: 'kinder' },
      note: 'asked for by support',
      sourceCommit: 'abc123',
    });
  });

  it('is refused whole where a part of it is refused', async () => {
    const source = sourceOf('Be kind.');
    const refused = canal.useCases.pushVersion({ actor: canal.as('U0DEV'), workflow: FLOW, source, label: 'v7' });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_label' });
    expect((await canal.useCases.showStatus({ actor: canal.as('U0DEV') })).items).toEqual([]);
    expect(await audit()).toEqual([]);
  });
});

describe('a deployment', () => {
  it('takes the newest version, or the one that is named', async () => {
    for (const prompt of ['One.', 'Two.', 'Three.']) await canal.push(prompt);
    expect((await canal.deploy()).version.number).toBe(3);
    const back = await canal.deploy('v2');
    expect(back).toMatchObject({
      version: { number: 2 },
      replaced: { number: 3 },
      environment: { name: 'development' },
      next: { name: 'staging' },
    });
    expect(await canal.live('development')).toBe(2);
  });

  it('says so on the card of a promotion from there, which stands', async () => {
    await canal.push('Be kind.');
    await canal.deploy();
    const id = await canal.open('staging');
    await canal.push('Be brief.');
    await canal.deploy();
    expect(await canal.show(id)).toMatchObject({
      status: 'open',
      version: { number: 1 },
      sourceMovedTo: { number: 2 },
    });
    const story = (await messages(db, id)).at(-1);
    expect(story).toMatchObject({ kind: 'promotion-story', payload: { event: 'source-moved', now: 'v2' } });
    expect((await canal.approve('U0LEE', id)).deployed).toBe(true);
    expect(await canal.live('staging')).toBe(1);
  });

  it('updates the receipt of what it took the place of', async () => {
    await canal.push('Be kind.');
    const first = await canal.deploy();
    await canal.push('Be brief.');
    await canal.deploy();
    expect(await waitingJobs(db, 'refresh-announcements', first.deployment.id)).toBe(1);
    const { deployment } = await canal.useCases.showDeploymentReceipt({
      workspaceId: canal.workspaceId,
      deploymentId: first.deployment.id,
    });
    expect(deployment.active).toBe(false);
  });

  it('answers where it was typed when its environment has no channel, and its doer when that is unknown', async () => {
    await db.sql('UPDATE environment SET channel = NULL WHERE workspace_id = $1', [canal.workspaceId]);
    await canal.push('Be kind.');
    const typed = await canal.deploy();
    expect(await messages(db, typed.deployment.id)).toMatchObject([{ kind: 'deployment-receipt', target: 'C0TYPED' }]);
    await canal.push('Be brief.');
    const { deployment } = await canal.useCases.deployVersion({
      actor: { ...canal.as('U0DEV'), via: 'api' },
      workflow: FLOW,
    });
    expect(await messages(db, deployment.id)).toMatchObject([{ kind: 'deployment-receipt', target: 'U0DEV' }]);
  });
});

describe('where no channel takes a card', () => {
  it.each([undefined, 'D0TYPED'])(
    'it goes to whoever asked and to everybody who may approve (typed in %s)',
    async (originChannel) => {
      await db.sql('UPDATE environment SET channel = NULL WHERE workspace_id = $1', [canal.workspaceId]);
      await canal.push('Be kind.');
      await canal.deploy();
      const asked = await canal.useCases.requestPromotion({
        actor: canal.as('U0DEV'),
        workflow: FLOW,
        environment: 'staging',
        ...(originChannel === undefined ? {} : { originChannel }),
      });
      const cards = asked.kind === 'opened' ? await messages(db, asked.promotion.id) : [];
      expect(cards.map(({ kind, target }) => `${kind} ${target}`).sort()).toEqual(
        ['U0ABE', 'U0ADA', 'U0DEV', 'U0LEE', 'U0LIV'].map((userId) => `promotion-card ${userId}`),
      );
    },
  );
});

describe('what one environment after another asks for', () => {
  it('may be nothing: then asking deploys', async () => {
    const open = await openCanal(db.ports, { staging: [] });
    await open.push('Be kind.');
    await open.deploy();
    const asked = await open.ask('staging');
    expect(asked).toMatchObject({ kind: 'deployed', promotion: { status: 'deployed', closedBy: 'U0DEV' } });
    expect(await open.live('staging')).toBe(1);
  });
});

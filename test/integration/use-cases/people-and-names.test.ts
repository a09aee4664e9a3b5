import { beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, FLOW, openCanal, profile, sourceOf } from '../../support/use-cases/open-canal.ts';
import { waitingJobs } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

const audited = async (action: string) =>
  (await canal.useCases.listAudit({ workspaceId: canal.workspaceId, action, limit: 10 })).items;

describe('a role', () => {
  const give = (userId: string, role: 'viewer' | 'lead', by = 'U0ADA', departments: string[] = []) =>
    canal.useCases.assignRole({ actor: canal.as(by), userId, role, departments });

  it('is given by an admin, and audited as it was and is', async () => {
    expect(await give('U0MAX', 'lead')).toMatchObject({ userId: 'U0MAX', role: 'lead', departments: [] });
    expect(await audited('role.assigned')).toMatchObject([
      { actor: 'U0ADA', subject: 'person:U0MAX', before: { role: 'member' }, after: { role: 'lead' } },
    ]);
    expectRefused(await refusalFrom(give('U0MAX', 'lead', 'U0LEE')), 'not_permitted');
  });

  it('may be for some departments, as they are configured', async () => {
    canal = await openCanal(db.ports, { departments: ['support', 'growth'] });
    expect(await give('U0MAX', 'lead', 'U0ADA', ['Growth'])).toMatchObject({ departments: ['growth'] });
    expectRefused(await refusalFrom(give('U0MAX', 'lead', 'U0ADA', ['sales'])), 'unknown_department');
  });

  it('of somebody whom the file names is the file’s', async () => {
    await db.ports.inTransaction(canal.workspaceId, (tx) =>
      tx.people.replaceFileAssignments(new Map([['U0MAX', { role: 'member', departments: [] }]])),
    );
    expectRefused(await refusalFrom(give('U0MAX', 'lead')), 'managed_by_file');
  });

  it('of somebody who is no full member can only be to look', async () => {
    await canal.useCases.recordProfiles({
      workspaceId: canal.workspaceId,
      profiles: [profile('U0GUEST', { standing: 'guest' })],
    });
    expectRefused(await refusalFrom(give('U0GUEST', 'lead')), 'not_permitted');
    expect((await give('U0GUEST', 'viewer')).role).toBe('viewer');
  });

  it('is listed with who has it', async () => {
    await give('U0MAX', 'viewer');
    const roles = await canal.useCases.listRoles({ actor: canal.as('U0DEV') });
    expect(roles).toMatchObject({ defaultRole: 'member', departments: [], slackAdminsStandIn: false });
    expect(roles.people.map(({ userId, role }) => `${userId} ${role}`)).toEqual([
      ...['U0ABE admin', 'U0ADA admin', 'U0LEE lead', 'U0LIV lead', 'U0DEV member', 'U0MAX viewer'],
    ]);
  });

  it('is admin for Slack’s own admins while nobody is named', async () => {
    await db.sql(`UPDATE person SET assigned_role = NULL WHERE workspace_id = $1`, [canal.workspaceId]);
    await canal.useCases.recordProfiles({
      workspaceId: canal.workspaceId,
      profiles: [profile('U0BOSS', { slackAdmin: true })],
    });
    expect(await canal.useCases.listRoles({ actor: canal.as('U0DEV') })).toMatchObject({
      people: [{ userId: 'U0BOSS', role: 'admin' }],
      slackAdminsStandIn: true,
    });
    expect((await give('U0MAX', 'lead', 'U0BOSS')).role).toBe('lead');
  });

  it('takes no part in looking: a viewer sees what everybody sees', async () => {
    await canal.push('Be kind.');
    await give('U0MAX', 'viewer');
    expect((await canal.useCases.showStatus({ actor: canal.as('U0MAX') })).items).toHaveLength(1);
    expect((await canal.useCases.showHome({ actor: canal.as('U0MAX') })).role).toBe('viewer');
    expectRefused(await refusalFrom(canal.push('Mine.', FLOW, 'U0MAX')), 'not_permitted');
    expectRefused(await refusalFrom(canal.deploy('v1', FLOW, 'U0MAX')), 'not_permitted');
    expectRefused(await refusalFrom(canal.ask('staging', 'U0MAX')), 'not_permitted');
  });
});

describe('a department', () => {
  const push = (by: string, department?: string) =>
    canal.useCases.pushVersion({
      actor: canal.as(by),
      workflow: FLOW,
      source: sourceOf('Be kind.'),
      ...(department === undefined ? {} : { department }),
    });

  beforeEach(async () => {
    canal = await openCanal(db.ports, {
      departments: ['support', 'growth'],
      people: { U0SUE: ['member', ['support']], U0GUS: ['member', ['growth']], U0LEE: ['lead', ['growth']] },
    });
  });

  it('must be named for a new workflow where departments are configured', async () => {
    expect(await canal.useCases.listDepartments({ workspaceId: canal.workspaceId })).toEqual(['support', 'growth']);
    const refusal = await refusalFrom(push('U0SUE'));
    expectRefused(refusal, 'department_required');
    expect(refusal.userMessage).toContain('support, growth');
    expectRefused(await refusalFrom(push('U0SUE', 'sales')), 'unknown_department');
    expectRefused(await refusalFrom(push('U0GUS', 'support')), 'not_permitted');
    expect((await push('U0SUE', 'SUPPORT')).workflow.department).toBe('support');
  });

  it('is not moved by a push, but may be named again', async () => {
    await push('U0SUE', 'support');
    expect((await push('U0SUE', 'Support')).created).toBe(false);
    const refusal = await refusalFrom(push('U0SUE', 'growth'));
    expectRefused(refusal, 'invalid_input');
    expect(refusal.userMessage).toContain('/towpath workflow summarize-flow department growth');
  });

  it('bounds what its members do, and who may decide', async () => {
    await push('U0SUE', 'support');
    expectRefused(await refusalFrom(canal.deploy('v1', FLOW, 'U0GUS')), 'not_permitted');
    await canal.deploy('v1', FLOW, 'U0SUE');
    expectRefused(await refusalFrom(canal.ask('staging', 'U0GUS')), 'not_permitted');
    const id = await canal.open('staging', 'U0SUE');
    expect((await canal.show(id)).canApprove.userIds.sort()).toEqual(['U0ABE', 'U0ADA', 'U0LIV']);
    expectRefused(await refusalFrom(canal.approve('U0LEE', id)), 'not_permitted');
    expectRefused(await refusalFrom(canal.reject('U0LEE', id)), 'not_permitted');
    expect((await canal.approve('U0LIV', id)).deployed).toBe(true);
    expectRefused(await refusalFrom(canal.rollBack('development', { by: 'U0GUS' })), 'not_permitted');
  });

  it('and an owner are changed by an admin, audited', async () => {
    await push('U0SUE', 'support');
    const change = (by: string, to: { department?: string; owner?: string }) =>
      canal.useCases.changeWorkflow({ actor: canal.as(by), workflow: FLOW, ...to });
    expectRefused(await refusalFrom(change('U0LIV', { department: 'growth' })), 'not_permitted');
    expectRefused(await refusalFrom(change('U0ADA', { department: 'sales' })), 'unknown_department');
    expect(await change('U0ADA', { department: 'growth', owner: 'U0GUS' })).toMatchObject({
      department: 'growth',
      ownerId: 'U0GUS',
    });
    await change('U0ADA', { department: 'growth' });
    expect(await audited('workflow.changed')).toMatchObject([
      { before: { department: 'support', ownerId: 'U0SUE' }, after: { department: 'growth', ownerId: 'U0GUS' } },
    ]);
  });
});

describe('a label', () => {
  const label = (version: string, name: string, note?: string) =>
    canal.useCases.labelVersion({
      actor: canal.as('U0DEV'),
      workflow: FLOW,
      version,
      label: name,
      ...(note === undefined ? {} : { note }),
    });

  it('names a version afterwards, and is what it is found by', async () => {
    await canal.push('Be kind.');
    expect(await label('v1', 'Kinder', 'at last')).toMatchObject({
      version: { number: 1, label: 'kinder' },
      previousLabel: null,
    });
    expect((await canal.deploy('KINDER')).version).toMatchObject({ number: 1, label: 'kinder' });
    expect(await audited('version.labelled')).toMatchObject([
      { before: { label: null }, after: { label: 'kinder', note: 'at last' } },
    ]);
  });

  it('may be changed, which frees the old one, and brings the card up to date', async () => {
    await canal.reach('development', 'Be kind.');
    const id = await canal.open('staging');
    await db.sql(`DELETE FROM graphile_worker._private_jobs WHERE key LIKE 'refresh:%'`);
    await label('v1', 'kinder');
    expect(await waitingJobs(db, 'refresh-announcements', id)).toBe(1);
    expect((await label('1', 'kindest')).previousLabel).toBe('kinder');
    await canal.push('Be brief.');
    expect((await label('v2', 'kinder')).version.number).toBe(2);
    expectRefused(await refusalFrom(label('v2', 'kindest')), 'label_taken');
    expectRefused(await refusalFrom(canal.deploy('nobody')), 'unknown_version');
  });

  it('given again changes nothing and is not audited', async () => {
    await canal.push('Be kind.');
    await label('v1', 'kinder');
    await label('v1', 'kinder');
    expect(await audited('version.labelled')).toHaveLength(1);
  });
});

describe('App Home', () => {
  it('shows what waits for a person, what they asked for, and what is live', async () => {
    await canal.reach('development', 'Be kind.');
    const id = await canal.open('staging');
    const home = (userId: string) => canal.useCases.showHome({ actor: canal.as(userId) });
    expect(await home('U0LEE')).toMatchObject({
      role: 'lead',
      waitingForMe: [{ promotionId: id, requestedBy: 'U0DEV' }],
      askedByMe: [],
    });
    expect(await home('U0DEV')).toMatchObject({
      waitingForMe: [],
      askedByMe: [{ promotionId: id, to: { name: 'staging' }, card: null }],
    });
    expect((await home('U0MAX')).waitingForMe).toEqual([]);
    expect((await home('U0MAX')).live).toMatchObject([
      { workflow: { slug: FLOW }, environments: [{ live: { version: { number: 1 } } }, {}, {}] },
    ]);
    await canal.approve('U0LEE', id);
    expect((await home('U0LEE')).waitingForMe).toEqual([]);
  });

  it('shows nothing whose time is over', async () => {
    await canal.reach('development', 'Be kind.');
    const id = await canal.open('staging');
    await db.sql(`UPDATE promotion SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    expect((await canal.useCases.showHome({ actor: canal.as('U0LEE') })).waitingForMe).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/domain/configuration/configuration.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { GREETING, proposed, settingsActs } from '../../support/use-cases/settings-acts.ts';
import { messages, waitingJobs } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
const { propose, approve, reject, cancel, layer, reading, told, byFile } = settingsActs(() => canal);

describe('where the environment asks for no approval', () => {
  it('settings are changed with the request, audited with before and after, and told of in the channel', async () => {
    const result = await propose('dev', GREETING, { reason: 'politeness' });
    expect(result).toMatchObject({ kind: 'applied', number: 1, proposal: { status: 'applied', approvals: [] } });
    expect(await layer('development')).toMatchObject({ number: 1, settings: GREETING, proposal: null });
    await propose('dev', { variables: { GREETING: 'hi' } });
    const changed = (await told()).filter(({ action }) => action === 'settings.changed');
    expect(changed).toMatchObject([
      { actor: 'U0ADA', before: null, after: GREETING },
      { before: GREETING, after: { variables: { GREETING: 'hi' } } },
    ]);
    const id = result.kind === 'applied' ? result.proposal.id : '';
    expect(await messages(db, id)).toMatchObject([
      { kind: 'notice', target: 'C0DEV', payload: { text: expect.stringContaining('Variable GREETING was added') } },
    ]);
  });

  it('nothing is written where they are like that already', async () => {
    await propose('dev', { variables: { A: 1, B: 2 } });
    expect(await propose('dev', { variables: { B: 2, A: 1 } })).toEqual({ kind: 'unchanged', number: 1 });
    expect((await told()).map(({ action }) => action)).toEqual(['settings.proposed', 'settings.changed']);
  });
});

describe('where it asks for approvals', () => {
  it('the one that is last needed changes the settings, in the sight of all', async () => {
    const { id, sentences, needs } = proposed(await propose('production', GREETING, { reason: 'politeness' }));
    expect([sentences, needs]).toEqual([['Variable GREETING was added: ‘hello’'], 'Approval by 1 admin']);
    expect(await layer('production')).toMatchObject({ number: 0, settings: {}, proposal: { id, status: 'open' } });
    const decided = await approve('U0ABE', id);
    expect(decided).toMatchObject({ changed: true, number: 1, proposal: { status: 'applied', closedBy: 'U0ABE' } });
    expect(await layer('production')).toMatchObject({ number: 1, settings: GREETING, proposal: null });
    expect((await told()).map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      ...['settings.proposed U0ADA', 'settings.approved U0ABE', 'settings.changed U0ABE'],
    ]);
    expect(await messages(db, id)).toMatchObject([
      { kind: 'settings-card', target: 'C0PROD', payload: {} },
      { kind: 'notice', target: 'C0PROD', payload: { text: expect.stringContaining('approved by <@U0ABE>') } },
    ]);
    expect(await waitingJobs(db, 'refresh-announcements', id)).toBe(1);
    expect(await approve('U0ABE', id)).toMatchObject({ changed: false });
  });

  it('whoever asked cannot approve or reject, a lead decides nothing of production, and an application never', async () => {
    const { id } = proposed(await propose('production', GREETING));
    expectRefused(await refusalFrom(approve('U0ADA', id)), 'own_request');
    expectRefused(await refusalFrom(reject('U0ADA', id)), 'own_request');
    expectRefused(await refusalFrom(approve('U0LEE', id)), 'not_permitted');
    const application = { ...canal.as('U0ABE'), via: 'api' as const };
    const byToken = canal.useCases.approveSettings({ actor: application, proposalId: id });
    expectRefused(await refusalFrom(byToken), 'not_permitted');
    expect((await layer('production')).proposal?.approvals).toEqual([]);
  });

  it('an approval of something else than what is proposed now is refused', async () => {
    const { id, fingerprint } = proposed(await propose('production', GREETING));
    await db.sql(`UPDATE environment SET policy = jsonb_set(policy, '{approvals}', '[{"role":"admin","count":2}]')`);
    expectRefused(await refusalFrom(approve('U0ABE', id, fingerprint)), 'review_changed');
    expect(await approve('U0ABE', id)).toMatchObject({ changed: true, number: null, proposal: { status: 'open' } });
  });

  it('a reviewer rejects with a reason, which whoever asked is told; nothing changes', async () => {
    const { id } = proposed(await propose('production', GREETING));
    expectRefused(await refusalFrom(reject('U0ABE', id, '  ')), 'invalid_input');
    expect(await reject('U0ABE', id, 'too polite')).toMatchObject({ proposal: { status: 'rejected' } });
    expectRefused(await refusalFrom(approve('U0ABE', id)), 'already_decided');
    expect((await messages(db, id)).at(-1)).toMatchObject({
      target: 'U0ADA',
      payload: { text: expect.stringContaining('too polite') },
    });
    expect((await layer('production')).number).toBe(0);
  });

  it('only whoever asked or an admin cancels', async () => {
    await canal.push('a');
    const { id } = proposed(await propose('production', GREETING, { by: 'U0LEE', workflow: FLOW }));
    expectRefused(await refusalFrom(cancel('U0LIV', id)), 'not_permitted');
    expect(await cancel('U0LEE', id)).toMatchObject({ changed: true, proposal: { status: 'cancelled' } });
    expect(await cancel('U0LEE', id)).toMatchObject({ changed: false });
    expect((await layer('production', FLOW)).proposal).toBeNull();
  });

  it('one change waits for a layer at a time; the same wish again is the same, and another layer is free', async () => {
    await canal.push('a');
    const { id } = proposed(await propose('production', GREETING));
    expect(proposed(await propose('production', GREETING)).id).toBe(id);
    expectRefused(await refusalFrom(propose('production', { model: 'x' })), 'already_proposed');
    expectRefused(await refusalFrom(propose('production', GREETING, { by: 'U0ABE' })), 'already_proposed');
    expect(proposed(await propose('production', GREETING, { workflow: FLOW })).id).not.toBe(id);
    const { proposals } = await canal.useCases.listSettingsProposals({
      ...{ actor: canal.as('U0DEV'), environment: 'prod' },
    });
    expect(proposals.map(({ workflow }) => workflow?.slug ?? null)).toEqual([null, FLOW]);
  });

  it('it expires when its time is over, which whoever asked is told', async () => {
    const { id } = proposed(await propose('production', GREETING));
    expect(await canal.useCases.expireSettings(canal.workspaceId)).toBe(0);
    await db.sql(`UPDATE settings_proposal SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    expectRefused(await refusalFrom(approve('U0ABE', id)), 'already_decided');
    expect(await canal.useCases.expireSettings(canal.workspaceId)).toBe(1);
    expect((await told()).at(-1)).toMatchObject({ action: 'settings.expired', actor: 'clock' });
    expect((await messages(db, id)).at(-1)).toMatchObject({ target: 'U0ADA' });
  });

  it('what was changed otherwise meanwhile makes it stale at the next look, and nothing is applied', async () => {
    const { id } = proposed(await propose('production', GREETING));
    await byFile('production', { model: 'claude-haiku' });
    expect(await approve('U0ABE', id)).toMatchObject({ changed: true, number: null, proposal: { status: 'stale' } });
    expect(await layer('production')).toMatchObject({ number: 1, settings: { model: 'claude-haiku' } });
  });
});

describe('a file that changes the same settings at a start', () => {
  it('closes what was proposed for them, and tells whoever asked; another layer’s proposal stays', async () => {
    await canal.push('a');
    const { id } = proposed(await propose('production', GREETING));
    const other = proposed(await propose('production', GREETING, { workflow: FLOW }));
    const pipeline = await reading((tx) => tx.environments.pipeline());
    const own: Settings = { model: 'claude-haiku' };
    await makeApplyConfiguration(canal.ports)({
      workspace: { id: canal.workspaceId, name: 'Canal', botUserId: 'U0BOT' },
      configuration: {
        ...defaultConfiguration(),
        environments: pipeline.map(({ id: _id, ...rest }) => rest),
        settings: new Map([['production', { own, workflows: new Map() }]]),
      },
      admins: [],
    });
    expect((await layer('production')).proposal).toBeNull();
    expect((await told()).at(-1)).toMatchObject({ action: 'settings.changed', actor: 'file' });
    expect((await told()).at(-2)).toMatchObject({ action: 'settings.stale', after: { id, status: 'stale' } });
    expect((await messages(db, id)).at(-1)).toMatchObject({ target: 'U0ADA' });
    expect((await layer('production', FLOW)).proposal?.id).toBe(other.id);
  });
});

describe('who may ask', () => {
  it('for what every workflow is given: admins; for one workflow: leads of its department', async () => {
    await canal.push('a');
    expectRefused(await refusalFrom(propose('dev', GREETING, { by: 'U0LEE' })), 'not_permitted');
    expectRefused(await refusalFrom(propose('dev', GREETING, { by: 'U0DEV', workflow: FLOW })), 'not_permitted');
    expect(await propose('dev', GREETING, { by: 'U0LEE', workflow: FLOW })).toMatchObject({ kind: 'applied' });
  });

  it('an application without a person behind it asks for nothing', async () => {
    const actor = { workspaceId: canal.workspaceId, userId: 'api', via: 'api' as const };
    const asked = canal.useCases.proposeSettings({ actor, environment: 'dev', settings: GREETING });
    expectRefused(await refusalFrom(asked), 'invalid_input');
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/domain/configuration/configuration.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import type { Reading } from '../../../src/use-cases/ports.ts';
import type { SettingsChangeResult } from '../../../src/use-cases/use-cases.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { messages, waitingJobs } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

const GREETING: Settings = { variables: { GREETING: 'hello' } };

interface Wish {
  by?: string;
  workflow?: string;
  reason?: string;
}
const propose = (environment: string, settings: Settings, { by = 'U0ADA', ...more }: Wish = {}) =>
  canal.useCases.proposeSettings({ actor: canal.as(by), environment, settings, ...more });
const rollBack = (environment: string, { by = 'U0ADA', ...more }: Wish & { to?: number } = {}) =>
  canal.useCases.rollBackSettings({ actor: canal.as(by), environment, ...more });
const approve = (by: string, proposalId: string, reviewed?: string) =>
  canal.useCases.approveSettings({
    ...{ actor: canal.as(by), proposalId },
    ...(reviewed === undefined ? {} : { reviewed }),
  });
const reject = (by: string, proposalId: string, reason = 'not yet') =>
  canal.useCases.rejectSettings({ actor: canal.as(by), proposalId, reason });
const cancel = (by: string, proposalId: string) => canal.useCases.cancelSettings({ actor: canal.as(by), proposalId });
const layer = (environment: string, workflow?: string) =>
  canal.useCases.showSettingsLayer({
    ...{ workspaceId: canal.workspaceId, environment },
    ...(workflow === undefined ? {} : { workflow }),
  });
const reading = <T>(ask: (tx: Reading) => Promise<T>) => canal.ports.reading(canal.workspaceId, ask);

function proposed(result: SettingsChangeResult) {
  if (result.kind !== 'proposed') throw new Error(`It was ${result.kind}, not proposed.`);
  return result.proposal;
}

/** Actions of the audit about settings, oldest first. */
async function told(): Promise<{ action: string; actor: string; before: unknown; after: unknown }[]> {
  const { items } = await reading((tx) => tx.audit.list({ limit: 50 }));
  return items.filter(({ action }) => action.startsWith('settings.')).reverse();
}

/** What the file does at a start: a revision that it manages. */
async function byFile(environment: string, settings: Settings): Promise<void> {
  await canal.ports.inTransaction(canal.workspaceId, async (tx) => {
    const held = await tx.environments.pipelineHeld();
    const environmentId = held.find(({ name }) => name === environment)?.id as string;
    const managed = Object.keys(settings) as (keyof Settings)[];
    const layerOf = { environmentId, workflowId: null, settings, managed };
    await tx.settings.save({ ...layerOf, changedBy: 'file', via: 'file', reason: null });
  });
}

/** Live in staging, reading `GREETING` of the settings. */
async function reachWithGreeting(): Promise<void> {
  for (const environment of ['development', 'staging']) {
    const wished = await propose(environment, GREETING, { by: 'U0ABE' });
    if (wished.kind === 'proposed') await approve('U0ADA', wished.proposal.id);
  }
  await canal.push('Say ${GREETING}.');
  await canal.deploy();
  await canal.approve('U0LEE', await canal.open('staging'));
}

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

describe('what the file gives', () => {
  beforeEach(() => byFile('development', { model: 'claude-haiku', variables: { A: 'file' } }));

  it('is refused to be changed, by name; left out or named as it is, it stays', async () => {
    const refusal = await refusalFrom(propose('dev', { model: 'claude-opus', variables: { A: 'mine' } }));
    expectRefused(refusal, 'managed_by_file');
    expect(refusal.userMessage).toContain('model, variables of development');
    await propose('dev', { model: 'claude-haiku', runner: 'edge' });
    expect((await layer('dev')).settings).toEqual({ model: 'claude-haiku', variables: { A: 'file' }, runner: 'edge' });
  });

  it('can’t be turned into a name that is a variable and a secret at once', async () => {
    expectRefused(await refusalFrom(propose('dev', { secrets: { A: { env: 'A' } } })), 'invalid_input');
  });
});

describe('a change under which something live would no longer fill', () => {
  beforeEach(reachWithGreeting);

  it('is refused when it is asked for, naming workflow and variables', async () => {
    for (const environment of ['development', 'staging']) {
      const refusal = await refusalFrom(propose(environment, {}));
      expectRefused(refusal, 'does_not_fill');
      expect(refusal.userMessage).toMatch(/v1 of summarize-flow is live in \w+.*GREETING/);
    }
    expect((await layer('staging')).proposal).toBeNull();
  });

  it('is refused when it would be applied, where what is live came after the request', async () => {
    const more = await propose('staging', { variables: { GREETING: 'hello', NAME: 'you' } }, { by: 'U0ABE' });
    await approve('U0ADA', proposed(more).id);
    const { id } = proposed(await propose('staging', GREETING));
    await propose('dev', { variables: { GREETING: 'hello', NAME: 'you' } });
    await canal.push('Say ${GREETING}, ${NAME}.');
    await canal.deploy();
    await canal.approve('U0LEE', await canal.open('staging'));
    const refusal = await refusalFrom(approve('U0ABE', id));
    expectRefused(refusal, 'does_not_fill');
    expect(refusal.userMessage).toContain('NAME');
    expect((await layer('staging')).proposal).toMatchObject({ id, status: 'open', approvals: [] });
  });

  it('is done where the workflow’s own layer gives what the environment’s loses', async () => {
    const own = proposed(await propose('staging', { variables: { GREETING: 'hi' } }, { by: 'U0LIV', workflow: FLOW }));
    await approve('U0LEE', own.id);
    const { id } = proposed(await propose('staging', {}));
    expect(await approve('U0LEE', id)).toMatchObject({ number: 3 });
    expectRefused(await refusalFrom(propose('staging', {}, { by: 'U0LIV', workflow: FLOW })), 'does_not_fill');
  });
});

describe('an open promotion that reads what is changed', () => {
  it('has lost the approvals of what was reviewed before, and says so', async () => {
    await db.sql(
      `UPDATE environment SET policy = jsonb_set(policy, '{approvals}', '[{"role":"lead","count":2}]') WHERE name = 'production'`,
    );
    const given = proposed(await propose('production', GREETING));
    await approve('U0LEE', given.id);
    await approve('U0LIV', given.id);
    await reachWithGreeting();
    const promotion = await canal.open('production');
    await canal.approve('U0LEE', promotion);
    const { id } = proposed(await propose('production', { variables: { GREETING: 'good day' } }));
    await approve('U0LEE', id);
    expect((await canal.show(promotion)).approvals).toMatchObject([{ counts: true }]);
    await approve('U0LIV', id);
    expect((await canal.show(promotion)).approvals).toMatchObject([{ counts: false }]);
    expect((await messages(db, promotion)).at(-1)).toMatchObject({
      kind: 'promotion-story',
      payload: { event: 'review-changed', lines: [expect.stringContaining('GREETING changed')] },
    });
  });
});

describe('rolling settings back', () => {
  it('brings the revision before back as a new one, which says so', async () => {
    await propose('dev', GREETING);
    await propose('dev', { variables: { GREETING: 'hi' } });
    expect(await rollBack('dev')).toMatchObject({ kind: 'applied', number: 3, proposal: { restores: 1 } });
    expect((await layer('dev')).settings).toEqual(GREETING);
    const { items } = await canal.useCases.listSettingsRevisions({
      ...{ workspaceId: canal.workspaceId, environment: 'dev', page: { limit: 10 } },
    });
    expect(items.map(({ number, restores }) => [number, restores])).toEqual([
      ...[
        [3, 1],
        [2, null],
        [1, null],
      ],
    ]);
    expect(await rollBack('dev', { to: 2 })).toMatchObject({ kind: 'applied', number: 4 });
  });

  it('waits for approval where changes do', async () => {
    await approve('U0ABE', proposed(await propose('production', GREETING)).id);
    await approve('U0ABE', proposed(await propose('production', { model: 'claude-haiku' })).id);
    const { id } = proposed(await rollBack('production', { to: 1 }));
    expect(await approve('U0ABE', id)).toMatchObject({ number: 3 });
    expect((await layer('production')).settings).toEqual(GREETING);
  });

  it('leaves what the file gives now as it is', async () => {
    await propose('dev', { model: 'claude-opus', runner: 'edge' });
    await byFile('development', { model: 'claude-haiku' });
    await rollBack('dev', { to: 1 });
    expect((await layer('dev')).settings).toEqual({ model: 'claude-haiku', runner: 'edge' });
  });

  it('is refused where there is nothing before, and to a revision of another layer', async () => {
    await canal.push('a');
    await propose('dev', GREETING);
    await propose('dev', { model: 'claude-haiku' }, { workflow: FLOW });
    expectRefused(await refusalFrom(rollBack('dev')), 'nothing_to_roll_back_to');
    expectRefused(await refusalFrom(rollBack('dev', { to: 2 })), 'unknown_settings_revision');
    expectRefused(await refusalFrom(rollBack('dev', { to: 99 })), 'unknown_settings_revision');
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TowpathConfiguration } from '../../../src/domain/configuration/configuration.ts';
import { InvalidConfigurationError } from '../../../src/domain/configuration/invalid-configuration-error.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import type { UseCases } from '../../../src/use-cases/use-cases.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';

const yaml = (text: string): TowpathConfiguration => parseTowpathYaml(text, { fileName: 'towpath.yaml' });
/** A pipeline whose staging has these settings, and these for single workflows. */
const file = (settings: string, workflows = '{}', development = 'variables: { MODEL: claude-haiku }') => `environments:
  - { name: development, settings: { ${development} } }
  - { name: staging, approvals: [{ role: lead }], channel: C0STAGING, settings: { ${settings} }, workflows: ${workflows} }
people: { U0LEE: lead }
`;
const flow = (model: string, more = '') => `apiVersion: towpath/v1
name: flow
steps:
  - { id: answer, type: llm, model: "${model}", task: Answer${more} }
`;

let database: TestPersistence;
let useCases: UseCases;
let workspaces = 0;
let workspace: { id: string; name: string; botUserId: string };

beforeAll(async () => {
  database = await openTestPersistence();
  useCases = makeUseCases(withTestDocuments(database.ports), testSecrets);
});
beforeEach(() => {
  workspaces += 1;
  workspace = { id: `T0SET${workspaces}`, name: 'Canal', botUserId: 'U0BOT' };
});
afterAll(() => database.end());

const apply = async (text: string, force = false) => {
  const configuration = yaml(text);
  const applied = makeApplyConfiguration(withTestDocuments(database.ports));
  return (await applied({ workspace, configuration, admins: [], force })).subjects;
};
const actor = (userId: string) => ({ workspaceId: workspace.id, userId, via: 'slack' as const });
const read = <T>(look: Parameters<typeof database.ports.reading<T>>[1]) => database.ports.reading(workspace.id, look);
const staging = () => read(async (tx) => (await tx.environments.pipeline())[1]?.id ?? '');
const layer = async (slug: string | null = null) => {
  const environmentId = await staging();
  return read(async (tx) => {
    const workflowId = slug === null ? null : ((await tx.workflows.find(slug))?.id ?? null);
    return tx.settings.layer(environmentId, workflowId);
  });
};
const changes = async () =>
  (await useCases.listAudit({ workspaceId: workspace.id, action: 'settings.changed', limit: 100 })).items
    .filter(({ subject }) => subject.startsWith('settings:'))
    .reverse();
const push = (source: string, workflow = 'flow') => useCases.pushVersion({ actor: actor('U0DEV'), source, workflow });
const deploy = (workflow = 'flow') => useCases.deployVersion({ actor: actor('U0DEV'), workflow });
const ask = (workflow = 'flow') =>
  useCases.requestPromotion({ actor: actor('U0DEV'), workflow, environment: 'staging' });
const approve = (promotionId: string) => useCases.approvePromotion({ actor: actor('U0LEE'), choice: { promotionId } });
const show = (promotionId: string) => useCases.showPromotion({ workspaceId: workspace.id, promotionId });
const refusalOf = (act: Promise<unknown>) =>
  act.then(
    () => null,
    (error: unknown) => error,
  );

/** A promotion of what this source says to staging. */
async function underReview(source: string): Promise<string> {
  await push(source);
  await deploy();
  const asked = await ask();
  if (asked.kind !== 'opened') throw new Error(`Not opened but ${asked.kind}.`);
  return asked.promotion.id;
}

describe('settings of the file', () => {
  it('are kept at the start, audited as the file’s with before and after, and written once', async () => {
    const text = file('variables: { MODEL: claude-sonnet }, limits: { timeout: 30s }');
    expect(await apply(text)).toEqual(expect.arrayContaining(['settings:development', 'settings:staging']));
    expect(await layer()).toMatchObject({
      number: 1,
      settings: { variables: { MODEL: 'claude-sonnet' }, limits: { timeout: 30_000 } },
      ...{ changedBy: 'file', via: 'file', managed: ['limits', 'variables'] },
    });
    expect(await apply(text)).toEqual([]);
    expect(await apply(text.replace('claude-sonnet', 'claude-opus'))).toEqual(['settings:staging']);
    const audited = await changes();
    expect(audited.map(({ actor: by, subject }) => [by, subject])).toEqual([
      ['file', 'settings:development'],
      ['file', 'settings:staging'],
      ['file', 'settings:staging'],
    ]);
    expect(audited[2]).toMatchObject({
      before: { variables: { MODEL: 'claude-sonnet' } },
      after: { variables: { MODEL: 'claude-opus' }, limits: { timeout: 30_000 } },
    });
  });

  it('of twenty processes at once are written once', async () => {
    const text = file('variables: { MODEL: claude-sonnet }');
    await apply(text);
    const starts = await Promise.all(Array.from({ length: 20 }, () => apply(text.replace('sonnet', 'opus'))));
    expect(starts.filter((subjects) => subjects.length > 0)).toEqual([['settings:staging']]);
    expect((await layer())?.number).toBe(2);
  });

  it('leave alone what was set elsewhere, and take away what the file no longer names', async () => {
    await apply(file('variables: { MODEL: claude-sonnet }, runner: edge'));
    const environmentId = await staging();
    await database.ports.inTransaction(workspace.id, async (tx) => {
      const now = await tx.settings.layer(environmentId, null);
      const settings: Settings = { ...now?.settings, limits: { retries: 2 } };
      await tx.settings.save({
        ...{ environmentId, workflowId: null, settings },
        ...{ changedBy: 'U0ADA', via: 'slack', reason: null },
      });
    });
    expect(await apply(file('variables: { MODEL: claude-sonnet }'))).toEqual(['settings:staging']);
    expect((await layer())?.settings).toEqual({ variables: { MODEL: 'claude-sonnet' }, limits: { retries: 2 } });
    expect(await apply('environments: [{ name: development }, { name: staging, channel: C0STAGING }]')).toContain(
      'settings:staging',
    );
    expect((await layer())?.settings).toEqual({ limits: { retries: 2 } });
  });

  it('reach a workflow that is there at the start, and one that is pushed later when it is pushed', async () => {
    const text = file('variables: { MODEL: a }', '{ flow: { model: claude-opus }, later: { model: claude-haiku } }');
    await apply(file('variables: { MODEL: a }'));
    await push(flow('x'));
    expect(await apply(text)).toEqual(['settings:staging/flow']);
    expect((await layer('flow'))?.settings).toEqual({ model: 'claude-opus' });
    await push(flow('y'), 'later');
    expect(await layer('later')).toMatchObject({
      settings: { model: 'claude-haiku' },
      via: 'file',
      managed: ['model'],
    });
    expect(await apply(text)).toEqual([]);
    expect((await changes()).map(({ subject }) => subject)).toContain('settings:staging/later');
  });

  it('are told in the channel of each environment that has one', async () => {
    await apply(file('variables: { MODEL: a }'));
    await apply(file('variables: { MODEL: b }', '{}', 'variables: { MODEL: c }'));
    const id = await staging();
    const notices = await read((tx) => tx.announcements.listOf(id, 'notice'));
    expect(notices.map(({ target, payload }) => [target, payload['text']])).toEqual([
      ['C0STAGING', expect.stringContaining('• Variable MODEL was added: ‘a’')],
      ['C0STAGING', expect.stringContaining('• Variable MODEL changed from ‘a’ to ‘b’')],
    ]);
  });
});

describe('what is under review when settings change', () => {
  it('no longer counts as approved where the version reads what changed, and its card says which names', async () => {
    const two = file('variables: { MODEL: claude-sonnet, OTHER: 1 }').replace(
      'role: lead }], ch',
      'role: lead, count: 2 }], ch',
    );
    await apply(two);
    const id = await underReview(flow('${MODEL}'));
    await approve(id);
    await apply(two.replace('OTHER: 1', 'OTHER: 2'));
    expect((await show(id)).approvals).toMatchObject([{ counts: true }]);
    const before = await show(id);
    await apply(two.replace('claude-sonnet', 'claude-opus'));
    const line = 'staging: Variable MODEL changed from ‘claude-sonnet’ to ‘claude-opus’';
    const view = await show(id);
    expect(view.approvals).toMatchObject([{ counts: false, since: { moved: ['settings'], lines: [line] } }]);
    expect(view.fingerprint).not.toBe(before.fingerprint);
    const stories = await read((tx) => tx.announcements.listOf(id, 'promotion-story'));
    expect(stories.map(({ payload }) => payload).filter(({ event }) => event === 'review-changed')).toMatchObject([
      { lines: [line] },
    ]);
  });

  it('can be approved anew, and counts again where the settings are what they were', async () => {
    const two = file('variables: { MODEL: a }').replace('role: lead }], ch', 'role: lead, count: 2 }], ch');
    await apply(two);
    const id = await underReview(flow('${MODEL}'));
    await approve(id);
    await apply(two.replace('MODEL: a', 'MODEL: b'));
    await apply(two, true);
    expect((await show(id)).approvals).toMatchObject([{ counts: true }]);
  });

  it('does not deploy while the target lacks a name, and does once it has it', async () => {
    await apply(file('variables: { MODEL: a }'));
    const id = await underReview(flow('${MODEL}'));
    await apply(file('variables: { OTHER: a }'));
    expect(await approve(id)).toMatchObject({ deployed: false });
    expect((await show(id)).requirements).toMatchObject([
      { kind: 'settings', state: 'failed', detail: expect.stringContaining('there is no value for MODEL') },
      { kind: 'approvals', state: 'met' },
    ]);
    await apply(file('variables: { MODEL: a }'), true);
    // Given for what lacked a name, the approval is of other settings than these.
    expect(await show(id)).toMatchObject({ status: 'open', approvals: [{ counts: false }] });
    expect(await approve(id)).toMatchObject({ deployed: true });
  });
});

describe('approvals that race with a start', () => {
  it('deploy only what was approved of the settings that are in force', async () => {
    await apply(file('variables: { MODEL: a }'));
    const slugs = Array.from({ length: 10 }, (_, i) => `flow-${i}`);
    const ids = new Map<string, string>();
    for (const slug of slugs) {
      await push(flow('${MODEL}'), slug);
      await deploy(slug);
      const asked = await ask(slug);
      if (asked.kind !== 'opened') throw new Error(`Not opened but ${asked.kind}.`);
      ids.set(asked.promotion.id, slug);
    }
    await Promise.all([
      ...[...ids.keys()].map((id) => approve(id)),
      apply(file('variables: { MODEL: b }')),
      apply(file('variables: { MODEL: b }')),
    ]);
    const { items } = await useCases.listAudit({ workspaceId: workspace.id, limit: 100 });
    const changedAt = BigInt(items.find(({ subject }) => subject === 'settings:staging')?.seq ?? 0);
    for (const id of ids.keys()) {
      const promotion = await read((tx) => tx.promotions.find(id));
      const deployed = items.find((event) => event.action === 'promotion.deployed' && event.subject.endsWith(id));
      const inForce = deployed === undefined || BigInt(deployed.seq) > changedAt ? 'b' : 'a';
      const approvedOf = promotion?.approvals.map(({ reviewed }) => reviewed.settings['variables']);
      if (deployed === undefined) expect((await show(id)).approvals).toMatchObject([{ counts: false }]);
      else expect(approvedOf).toEqual([{ MODEL: inForce }]);
    }
  });
});

describe('what an environment does not fill', () => {
  it('is refused by name and place, with what to write where', async () => {
    await apply(file('variables: { OTHER: a }', '{}', 'variables: { MODEL: a, SIZE: 2 }'));
    await push(flow('${MODEL}', ', modelParameters: { maxTokens: "${SIZE}" }'));
    await deploy();
    const refused = await refusalOf(ask());
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({ code: 'does_not_fill' });
    const { userMessage } = refused as Refusal;
    for (const part of ['v1 of flow', 'staging', 'MODEL (steps[0].model)', 'SIZE', 'settings: { variables: { MODEL:'])
      expect(userMessage).toContain(part);
  });

  it('is refused in the first environment, too, and where nothing was ever given', async () => {
    await apply('environments: [{ name: development }, { name: staging }]');
    await push(flow('${MODEL}'));
    expect(await refusalOf(deploy())).toMatchObject({ code: 'does_not_fill' });
    await push(flow('${MODEL:claude-haiku}'));
    expect((await deploy()).version.number).toBe(2);
  });

  it('names the masked values that have no secret where the version is promoted to, and goes once they have', async () => {
    await apply(file('secrets: { CRM_KEY: { env: STAGING_CRM_KEY } }', '{}', 'runner: edge'));
    const source = `apiVersion: towpath/v1\nname: flow\nsteps:\n  - { id: call, type: llm, model: claude-haiku, task: "Authorization: Bearer sk-live-4f9aK2mQ7xZ1bV8nR3tY6wE0" }\n`;
    await push(source);
    expect((await deploy()).version.number).toBe(1);
    const refused = await refusalOf(ask());
    expect(refused).toMatchObject({ code: 'does_not_fill', userMessage: expect.stringContaining('steps[0].task') });
    expect((refused as Refusal).userMessage).toContain('workflows: { flow: { masked:');
    expect((refused as Refusal).userMessage).not.toMatch(/sk-live|masked~/);
    const bound = '{ flow: { masked: { "steps[0].task": CRM_KEY } } }';
    await apply(file('secrets: { CRM_KEY: { env: STAGING_CRM_KEY } }', bound, 'runner: edge'));
    expect(await ask()).toMatchObject({ kind: 'opened' });
  });

  it('stops the start where it is live, naming workflow, environment and names, and nothing is changed', async () => {
    await apply(file('variables: { MODEL: a, SIZE: 2 }'));
    await approve(await underReview(flow('${MODEL}')));
    const refused = await refusalOf(apply(file('variables: { SIZE: 2 }')));
    expect(refused).toBeInstanceOf(InvalidConfigurationError);
    expect((refused as InvalidConfigurationError).problems).toEqual([
      {
        where: 'environment staging',
        message: expect.stringMatching(/v1 of flow is live there.*there is no value for MODEL/),
      },
    ]);
    expect((await layer())?.settings).toEqual({ variables: { MODEL: 'a', SIZE: 2 } });
    expect(await apply(file('variables: { MODEL: b }'))).toEqual(['settings:staging']);
    expect(await apply(file('', '{ flow: { variables: { MODEL: c } } }'))).toEqual([
      'settings:staging',
      'settings:staging/flow',
    ]);
  });

  it('never keeps a rollback back', async () => {
    await apply(file('variables: { MODEL: a }'));
    await approve(await underReview(flow('${MODEL}')));
    await approve(await underReview(flow('claude-opus')));
    await apply(file('runner: edge'));
    const result = await useCases.rollBack({ actor: actor('U0DEV'), workflow: 'flow', environment: 'staging' });
    expect(result).toMatchObject({
      receipt: { restored: { number: 1 }, lacks: expect.stringContaining('no value for MODEL') },
    });
    // What lacks a name already may go on lacking it: the start is not about that.
    expect(await apply(file('runner: core'))).toEqual(['settings:staging']);
  });
});

describe('what changes in effect', () => {
  it('stands on the card where it is not what the versions themselves say', async () => {
    await apply(file('variables: { MODEL: claude-opus }'));
    await approve(await underReview(flow('claude-opus')));
    const id = await underReview(flow('${MODEL}', ', systemPrompt: Be brief'));
    const { diff, inEffect } = await show(id);
    expect(diff.lines.join('\n')).toMatch(/MODEL/);
    expect(inEffect?.lines.join('\n')).toMatch(/[Ss]ystem prompt/);
    expect(inEffect?.lines.join('\n')).not.toMatch(/[Mm]odel/);
  });

  it('is left out where both say the same', async () => {
    await apply(file('variables: { MODEL: claude-opus }'));
    await approve(await underReview(flow('claude-opus')));
    expect((await show(await underReview(flow('claude-haiku')))).inEffect).toBeNull();
  });
});

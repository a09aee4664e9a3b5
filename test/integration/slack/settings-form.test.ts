import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SandboxModal } from '../../../src/adapters/sandbox/protocol.ts';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
/** While set, every use case waits for it: a database that is slow. */
let slow: Promise<void> | null = null;
beforeAll(async () => {
  towpath = await startSlackTowpath({
    configuration: `
environments:
  - { name: development, aliases: [dev], approvals: [] }
  - { name: staging, aliases: [stg], channel: C0STAGING, approvals: [], settings: { limits: { timeout: 90s }, runner: k8s }, workflows: { told: { webhooks: [{ url: "https://hooks.example.com/hidden", secret: "$\{HOOK_VARIABLE}" }] } } }
  - { name: production, aliases: [prod], channel: C0PROD, approvals: [{ role: lead, count: 1 }] }
people: { U0ADA: admin, U0LIA: admin, U0LEE: lead }
`,
    wrap: (useCases) =>
      new Proxy(useCases, {
        get: (target, name) => {
          const useCase: unknown = Reflect.get(target, name);
          if (typeof useCase !== 'function') return useCase;
          return async (...args: unknown[]) => {
            await slow;
            return useCase(...args);
          };
        },
      }),
  });
  const source = 'apiVersion: towpath/v1\nname: flow\nsteps: [{ id: a, type: llm, model: x }]\n';
  await towpath.useCases.pushVersion({ actor: actor('U0DEV'), source });
});
afterAll(() => towpath.stop());
beforeEach(() => {
  slow = null;
});

const CHANNEL = 'C0GENERAL';
const actor = (userId: string) => ({ workspaceId: 'T0CANAL', userId, via: 'slack' }) as const;
const layer = (environment: string, workflow?: string) =>
  towpath.useCases.showSettingsLayer({
    ...{ workspaceId: 'T0CANAL', environment },
    ...(workflow === undefined ? {} : { workflow }),
  });
const give = (environment: string, settings: Settings, as = 'U0ADA') =>
  towpath.useCases.proposeSettings({ actor: actor(as), environment, settings });

/** Types, and gives the private answer. */
async function shown(as: string, command: string, words: string): Promise<StandInMessage> {
  const before = towpath.slack.messages(CHANNEL).length;
  await towpath.slack.type(as, CHANNEL, command);
  return waitUntil(`${as} to be shown “${words}”`, () =>
    towpath.slack
      .messages(CHANNEL)
      .slice(before)
      .find((message) => message.ephemeralTo === as && JSON.stringify(message).includes(words)),
  );
}
const topModal = (as: string, words: string) =>
  waitUntil(`a modal of ${as} with “${words}”`, () => {
    const modal = towpath.slack.modals(as).at(-1);
    return JSON.stringify(modal?.view ?? '').includes(words) ? modal : null;
  });

/** Opens the form for a layer. */
async function edit(as: string, where: string): Promise<SandboxModal> {
  await close(as);
  const message = await shown(as, `/towpath env ${where}`, 'edit_settings');
  await towpath.slack.click(as, message, 'edit_settings:0');
  return topModal(as, '"submit"');
}
interface Input {
  type: string;
  block_id: string;
  element?: { initial_value?: string };
}
const inputs = ({ view }: SandboxModal) => (view.blocks as Input[]).filter(({ type }) => type === 'input');
const block = (modal: SandboxModal, field: string) =>
  inputs(modal).find(({ block_id }) => block_id.split(':')[0] === field)?.block_id ?? `no ${field}`;
const value = (modal: SandboxModal, field: string) =>
  inputs(modal).find(({ block_id }) => block_id.split(':')[0] === field)?.element?.initial_value ?? '';
/** Submits with fields named without their numbers; the errors likewise. */
async function submit(as: string, modal: SandboxModal, fields: Record<string, string | string[]>) {
  const entered = Object.entries(fields).map(([field, text]) => [block(modal, field), text]);
  const { errors } = await towpath.slack.submitView(as, modal.id, Object.fromEntries(entered));
  return Object.fromEntries(Object.entries(errors).map(([id, error]) => [id.split(':')[0], error]));
}
async function close(as: string): Promise<void> {
  for (let top = towpath.slack.modals(as).at(-1); top !== undefined; top = towpath.slack.modals(as).at(-1))
    await towpath.slack.closeView(as, top.id);
}

describe('the form for a layer of settings', () => {
  test('changes what was entered, and the answer says what became of it', async () => {
    const modal = await edit('U0ADA', 'dev');
    expect(JSON.stringify(modal.view.blocks)).toContain('A change applies at once.');
    const errors = await submit('U0ADA', modal, {
      variables: 'SUMMARY_MODEL=claude-haiku\nBATCH=5\nGREETING="on <!channel>"',
      secrets: 'OPENAI_API_KEY env:STAGING_KEY\nCRM_KEY vault:kv/crm#token',
      ...{ provider: 'anthropic', modelParameters: 'temperature: 0.2', retries: '2', costPerDay: '20.5' },
      ...{ mcpServers: 'slack https://mcp.example.com sse', steps: 'summarize: { model: claude-sonnet }' },
      ...{ dataSources: 'crm: { url: https://crm.example.com }', reason: 'the pilot' },
    });
    expect(errors).toEqual({});
    const told = await towpath.told('U0ADA', CHANNEL, 'The settings of development are changed, now number 1.');
    expect(JSON.stringify(told.blocks)).toContain('Variable BATCH was added: 5');
    expect((await layer('dev')).settings).toEqual({
      variables: { SUMMARY_MODEL: 'claude-haiku', BATCH: 5, GREETING: 'on <!channel>' },
      secrets: { OPENAI_API_KEY: { env: 'STAGING_KEY' }, CRM_KEY: { vault: { path: 'kv/crm', key: 'token' } } },
      provider: 'anthropic',
      modelParameters: { temperature: 0.2 },
      limits: { retries: 2, costPerDay: 20.5 },
      mcpServers: { slack: { url: 'https://mcp.example.com', transport: 'sse' } },
      steps: { summarize: { model: 'claude-sonnet' } },
      dataSources: { crm: { url: 'https://crm.example.com' } },
    });
    expect(towpath.slack.modals('U0ADA')).toEqual([]);
  });

  test('sent as it was shown changes nothing', async () => {
    const modal = await edit('U0ADA', 'dev');
    expect(value(modal, 'variables')).toBe('BATCH=5\nGREETING=on <!channel>\nSUMMARY_MODEL=claude-haiku');
    expect(await submit('U0ADA', modal, {})).toEqual({});
    await towpath.told('U0ADA', CHANNEL, 'Nothing was changed: the settings are like that already.');
    expect((await layer('dev')).number).toBe(1);
  });

  test('refuses each mistake at its field, what looks like a secret too, and keeps what was entered', async () => {
    const modal = await edit('U0ADA', 'dev');
    const secret = 'sk-ant-api03-0123456789abcdef0123456789';
    const errors = await submit('U0ADA', modal, {
      variables: `API_KEY=${secret}`,
      ...{ secrets: 'OPENAI_API_KEY env:DATABASE_URL', timeout: '5 minutes', steps: 'a: { modle: x }' },
    });
    expect(errors).toEqual({
      variables: expect.stringMatching(
        /^API_KEY looks like a secret; .*the line API_KEY env:API_KEY under Secrets, in place of this one\.$/,
      ),
      secrets: expect.stringContaining('is a variable of Towpath’s own'),
      timeout: 'Has to be a duration with a unit, such as 30s, 5m or 1h, between 1s and 90d.',
      steps: expect.stringContaining('did you mean “model”?'),
    });
    expect(JSON.stringify(errors)).not.toContain(secret);
    expect(towpath.log.join('\n')).not.toContain(secret);
    expect(towpath.slack.modals('U0ADA').at(-1)?.id).toBe(modal.id);
    expect((await layer('dev')).number).toBe(1);
    await close('U0ADA');
  });

  test('says that webhooks are kept in towpath.yaml, of a workflow those of its own, and leaves them alone', async () => {
    const source = 'apiVersion: towpath/v1\nname: told\nsteps: [{ id: a, type: llm, model: x }]\n';
    await towpath.useCases.pushVersion({ actor: actor('U0DEV'), source });
    const answer = await shown('U0ADA', '/towpath env staging told', 'edit_settings');
    expect(JSON.stringify(answer.blocks)).toContain('• Webhooks: hooks.example.com ¹');
    const modal = await edit('U0ADA', 'staging told');
    const text = JSON.stringify([answer.blocks, modal.view]);
    expect(text).toContain('Webhooks of told in staging are kept in towpath.yaml: hooks.example.com.');
    expect(text).not.toMatch(/hidden|HOOK_VARIABLE/);
    expect(await submit('U0ADA', modal, { model: 'claude-opus' })).toEqual({});
    await towpath.told('U0ADA', CHANNEL, 'The settings of told in staging are changed');
    expect((await layer('staging', 'told')).settings).toMatchObject({
      ...{
        model: 'claude-opus',
        webhooks: [{ url: 'https://hooks.example.com/hidden', secretVariable: 'HOOK_VARIABLE' }],
      },
    });
    const other = JSON.stringify((await edit('U0ADA', 'staging flow')).view);
    expect(other).toContain('Webhooks of flow in staging are kept in towpath.yaml: none of its own');
  });

  test('leaves alone what towpath.yaml keeps, and says so', async () => {
    const modal = await edit('U0ADA', 'staging');
    const text = JSON.stringify(modal.view.blocks);
    expect(text).toContain('*Limits* · kept in towpath.yaml\\n• Timeout: 90s');
    expect(text).toContain('*Runner* · kept in towpath.yaml\\n• Runner: ‘k8s’');
    for (const field of ['timeout', 'retries', 'costPerRun', 'runner']) expect(block(modal, field)).toMatch(/^no /);
    expect(await submit('U0ADA', modal, { model: 'claude-opus' })).toEqual({});
    await towpath.told('U0ADA', CHANNEL, 'The settings of staging are changed');
    expect((await layer('staging')).settings).toEqual({
      limits: { timeout: 90_000 },
      runner: 'k8s',
      model: 'claude-opus',
    });
  });

  test('says how Towpath has workflows run on as many lines as that takes', async () => {
    const before = (await layer('dev')).settings;
    const runner = { kind: 'http', url: 'https://runner.example.com/run', secret: 'RUNNER_TOKEN', shadowSafe: true };
    const text = 'kind: http\nurl: https://runner.example.com/run\nsecret: RUNNER_TOKEN\nshadowSafe: true';
    expect(await submit('U0ADA', await edit('U0ADA', 'dev'), { runner: text })).toEqual({});
    await waitUntil('the runner', async () => (await layer('dev')).settings.runner !== before.runner);
    expect((await layer('dev')).settings).toEqual({ ...before, runner });
    const again = await edit('U0ADA', 'dev');
    expect(value(again, 'runner').trim().split('\n').sort()).toEqual(text.split('\n').sort());
    expect(await submit('U0ADA', again, { runner: value(again, 'runner'), model: 'claude-opus' })).toEqual({});
    await waitUntil('the model', async () => (await layer('dev')).settings.model === 'claude-opus');
    expect((await layer('dev')).settings).toEqual({ ...before, runner, model: 'claude-opus' });
    await give('dev', before);
  });

  test('leaves alone what is longer than Slack takes, and says where it is changed', async () => {
    const many = Object.fromEntries(Array.from({ length: 400 }, (_, nth) => [`LONG_NAME_${nth}`, 'value'] as const));
    const before = (await layer('staging')).settings;
    await give('staging', { ...before, variables: many });
    const modal = await edit('U0ADA', 'staging');
    expect(JSON.stringify(modal.view.blocks)).toContain('*Variables* · too long for a form\\nThese 400 entries');
    expect(block(modal, 'variables')).toBe('no variables');
    await submit('U0ADA', modal, { model: 'claude-haiku' });
    await waitUntil('the model', async () => (await layer('staging')).settings.model === 'claude-haiku');
    expect((await layer('staging')).settings.variables).toEqual(many);
    await give('staging', before);
  });

  test('is opened for nobody who may not send it, and role and layer are looked up again when it is sent', async () => {
    const message = await shown('U0DEV', '/towpath env dev', 'edit_settings');
    await towpath.slack.click('U0DEV', message, 'edit_settings:0');
    expect((await topModal('U0DEV', 'takes the role admin')).view.submit).toBeUndefined();
    await close('U0DEV');
    const modal = await edit('U0LIA', 'dev');
    await towpath.useCases.assignRole({ actor: actor('U0ADA'), userId: 'U0DEV', role: 'admin', departments: [] });
    const other = await edit('U0DEV', 'dev');
    await towpath.useCases.assignRole({ actor: actor('U0ADA'), userId: 'U0DEV', role: 'member', departments: [] });
    expect((await submit('U0DEV', other, { model: 'mine' }))['reason']).toContain(
      'takes the role admin; yours is member',
    );
    expect((await layer('dev')).settings.model).toBeUndefined();
    expect(await submit('U0LIA', modal, { runner: 'mine' })).toEqual({});
    await close('U0DEV');
  });

  test('a workflow has its own, with a channel, for leads', async () => {
    const modal = await edit('U0LEE', 'dev flow');
    expect(await submit('U0LEE', modal, { channel: ['C0PROD'], model: 'claude-opus' })).toEqual({});
    await towpath.told('U0LEE', CHANNEL, 'The settings of flow in development are changed');
    expect((await layer('dev', 'flow')).settings).toEqual({ channel: 'C0PROD', model: 'claude-opus' });
    const again = await edit('U0LEE', 'dev flow');
    await submit('U0LEE', again, { channel: [] });
    await waitUntil('no channel', async () => (await layer('dev', 'flow')).settings.channel === undefined);
  });

  test('a database that is slow loses nothing: what is refused leads back to the form', async () => {
    const modal = await edit('U0ADA', 'dev');
    const gate = Promise.withResolvers<void>();
    slow = gate.promise;
    expect(await submit('U0ADA', modal, { timeout: 'soon' })).toEqual({});
    await topModal('U0ADA', 'Working on it…');
    slow = null;
    gate.resolve();
    const late = await topModal('U0ADA', 'Has to be a duration');
    await towpath.slack.closeView('U0ADA', late.id);
    expect(towpath.slack.modals('U0ADA').at(-1)?.id).toBe(modal.id);
    expect(await submit('U0ADA', modal, { timeout: '45s' })).toEqual({});
    await waitUntil('the timeout', async () => (await layer('dev')).settings.limits?.timeout === 45_000);
  });
});

describe('where somebody else changed the settings meanwhile', () => {
  test('nothing is saved; the form says what changed, keeps what was entered, and may be sent again', async () => {
    await give('dev', { variables: { A: 'a', B: 'b' }, model: 'one' });
    const modal = await edit('U0LIA', 'dev');
    await give('dev', { variables: { A: 'theirs', B: 'b', C: 'c' }, model: 'two' });
    const { number } = await layer('dev');
    const entered = { variables: 'A=a\nB=mine', model: 'three', provider: 'anthropic', reason: 'the pilot' };
    expect(await submit('U0LIA', modal, entered)).toEqual({});
    const merged = await topModal('U0LIA', 'Nothing was saved yet.');
    const text = JSON.stringify(merged.view.blocks);
    expect(text).toContain(`<@U0ADA> changed these settings meanwhile: they have number ${number}`);
    expect(text).toContain('Variable A changed from ‘a’ to ‘theirs’');
    expect(text).toContain('You both changed Default model: sent as it stands here');
    expect(value(merged, 'variables')).toBe('A=theirs\nB=mine\nC=c');
    expect([value(merged, 'model'), value(merged, 'provider'), value(merged, 'reason')]).toEqual([
      ...['three', 'anthropic', 'the pilot'],
    ]);
    expect((await layer('dev')).number).toBe(number);
    expect(await submit('U0LIA', merged, {})).toEqual({});
    await waitUntil('the next number', async () => (await layer('dev')).number === number + 1);
    expect((await layer('dev')).settings).toEqual({
      ...{ variables: { A: 'theirs', B: 'mine', C: 'c' }, model: 'three', provider: 'anthropic' },
    });
  });
});

describe('where the environment asks for approvals', () => {
  test('the form says so, asks, and a lead approves on the card', async () => {
    const modal = await edit('U0ADA', 'prod');
    expect(JSON.stringify(modal.view.blocks)).toContain('A change needs approval by 1 lead, and applies then.');
    expect(modal.view.submit?.text).toBe('Ask for it');
    expect(await submit('U0ADA', modal, { variables: 'REGION=eu', reason: 'the move' })).toEqual({});
    await towpath.told('U0ADA', CHANNEL, 'It applies once it is approved');
    const card = await towpath.message('C0PROD', 'the card', (m) =>
      JSON.stringify(m.blocks).includes('Variable REGION'),
    );
    expect(JSON.stringify(card.blocks)).toContain('the move');
    const message = await shown('U0LIA', '/towpath env prod', '1 change waits for approval');
    await towpath.slack.click('U0LIA', message, 'edit_settings:0');
    await topModal('U0LIA', 'waits for approval already');
    await close('U0LIA');
    await towpath.slack.click('U0LEE', card, 'approve_settings:0');
    await waitUntil('the variable', async () => (await layer('prod')).settings.variables?.['REGION'] === 'eu');
    await towpath.message(
      'C0PROD',
      'the decided card',
      (m) => m.ts === card.ts && JSON.stringify(m.blocks).includes('*Applied*'),
    );
  });
});

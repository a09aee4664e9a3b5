import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
beforeAll(async () => {
  towpath = await startSlackTowpath({
    configuration: `
environments:
  - { name: development, aliases: [dev], settings: { variables: { MODEL: claude-haiku, TEAM: support } } }
  - name: staging
    aliases: [stg]
    channel: C0STAGING
    approvals: []
    settings:
      variables: { MODEL: claude-opus, TEAM: support, "ODD": "<!channel> \`x\`" }
      secrets: { CRM_KEY: { vault: { path: kv/crm, key: token } } }
      limits: { timeout: 90s, costPerDay: 20 }
      mcpServers: { slack: { url: "https://mcp.example.com/slack", transport: http } }
`,
  });
});
afterAll(() => towpath.stop());

const type = (text: string) => towpath.slack.type('U0DEV', 'C0GENERAL', text);
const answer = async (words: string) => JSON.stringify((await towpath.told('U0DEV', 'C0GENERAL', words)).blocks ?? []);
const actor = { workspaceId: 'T0CANAL', userId: 'U0DEV', via: 'slack' } as const;

test('/towpath env shows what is given to all and to one, where secrets come from, and nothing that Slack would read', async () => {
  const { useCases, persistence } = towpath;
  const source = 'apiVersion: towpath/v1\nname: flow\nsteps: [{ id: a, type: llm, model: x }]\n';
  await useCases.pushVersion({ actor, source });
  await persistence.ports.inTransaction('T0CANAL', async (tx) => {
    const [, staging] = await tx.environments.pipeline();
    const workflow = await tx.workflows.find('flow');
    const settings = { model: 'claude-sonnet', masked: { 'steps[0].task': 'CRM_KEY' } };
    await tx.settings.save({
      ...{ environmentId: staging?.id ?? '', workflowId: workflow?.id ?? '', settings },
      ...{ changedBy: 'U0ADA', via: 'slack', reason: null },
    });
  });
  await type('/towpath env stg');
  const shown = await answer('Settings of staging');
  for (const words of [
    'Settings of staging*, number 2',
    '*For every workflow* (number 1, by the configuration file',
    '• Variable MODEL: ‘claude-opus’ ¹',
    '&lt;!channel&gt;',
    '• Secret CRM_KEY: from key token of kv/crm in Vault ¹',
    '• Timeout: 90s ¹',
    '• Cost per day: $20 ¹',
    '• MCP server slack: ‘https://mcp.example.com/slack’ (http) ¹',
    '*Only for flow* (number 2, by <@U0ADA>',
    '• Default model: ‘claude-sonnet’\\n',
    '• Masked value at steps[0].task: secret CRM_KEY',
    'its channel <#C0STAGING> and no webhook',
  ])
    expect(shown).toContain(words);
  expect(shown).not.toContain('<!channel>');
});

test('/towpath env diff shows what two environments give otherwise, and nothing that is the same', async () => {
  await type('/towpath env diff dev staging');
  const shown = await answer('What development and staging give otherwise');
  expect(shown).toContain('• Variable MODEL: ‘claude-haiku’ → ‘claude-opus’');
  expect(shown).toContain('• Secret CRM_KEY: only in staging, from key token of kv/crm in Vault');
  expect(shown).toContain('• flow: Default model: only in staging, ‘claude-sonnet’');
  expect(shown).not.toContain('TEAM');
  await type('/towpath env diff dev development');
  await towpath.told('U0DEV', 'C0GENERAL', 'development and development give the same');
});

test.each([
  ['/towpath env', 'What all environments share'],
  ['/towpath env nowhere', 'There is no environment “nowhere”. There are: development, staging.'],
  ['/towpath env diff staging', 'Which two environments?'],
])('%s says what is missing', async (typed, words) => {
  await type(typed);
  await towpath.told('U0DEV', 'C0GENERAL', words);
});

test('a version that does not fill is refused in words that can be followed', async () => {
  const source = 'apiVersion: towpath/v1\nname: lacks\nsteps: [{ id: a, type: llm, model: "${NO_MODEL}" }]\n';
  await towpath.useCases.pushVersion({ actor, source });
  await type('/deploy lacks');
  const told = await towpath.told('U0DEV', 'C0GENERAL', "can't go to development yet");
  expect(told.text).toBe(
    "v1 of lacks can't go to development yet: there is no value for NO_MODEL (steps[0].model). Give each a value: in Slack with `/towpath env development lacks set NO_MODEL=…`, or under development in towpath.yaml with `settings: { variables: { NO_MODEL: … } }`, or `secrets: { NO_MODEL: { env: … } }` for a secret.",
  );
});

test('what changes in effect stands in a comparison with what is live', async () => {
  const source = (model: string, prompt: string) =>
    `apiVersion: towpath/v1\nname: effect\nsteps: [{ id: a, type: llm, model: "${model}", systemPrompt: ${prompt} }]\n`;
  const { useCases } = towpath;
  await useCases.pushVersion({ actor, source: source('claude-opus', 'Brief') });
  await useCases.deployVersion({ actor, workflow: 'effect' });
  await useCases.requestPromotion({ actor, workflow: 'effect', environment: 'staging' });
  await useCases.pushVersion({ actor, source: source('${MODEL}', 'Kind') });
  await type('/towpath diff effect staging 2');
  const shown = await answer('effect: v1 → v2');
  expect(shown).toContain('In effect in staging');
  expect(shown.slice(shown.indexOf('In effect'))).not.toMatch(/Model of/);
  await type('/towpath diff effect 1 2');
});

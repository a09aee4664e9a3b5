import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHARED_OR_OWN } from '../../../src/adapters/slack/blocks/shared-or-own.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
beforeAll(async () => {
  towpath = await startSlackTowpath({
    configuration: `
environments:
  - { name: development, aliases: [dev], approvals: [] }
  - { name: staging, aliases: [stg], approvals: [], settings: { variables: { TEAM: support } } }
  - { name: production, aliases: [prod], approvals: [{ role: admin, count: 1 }] }
people: { U0ADA: admin, U0LIA: admin, U0LEE: lead }
`,
  });
  const source = 'apiVersion: towpath/v1\nname: flow\nsteps: [{ id: a, type: llm, model: "${MODEL}" }]\n';
  await towpath.useCases.pushVersion({ actor: { workspaceId: 'T0CANAL', userId: 'U0DEV', via: 'slack' }, source });
});
afterAll(() => towpath.stop());

const CHANNEL = 'C0GENERAL';
const layer = async (environment: string, workflow?: string) => {
  const where = { workspaceId: 'T0CANAL', environment, ...(workflow === undefined ? {} : { workflow }) };
  return (await towpath.useCases.showSettingsLayer(where)).settings;
};
async function answer(as: string, command: string): Promise<string> {
  const before = towpath.slack.messages(CHANNEL).length;
  await towpath.slack.type(as, CHANNEL, command);
  const message = await waitUntil(`an answer to ${command}`, () =>
    towpath.slack
      .messages(CHANNEL)
      .slice(before)
      .find((one) => one.ephemeralTo === as),
  );
  return `${message.text} ${JSON.stringify(message.blocks ?? [])}`;
}

describe('/towpath env ENVIRONMENT set and unset', () => {
  test.each([
    ['set MODEL=claude-haiku', { MODEL: 'claude-haiku' }],
    ['SET MODEL = claude sonnet 4 ', { MODEL: 'claude sonnet 4' }],
    ['set N=5', { MODEL: 'claude sonnet 4', N: 5 }],
    ['set N=“5”', { MODEL: 'claude sonnet 4', N: '5' }],
    [
      'set URL=https://crm.example.com/?a=b&c=<d>',
      { MODEL: 'claude sonnet 4', N: '5', URL: 'https://crm.example.com/?a=b&c=<d>' },
    ],
    ['unset N URL', { MODEL: 'claude sonnet 4' }],
  ])('%s', async (typed, variables) => {
    expect(await answer('U0ADA', `/towpath env dev ${typed}`)).toContain('The settings of development are changed');
    expect(await layer('dev')).toEqual({ variables });
  });

  test('change one workflow alone where one is named, by its leads', async () => {
    expect(await answer('U0LEE', '/towpath env dev Flow set MODEL=claude-opus')).toContain('flow in development');
    expect(await layer('dev', 'flow')).toEqual({ variables: { MODEL: 'claude-opus' } });
    expect(await answer('U0LEE', '/towpath env dev flow unset MODEL')).toContain('are changed');
    expect(await layer('dev', 'flow')).toEqual({});
    expect(await answer('U0LEE', '/towpath env dev set MODEL=x')).toContain('takes the role admin; yours is lead');
  });

  test('ask for it where the environment wants approvals', async () => {
    expect(await answer('U0ADA', '/towpath env prod set REGION=eu')).toContain('It applies once it is approved');
    expect(await layer('prod')).toEqual({});
    expect(await answer('U0DEV', '/towpath env prod')).toContain('1 change waits for approval');
  });

  test.each([
    ['set', 'What follows “set” has to be NAME=value.'],
    ['set MODEL', 'What follows “set” has to be NAME=value.'],
    ['unset', 'Which variable?'],
    ['unset NOBODY', 'have no variable of that name: NOBODY. Nothing was changed.'],
    ['set model=x', 'has to begin with a capital letter'],
    ['flow delete X', '“delete” says nothing about settings.'],
    ['nobody set X=1', 'There is no workflow “nobody”.'],
  ])('“%s” says what is missing, and changes nothing', async (typed, words) => {
    const before = await layer('dev');
    expect(await answer('U0ADA', `/towpath env dev ${typed}`)).toContain(words);
    expect(await layer('dev')).toEqual(before);
  });

  test('take no secret, and nothing that towpath.yaml keeps', async () => {
    const secret = 'sk-ant-api03-0123456789abcdef0123456789';
    const refused = await answer('U0ADA', `/towpath env dev set API_KEY=${secret}`);
    expect(refused).toContain('looks like a secret; write `secrets: { API_KEY: { env: API_KEY } }` instead');
    expect(refused).not.toContain(secret);
    expect(await answer('U0ADA', '/towpath env stg set OTHER=1')).toContain(
      'variables of staging is given by towpath.yaml',
    );
    expect(await layer('stg')).toEqual({ variables: { TEAM: 'support' } });
  });

  test('twenty at once lose nothing', async () => {
    const actor = { workspaceId: 'T0CANAL', userId: 'U0ADA', via: 'slack' } as const;
    const names = Array.from({ length: 20 }, (_, nth) => `AT_ONCE_${nth}`);
    await Promise.all(
      names.map((name) => towpath.useCases.changeVariables({ actor, environment: 'dev', set: { name, value: 1 } })),
    );
    expect(Object.keys((await layer('dev')).variables ?? {})).toEqual(expect.arrayContaining(names));
  });
});

test('/towpath env ENVIRONMENT WORKFLOW shows what it gets, what all get besides, and what it lacks', async () => {
  await answer('U0ADA', '/towpath env dev set TEAM=support');
  await answer('U0LEE', '/towpath env dev flow set TEAM=growth');
  const shown = await answer('U0DEV', '/towpath env dev flow');
  expect(shown).toContain('Settings of flow in development');
  expect(shown).toMatch(/Only for it\* \(number \d+, by <@U0LEE>.*Variable TEAM: ‘growth’/);
  expect(shown).toMatch(/For every workflow.*Variable MODEL: ‘claude sonnet 4’/);
  expect(shown).not.toContain('‘support’');
  expect(shown).not.toContain('bind_masks');
  await answer('U0ADA', '/towpath env dev unset MODEL');
  expect(await answer('U0DEV', '/towpath env dev flow')).toContain('v1 names what nothing gives here: MODEL');
});

test('/towpath env alone says what all environments share, as the README does', async () => {
  const shown = await answer('U0DEV', '/towpath env');
  expect(shown).toContain('A version is the same in development, staging and production');
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  for (const [shared, own] of SHARED_OR_OWN) {
    expect(shown).toContain(own);
    const row = readme.split('\n').find((line) => line.startsWith(`| ${shared.replace('’', "'").slice(0, 12)}`));
    expect(row?.replaceAll('`', '').replaceAll("'", '’')).toBe(`| ${shared} | ${own} |`);
  }
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FlowServer, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';
import { TOKEN } from '../../support/http/start-test-server.ts';
import { type CliHome, type CliMore, openCliHome } from '../../support/towpath/run-cli-at.ts';

let server: FlowServer;
let home: CliHome;
let name: string;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  server = await startFlowServer();
  home = await openCliHome(server.url);
  for (const userId of ['U0DEV', 'U0LEE', 'U0ADA']) tokens[userId] = await server.logIn(userId);
});
afterAll(async () => {
  await home.end();
  await server.stop();
});
beforeEach(async () => {
  name = await server.nextFlow();
});

/** The program of somebody who logged in. */
const as = (userId: string, args: readonly string[], more: CliMore = {}) =>
  home.run(args, { ...more, env: { TOWPATH_API_TOKEN: tokens[userId] ?? '', ...more.env } });
const ask = () =>
  server.useCases.requestPromotion({
    ...{ actor: inSlack('U0DEV'), workflow: name, environment: 'staging', reason: 'Ready since Monday' },
  });
const statusOf = async () =>
  (await server.call('GET', `/api/v1/promotions?workflow=${name}`)).json.items[0]?.status as string;

describe('approve', () => {
  it('shows what would go live, and approves it after a yes', async () => {
    await ask();
    const { code, out, err, questions } = await as('U0LEE', ['approve', name, 'staging'], { answer: 'y' });
    expect(questions).toEqual(['Approve this? [y/N] ']);
    expect(err).toBe(`v3 of ${name}, from development to staging, asked for by @U0DEV. It would replace v2.
  “Ready since Monday”
  Risk: high, model swapped (‘Summarise’)
  Model of ‘Summarise’ changed from ‘claude-sonnet’ to ‘claude-opus’
It needs:
  [ ] Approval by 1 lead
  @U0ADA and @U0LEE can approve, in Slack.
`);
    expect([code, out]).toEqual([0, `v3 of ${name} is live in staging.\n`]);
  });

  it('shows of a canary who would get it at first, and that nobody is asked again', async () => {
    await server.useCases.requestPromotion({
      ...{ actor: inSlack('U0DEV'), workflow: name, environment: 'staging', canary: 1_000 },
    });
    const { code, err, out } = await as('U0LEE', ['approve', name, 'staging'], { answer: 'y' });
    expect(err).toContain('As a canary 10% of users would get it at first, beside v2.\n');
    expect(err).toContain('Giving it to more, and finishing it, asks for no further approval');
    expect(err).not.toContain('would replace');
    expect([code, out]).toEqual([0, expect.stringContaining(`v3 of ${name} runs in staging as a canary at 10%.`)]);
  });

  it.each(['n', '', 'maybe'])('approves nothing after the answer %j', async (answer) => {
    await ask();
    const { code, out } = await as('U0LEE', ['approve', name, 'stg'], { answer });
    expect([code, out, await statusOf()]).toEqual([1, 'Nothing was decided.\n', 'open']);
  });

  it('approves nothing but what was shown', async () => {
    await ask();
    const { code, err } = await as('U0LEE', ['approve', name, 'staging'], {
      answer: 'y',
      // What it would replace is another version by the time of the yes.
      meanwhile: () => server.useCases.rollBack({ actor: inSlack('U0LEE'), workflow: name, environment: 'staging' }),
    });
    expect([code, err]).toEqual([1, expect.stringContaining('This promotion changed since')]);
    expect(await statusOf()).toBe('open');
  });

  it('is one command where nobody can be asked, and says so to programs', async () => {
    await ask();
    expect((await as('U0LEE', ['approve', name, 'staging'])).code).toBe(2);
    const { code, out, err } = await as('U0LEE', ['approve', name, 'staging', '--yes', '--json']);
    expect([code, err, JSON.parse(out)]).toMatchObject([0, '', { changed: true, deployed: true }]);
  });

  it('is no program’s, and nobody’s who asked or has no such role', async () => {
    await ask();
    const actor = inSlack('U0ADA');
    const { text } = await server.useCases.createToken({
      ...{ actor, name: `ci-${name}`, scopes: ['read', 'push', 'deploy', 'promote'] },
    });
    for (const env of [{ TOWPATH_API_TOKEN: TOKEN }, { TOWPATH_API_TOKEN: text }]) {
      const { code, err } = await home.run(['approve', name, 'staging', '--yes'], { env });
      expect([code, err]).toEqual([1, expect.stringContaining('Only a person can do this')]);
    }
    expect((await as('U0DEV', ['approve', name, 'staging', '--yes'])).err).toContain('You asked for this promotion');
    expect(await statusOf()).toBe('open');
  });

  it('says where nothing waits', async () => {
    const { code, err } = await as('U0LEE', ['approve', name, 'stg', '--yes']);
    expect([code, err]).toEqual([1, expect.stringContaining(`No promotion of ${name} to stg waits for a decision`)]);
    expect((await as('U0LEE', ['approve', name, 'nowhere', '--yes'])).err).toContain('nowhere');
  });
});

describe('reject', () => {
  it('says why, in as many words as it takes', async () => {
    await ask();
    const args = ['reject', name, 'staging', 'The', 'threshold is', 'too low'];
    const { code, out, questions } = await as('U0LEE', args, { answer: 'yes' });
    expect(questions).toEqual(['Reject this, saying “The threshold is too low”? [y/N] ']);
    expect([code, out]).toEqual([
      0,
      `The promotion of v3 of ${name} to staging was rejected by @U0LEE: The threshold is too low\n`,
    ]);
    expect((await as('U0LEE', ['reject', name, 'staging'])).code).toBe(2);
  });
});

describe('token', () => {
  it('makes, lists, rotates and ends one; the new one alone goes to standard output', async () => {
    const made = await as('U0ADA', [
      'token',
      'create',
      name,
      '--environment',
      'prod',
      '--scope',
      'resolve, runs',
      '--expires',
      '90d',
    ]);
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^tp_[\w-]{43}\n$/)]);
    expect(made.err).toMatch(new RegExp(`^${name} +resolve, runs in production +by @U0ADA +never used +expires 20`));
    expect(made.err).toContain('Shown this once');
    const rotated = await as('U0ADA', ['token', 'rotate', name, '--overlap', '10m', '--json']);
    expect(JSON.parse(rotated.out)).toMatchObject({ name, token: expect.stringMatching(/^tp_/) });
    expect(rotated.err).toBe('');
    const list = await as('U0ADA', ['token', 'list']);
    expect(list.out).toMatch(new RegExp(`${name} \\(the old one\\)`));
    expect(list.out).toMatch(/login-test-\w{6} +acts as @U0LEE/);
    expect(list.out).not.toContain('tp_');
    expect((await as('U0ADA', ['token', 'revoke', name])).out).toBe(`The token ${name} lets nobody in any more.\n`);
  });

  it('is for admins, and for the operator in the name of one', async () => {
    expect((await as('U0LEE', ['token', 'list'])).err).toContain('takes the role admin');
    const env = { TOWPATH_API_TOKEN: TOKEN };
    const create = ['token', 'create', name, '--scope', 'read'];
    expect((await home.run(create, { env })).err).toContain('--on-behalf-of');
    expect((await home.run([...create, '--on-behalf-of', 'U0ADA'], { env })).code).toBe(0);
  });

  it.each([
    [['token', 'create'], 'Name the token'],
    [['token', 'list', 'x'], 'list takes no name'],
    [['token', 'create', 'x'], 'Say what the token may'],
    [['token', 'revoke', 'x', '--scope', 'read'], '--scope is not for revoke'],
    [['token', 'make', 'x'], 'Allowed choices are create, list, rotate, revoke'],
  ])('%j is asked for properly or not at all', async (args, says) => {
    expect(await as('U0ADA', args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(says) });
  });
});

describe('env', () => {
  const settings = async (environment: string) =>
    (await server.call('GET', `/api/v1/workflows/${name}/environments/${environment}/settings`)).json.layer;
  const change = (environment: string, ...words: string[]) =>
    as('U0LEE', ['env', environment, ...words, '--workflow', name, '--reason', 'Cheaper']);

  it('sets and takes out variables, at once where no approval is asked for', async () => {
    const set = await change('development', 'set', 'SUMMARY_MODEL=claude-haiku', 'RETRIES=3', 'QUIET="true"');
    expect([set.code, set.out.split('\n')[0]]).toEqual([0, expect.stringMatching(/^Changed: it is number \d+ now\.$/)]);
    expect((await settings('development')).settings.variables).toEqual({
      ...{ SUMMARY_MODEL: 'claude-haiku', RETRIES: 3, QUIET: 'true' },
    });
    expect((await change('dev', 'set', 'RETRIES=3')).out).toBe('That is how it is already.\n');
    await change('dev', 'unset', 'RETRIES', 'QUIET');
    expect((await settings('development')).settings.variables).toEqual({ SUMMARY_MODEL: 'claude-haiku' });
    expect((await change('dev', 'unset', 'RETRIES')).err).toContain('There is no variable RETRIES');
  });

  it('proposes where approvals are asked for, from a file as well', async () => {
    const file = join(home.folder, 'layer.yaml');
    await writeFile(file, 'variables: { SUMMARY_MODEL: claude-haiku }\nlimits: { timeout: 30s }\n');
    const { code, out } = await change('staging', 'propose', file);
    expect([code, out.split('\n')[0]]).toEqual([0, expect.stringMatching(/^Proposed\. .*lead/)]);
    expect((await settings('staging')).proposal).toMatchObject({ requestedBy: 'U0LEE', reason: 'Cheaper' });
  });

  it('writes over nothing that somebody else changed meanwhile', async () => {
    await change('dev', 'set', 'A=1');
    const { number } = await settings('development');
    const path = `/api/v1/workflows/${name}/environments/development/settings`;
    const body = { settings: { variables: { B: 2 } }, basedOn: number - 1 };
    const late = await server.call('PUT', path, { body, token: tokens['U0LEE'] as string });
    expect(late.status).toBe(409);
  });

  it.each([
    [['set'], 'Say what to set'],
    [['set', 'A'], 'has to be NAME=value'],
    [['unset'], 'Name the variables'],
    [['propose'], 'Name one file'],
    [['propose', 'nowhere.yaml'], 'nowhere.yaml can'],
  ])('%j is asked for properly or not at all', async (words, says) => {
    expect(await change('dev', ...words)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(says) });
  });

  it('takes what changes need for changes alone', async () => {
    const { code, err } = await as('U0LEE', ['env', 'staging', '--workflow', name]);
    expect([code, err]).toEqual([2, expect.stringContaining('are for set, unset and propose')]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeRunner } from '../../../src/adapters/runners/make-runner.ts';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { makePlacedRunner } from '../../../src/use-cases/execution/place-run.ts';
import { makeSuiteWork, type SuiteWork } from '../../../src/use-cases/suite/work-on-run.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { type Answer, json, type LocalServer, startLocalServer } from '../../support/runners/start-local-server.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { suiteOf } from '../../support/use-cases/suite-acts.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
let server: LocalServer;
let answer: Answer;
let work: SuiteWork;
let workflow: string;
let nth = 0;
const fine = json({ output: 'It is fine.', cost: 0.002 });

beforeAll(async () => {
  server = await startLocalServer((response, request) => answer(response, request));
  const settings = `settings: { runner: { kind: http, url: '${server.url}/run', shadowSafe: true } }`;
  towpath = await startSlackTowpath({
    configuration: `
environments:
  - { name: development, aliases: [dev], ${settings} }
  - name: staging
    aliases: [stg]
    channel: C0STAGING
    approvals: [{ role: lead, count: 1 }]
    requires: { tests: { minPassRate: 0.9, maxAge: 7d }, shadow: { sample: 3, minSimilarity: 0.9 } }
    ${settings}
  - { name: production, aliases: [prod], channel: C0PROD, approvals: [{ role: admin, count: 1 }] }
people: { U0ADA: admin, U0LEE: lead }
`,
  });
  const runner = makePlacedRunner(towpath.persistence.ports, makeRunner({ privateOrigins: [server.url] }));
  work = makeSuiteWork(withTestDocuments(towpath.persistence.ports), testSecrets, { runner, judge: null });
});
afterAll(async () => {
  await work.stop();
  await towpath.stop();
  await server.stop();
});
beforeEach(async () => {
  nth += 1;
  workflow = `suite-${nth}`;
  answer = fine;
  await towpath.push(1, { workflow });
  await towpath.useCases.deployVersion({ actor: actor('U0DEV'), workflow });
});

const WORKSPACE = { workspaceId: 'T0CANAL' };
const actor = (userId: string) => ({ ...WORKSPACE, userId, via: 'slack' }) as const;
const type = (text: string, who = 'U0DEV') => towpath.slack.type(who, 'C0GENERAL', text);
const told = (words: string | RegExp, who = 'U0DEV') => towpath.told(who, 'C0GENERAL', words);
const blocksOf = (message: StandInMessage) => JSON.stringify(message.blocks);
const save = (cases = 3) => towpath.useCases.saveSuite({ actor: actor('U0DEV'), workflow, source: suiteOf(cases) });
const queued = async () => {
  const { items } = await towpath.useCases.listSuiteRuns({ ...WORKSPACE, workflow, page: { limit: 10 } });
  return items.filter(({ state }) => state === 'queued').map(({ id }) => id);
};
const workAll = async () => {
  for (const runId of await queued()) await work.run({ ...WORKSPACE, runId });
};
/** The message of a run, once it says so. */
const runSaying = (words: string, channel = 'C0GENERAL') =>
  towpath.message(
    channel,
    `a run of ${workflow} to say ${words}`,
    (m) => m.text.includes(workflow) && blocksOf(m).includes(words),
  );
const modalSaying = (who: string, words: string) =>
  waitUntil(`a modal of ${who} to say ${words}`, () => {
    const top = towpath.slack.modals(who).at(-1);
    return JSON.stringify(top?.view.blocks ?? []).includes(words) ? top : null;
  });
const failing =
  (...numbers: number[]): Answer =>
  (response, request) =>
    (numbers.includes(JSON.parse(request.body).input.n) ? json({ output: 'Broken <!channel>.', cost: 0.004 }) : fine)(
      response,
      request,
    );

describe('/towpath test', () => {
  test('shows a message that follows the run to its end, with what did not pass first, and runs it again', async () => {
    await save();
    answer = failing(2);
    await type(`/towpath test ${workflow}`);
    await told(`Testing ${workflow} v1 in development: 3 cases`);
    const message = await runSaying('waiting for its turn');
    await workAll();
    const ended = await runSaying('2 of 3 passed, 1 failed');
    expect(ended.ts).toBe(message.ts);
    const shown = blocksOf(ended);
    for (const words of [
      '"Pass rate"',
      '"66.66%"',
      '"Cost of a run"',
      'Did not pass',
      '*case 2*',
      'Broken <!channel>.',
    ])
      expect(shown).toContain(words);
    expect(shown).not.toContain('*case 1*');
    await towpath.slack.click('U0LEE', ended, 'show_cases');
    await modalSaying('U0LEE', '✓ *case 3*');
    answer = fine;
    await towpath.slack.click('U0LEE', ended, 'run_tests');
    await waitUntil('another run', async () => (await queued()).length === 1);
    await workAll();
    const again = await runSaying('3 of 3 passed');
    expect(again.ts).not.toBe(ended.ts);
  });

  test('is stopped by its button, and says so', async () => {
    await save();
    await type(`/towpath test ${workflow} dev v1`);
    const message = await runSaying('waiting for its turn');
    await towpath.slack.click('U0LEE', message, 'stop_tests');
    await runSaying('stopped after 0 of 3');
    await workAll();
    expect(server.requests.filter(({ body }) => JSON.parse(body).workflow === workflow)).toEqual([]);
  });

  test('asked for twice runs once, in one message', async () => {
    await save();
    await type(`/towpath test ${workflow}`);
    await runSaying('waiting for its turn');
    await type(`/towpath test ${workflow} dev`, 'U0LEE');
    await told('run already', 'U0LEE');
    await workAll();
    await runSaying('3 of 3 passed');
    const messages = towpath.slack.messages('C0GENERAL').filter(({ text }) => text.startsWith(`Tests of ${workflow} `));
    expect(messages).toHaveLength(1);
  });

  test('is shown to whoever asked where the bot may not post', async () => {
    await save();
    await towpath.slack.type('U0DEV', 'C0NOBOT', `/towpath test ${workflow}`);
    const im = towpath.slack.imOf('U0DEV');
    expect(blocksOf(await runSaying('waiting for its turn', im))).toContain('may not post in <#C0NOBOT>');
  });

  test.each<[string, RegExp]>([
    ['', /`\/towpath test WORKFLOW/],
    [' nowhere', /There is no workflow “nowhere”/],
    [' WORKFLOW v9', /has no version “v9”/],
    [' WORKFLOW prod', /runner/],
    [' WORKFLOW dev v1 please', /“please” is neither its version nor an environment/],
  ])('with “%s” says what is missing', async (rest, words) => {
    await save();
    await type(`/towpath test${rest.replace('WORKFLOW', workflow)}`);
    await told(words);
  });

  test('without a suite says how to give one', async () => {
    await type(`/towpath test ${workflow}`);
    await told(/suite/);
  });
});

describe('/towpath suite', () => {
  test('shows what there is and takes another in a form, and nothing that is wrong', async () => {
    await type(`/towpath suite ${workflow}`);
    const none = await told(`${workflow} has no suite yet`);
    await towpath.slack.click('U0DEV', none, 'edit_suite');
    const form = await modalSaying('U0DEV', 'has no suite yet');
    const submit = (values: Record<string, string>) => towpath.slack.submitView('U0DEV', form.id, values);
    expect((await submit({ suite: '  ' })).errors).toEqual({ suite: 'Write the cases, or choose a file below.' });
    await submit({ suite: 'cases:\n  - { name: a }\n' });
    const refused = await modalSaying('U0DEV', 'nothing was kept of it');
    await towpath.slack.closeView('U0DEV', refused.id);
    await submit({ suite: suiteOf(2) });
    const saved = await modalSaying('U0DEV', 'Saved as suite 1');
    await towpath.slack.closeView('U0DEV', saved.id);
    expect(towpath.slack.modals('U0DEV')).toEqual([]);
    await type(`/towpath suite ${workflow}`);
    const shown = await told(`Suite of ${workflow}`);
    expect(blocksOf(shown)).toContain('case 2');
    await towpath.slack.click('U0DEV', shown, 'edit_suite');
    const again = await modalSaying('U0DEV', 'suite 1. A change makes a new one');
    expect(JSON.stringify(again.view.blocks)).toContain('"initial_value":"cases:');
    // Somebody else was quicker.
    await towpath.useCases.saveSuite({ actor: actor('U0LEE'), workflow, source: suiteOf(5) });
    await towpath.slack.submitView('U0DEV', again.id, { suite: suiteOf(3) });
    await modalSaying('U0DEV', 'changed meanwhile by <@U0LEE>');
    expect((await towpath.useCases.showSuite({ ...WORKSPACE, workflow })).cases).toBe(5);
  });

  test('that is too long for a form is taken as a file', async () => {
    await save(120);
    await type(`/towpath suite ${workflow}`);
    const shown = await told(`Suite of ${workflow}`);
    expect(blocksOf(shown)).toContain(`towpath suite show ${workflow}`);
    await towpath.slack.click('U0DEV', shown, 'edit_suite');
    const form = await modalSaying('U0DEV', 'longer than the 3,000 characters');
    const file = towpath.slack.uploadFile('U0DEV', 'mine.yaml', suiteOf(130));
    await towpath.slack.submitView('U0DEV', form.id, { file: file.id });
    await modalSaying('U0DEV', '130 cases');
  });

  test('comes with a push of NAME.suite.yaml', async () => {
    await type('/towpath push');
    const form = await modalSaying('U0DEV', 'Workflow file');
    const file = towpath.slack.uploadFile('U0DEV', `${workflow}.suite.yaml`, suiteOf(4));
    await towpath.slack.submitView('U0DEV', form.id, { file: file.id });
    await modalSaying('U0DEV', `Saved as suite 1 of *${workflow}*`);
  });
});

describe('a promotion that asks for tests', () => {
  const ask = async (version: number) => {
    await type(`/promote ${workflow} staging`);
    return towpath.message('C0STAGING', 'the card', (m) => m.text.includes(`asks to take ${workflow} v${version}`));
  };
  const saying = (card: StandInMessage, words: string) =>
    waitUntil(`the card of ${workflow} to say ${words}`, async () => {
      await towpath.useCases.judgeDue('T0CANAL');
      return towpath.slack.messages('C0STAGING').find((m) => m.ts === card.ts && blocksOf(m).includes(words));
    });
  const inThread = (card: StandInMessage, words: string) =>
    towpath.message('C0STAGING', `the thread to say ${words}`, (m) => {
      return m.threadTs === card.ts && blocksOf(m).includes(words);
    });

  test('shows on its card how far they are and what they came to, with the cases and what diverged below', async () => {
    await save();
    const first = await ask(1);
    await saying(first, '⏳ *Tests*: waiting for its turn');
    answer = failing(1, 3);
    await workAll();
    await saying(first, '2 cases failed');
    expect(blocksOf(await inThread(first, 'Its tests ended: 1 of 3 passed.'))).toContain('✗ *case 1*');
    await towpath.slack.click('U0LEE', first, 'show_cases:0');
    await modalSaying('U0LEE', '✗ *case 1*');
    answer = fine;
    await towpath.slack.click('U0DEV', first, 'run_tests');
    await saying(first, '⏳ *Tests*: waiting for its turn');
    await workAll();
    await saying(first, 'Pass rate 100%');
    await towpath.slack.click('U0LEE', first, 'approve_promotion');
    await saying(first, '✅ *Live in staging*');

    await towpath.push(2, { workflow });
    await towpath.useCases.deployVersion({ actor: actor('U0DEV'), workflow });
    const second = await ask(2);
    answer = (response, request) =>
      (JSON.parse(request.body).version === 2 && JSON.parse(request.body).shadow
        ? json({ output: 'Something else altogether <@U0LEE>.' })
        : fine)(response, request);
    await workAll();
    await saying(second, '3 inputs diverged');
    const examples = await inThread(second, 'it answered 3 of 3 inputs otherwise');
    expect(blocksOf(examples).split('Proposed (similarity').length - 1).toBe(3);
    expect(examples.blocks.slice(1).every((block) => block.type === 'rich_text')).toBe(true);
  });
});

describe('/towpath checks', () => {
  test('shows what was found out, by environment and beside what is live, and the cases of each', async () => {
    await type(`/towpath checks ${workflow}`);
    await told('Nothing was found out about');
    const cases = [{ name: 'login <!here>', state: 'failed', message: 'two findings' } as const];
    await towpath.useCases.recordCheck({
      ...{ actor: { ...WORKSPACE, userId: 'api', via: 'api' }, workflow, version: 'v1', environment: 'staging' },
      report: { own: { kind: 'check', name: 'security-review', state: 'failed', cases, latency: 2_600 } },
    });
    await type(`/towpath checks ${workflow} v1 stg`);
    const shown = await told('What was found out about');
    for (const words of ['✗ *Check* security-review: 0 of 1 passed', 'p95 2.6 s', 'reported by a program'])
      expect(blocksOf(shown)).toContain(words);
    await towpath.slack.click('U0DEV', shown, 'show_cases:1');
    const modal = await modalSaying('U0DEV', '✗ *login &lt;!here&gt;*: two findings');
    expect(JSON.stringify(modal.view.blocks)).not.toContain('<!here>');
  });
});

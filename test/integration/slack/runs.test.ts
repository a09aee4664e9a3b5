import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
beforeAll(async () => {
  towpath = await startSlackTowpath();
  await towpath.push(1, { workflow: 'run-flow' });
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/deploy run-flow');
  await towpath.told('U0DEV', 'C0GENERAL', 'run-flow v1 is live in development');
});
afterAll(() => towpath.stop());

test('somebody asks for the runs of a workflow, and reads them alone', async () => {
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath runs run-flow');
  await towpath.told('U0DEV', 'C0GENERAL', 'No run of run-flow was reported');
  const [workspace] = await towpath.persistence.sql<{ id: string }>('SELECT id FROM workspace');
  const { accepted } = await towpath.useCases.recordRuns({
    workspaceId: workspace?.id ?? '',
    within: null,
    reports: [40, 90].map((durationMs) => ({
      ...{
        runId: `r${durationMs}`,
        workflow: 'run-flow',
        version: 1,
        environment: 'dev',
        started: new Date(),
        durationMs,
      },
      ...(durationMs === 90 ? { outcome: 'failed', error: 'The model said no' } : { outcome: 'succeeded' }),
    })),
  });
  expect(accepted).toBe(2);
  await towpath.slack.type('U0OTHER', 'C0GENERAL', '/towpath runs run-flow dev');
  const { blocks } = await towpath.told('U0OTHER', 'C0GENERAL', /^Runs of run-flow/);
  const text = JSON.stringify(blocks);
  expect(text).toContain('*v1* in development: 2 runs, 50% failed (1)');
  expect(text).toContain('The model said no');
});

test.each([
  ['/towpath runs', '/towpath runs WORKFLOW [ENVIRONMENT]'],
  ['/towpath runs no-such-flow', 'There is no workflow'],
  ['/towpath runs run-flow moon', 'There is no environment'],
  ['/towpath runs help', '/towpath runs WORKFLOW [ENVIRONMENT]'],
])('%s is answered with what to write', async (typed, words) => {
  await towpath.slack.type('U0LIA', 'C0GENERAL', typed);
  await towpath.told('U0LIA', 'C0GENERAL', words);
});

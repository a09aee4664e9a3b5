import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.ts';
import { problemSchema } from '../../../src/adapters/http/problem.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { startTestServer, type TestServer, TOKEN } from '../../support/http/start-test-server.ts';
import { type Canal, FLOW, openCanal } from '../../support/use-cases/open-canal.ts';
import { withRulesChecked } from '../../support/use-cases/with-rules-checked.ts';

let db: TestPersistence;
let canal: Canal;
let server: TestServer;
withRulesChecked((opened) => {
  db = opened;
});
beforeAll(async () => {
  canal = await openCanal(db.ports, { workspaceId: 'T1' });
  server = await startTestServer({ useCases: canal.useCases });
  await canal.push('Say ${GREETING} to ${NAME}, or ${GREETING}.');
});
afterAll(() => server.stop());

const post = (path: string, body: object) =>
  server.call('POST', `/api/v1${path}`, { body: { onBehalfOf: 'U0DEV', ...body } });
const path = 'steps[0].systemPrompt';
const message = expect.any(String);
const MISSING = [
  { kind: 'unknown', name: 'GREETING', path, message },
  { kind: 'unknown', name: 'NAME', path, message },
];
const give = (environment: string) =>
  canal.useCases.proposeSettings({
    ...{ actor: canal.as('U0ADA'), environment, settings: { variables: { GREETING: 'hi', NAME: 'you' } } },
  });

it('a version that can’t be deployed or promoted for lack of values is refused with each of them, as programs read it', async () => {
  const deploy = () => post(`/workflows/${FLOW}/deployments`, {});
  const refused = await deploy();
  expect([refused.status, refused.json.code]).toEqual([409, 'does_not_fill']);
  expect(problemSchema.parse(refused.json).problems).toEqual(MISSING);
  await give('development');
  expect((await deploy()).status).toBe(201);
  const asked = await post('/promotions', { workflow: FLOW, environment: 'staging' });
  expect([asked.status, asked.json.problems]).toEqual([409, MISSING]);
  const preview = await server.call('GET', `/api/v1/workflows/${FLOW}/environments/staging/promotion?onBehalfOf=U0DEV`);
  expect(preview.json.problems).toEqual(MISSING);
});

it('the command line hands them on with --json', async () => {
  let out = '';
  const code = await runCli({
    arguments: ['promote', FLOW, 'staging', '--yes', '--json', '--on-behalf-of', 'U0DEV'],
    env: { TOWPATH_API_TOKEN: TOKEN, TOWPATH_SERVER: server.url },
    print: (text) => {
      out += text;
    },
    complain: () => undefined,
    pause: async () => {},
    now: () => 0,
  });
  expect([code, JSON.parse(out)]).toMatchObject([1, { code: 'does_not_fill', problems: MISSING }]);
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.ts';
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
  await canal.useCases.proposeSettings({
    ...{ actor: canal.as('U0ADA'), environment: 'dev', settings: { variables: { TONE: 'kindly' } } },
  });
  await canal.push('Answer kindly.');
  await canal.deploy();
  await canal.push('Answer ${TONE}.');
  await canal.push('Answer ${TONE}, and briefly.');
});
afterAll(() => server.stop());

const text = async (from: string, to: string) => {
  const address = `${server.url}/api/v1/workflows/${FLOW}/diff?from=${from}&to=${to}`;
  const answer = await fetch(address, { headers: { authorization: `Bearer ${TOKEN}`, accept: 'text/plain' } });
  return answer.text();
};
async function cli(...args: string[]): Promise<string> {
  let out = '';
  await runCli({
    arguments: ['diff', FLOW, ...args],
    env: { TOWPATH_API_TOKEN: TOKEN, TOWPATH_SERVER: server.url },
    print: (line) => {
      out += line;
    },
    complain: (line) => {
      throw new Error(line);
    },
    pause: async () => {},
    now: () => 0,
  });
  return out;
}

it('a comparison as text says what changes in effect, where that is not what the versions say', async () => {
  const part = (shown: string) => shown.split('\n\n').find((one) => one.startsWith('In effect in'));
  const said = part(await text('development', '3'));
  expect(said).toMatch(/^In effect in development\n- System prompt of ‘Answer’/);
  expect(said).not.toContain('TONE');
  expect(part(await text('development', '2'))).toContain('In effect in development\n- No functional change');
  expect(part(await cli('development', '3'))).toBe(said);
  expect(part(await cli('development', '2'))).toContain('In effect in development\n- No functional change');
});

it('of two versions, which no environment fills, it says nothing of that', async () => {
  expect(await text('1', '3')).not.toContain('In effect');
  expect(await cli('1', '3')).not.toContain('In effect');
});

it('the command line’s document says it too', async () => {
  expect(JSON.parse(await cli('development', '3', '--json')).inEffect).toEqual({
    ...{ environment: 'development', more: 0 },
    lines: [expect.stringContaining('System prompt')],
  });
  expect(JSON.parse(await cli('1', '3', '--json')).inEffect).toBeNull();
});

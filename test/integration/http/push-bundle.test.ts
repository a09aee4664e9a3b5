import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/domain/configuration/configuration.ts';
import { parseBundle } from '../../../src/domain/workflow/bundle/parse-bundle.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { startTestServer, type TestServer } from '../../support/http/start-test-server.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';
import { bundleOf, type Files } from '../../support/workflows/diff-of-sources.ts';
import { FILES } from '../../support/workflows/promptfoo-suite.ts';

const WORKSPACE = { id: 'T1', name: 'Canal', botUserId: 'U0BOT' };
const KEY = ['ghp', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('_');

let database: TestPersistence;
let server: TestServer;

beforeAll(async () => {
  database = await openTestPersistence();
  await makeApplyConfiguration(database.ports)({
    workspace: WORKSPACE,
    configuration: defaultConfiguration(),
    admins: [],
  });
  server = await startTestServer({ useCases: makeUseCases(withTestDocuments(database.ports), testSecrets) });
});
afterAll(async () => {
  await server.stop();
  await database.end();
});

const push = (files: Files) =>
  server.call('POST', '/api/v1/workflows/greetings/versions', {
    body: { source: bundleOf(files), fileName: 'greetings' },
  });

describe('A folder that is pushed', () => {
  it('is one version, told by what changed in any of its files, and can be had back', async () => {
    expect((await push(FILES)).json).toMatchObject({ created: true, version: { number: 1 } });
    expect((await push(FILES)).json).toMatchObject({ created: false, version: { number: 1 } });
    const changed = { ...FILES, 'prompts/a.txt': 'Greet {{text}} warmly.\n', 'notes.txt': `x\nkey: ${KEY}\n` };
    const second = await push(changed);
    expect(second.json).toMatchObject({ created: true, version: { number: 2 } });
    expect(second.json.diff.sentences).toEqual([
      'Task of ‘prompts/a.txt’ changed from ‘Greet {{text}}.’ to ‘Greet {{text}} warmly.’',
      'File ‘notes.txt’ changed (+1 −0 lines)',
    ]);
    expect((await server.call('GET', '/api/v1/workflows/greetings/versions/2')).json.format).toBe('promptfoo');

    const { text } = await server.call('GET', '/api/v1/workflows/greetings/versions/2/source');
    expect(text).not.toContain(KEY);
    const kept = Object.fromEntries((parseBundle(text) ?? []).map(({ path, content }) => [path, content]));
    expect(kept).toEqual({
      ...changed,
      'notes.txt': expect.stringMatching(/^x\nkey: masked~[a-z0-9-]+~[0-9a-f]{16}\n$/),
    });
  });

  it('is refused with nothing kept where a file of it is missing', async () => {
    const refused = await push({ ...FILES, 'rubric.txt': null });
    expect([refused.status, refused.json.detail]).toEqual([422, expect.stringContaining('‘rubric.txt’')]);
    expect((await server.call('GET', '/api/v1/workflows/greetings/versions/3')).status).toBe(404);
  });
});

import { makePictures } from '../../../src/adapters/pictures/make-pictures.ts';
import { defaultConfiguration } from '../../../src/domain/configuration/configuration.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import type { UseCases } from '../../../src/use-cases/use-cases.ts';
import { openTestPersistence, type TestPersistence } from '../database/open-test-persistence.ts';
import { withTestDocuments } from '../documents/with-test-documents.ts';
import { testSecrets } from '../secrets/test-secrets.ts';
import { startTestServer, type TestServer } from './start-test-server.ts';

/** The HTTP server on a database with three versions of `triage` and one of `other`; in another workspace one of `triage`. */
export interface DiffServer extends TestServer {
  database: TestPersistence;
  useCases: UseCases;
  /** Ids of the versions of `triage`, by number from 1 on. */
  versions: string[];
  /** Of `other`, and of the other workspace's `triage`. */
  foreign: { otherWorkflow: string; otherWorkspace: string };
}

export const OURS = 'T0CANAL';
export const THEIRS = 'T0OTHER';
export const HOSTILE = '</span><script src="https://evil.example/x.js"></script><img src=x onerror=alert(1)>&"\'';

/** v2 changes a model and a prompt, v3 adds a step besides. */
export const triage = (nth: 1 | 2 | 3) => ({
  apiVersion: 'towpath/v1',
  name: 'triage',
  executionMode: 'sequential',
  steps: [
    {
      id: 'summarize',
      type: 'llm',
      label: `Summarise ${HOSTILE}`.slice(0, 200),
      model: nth === 1 ? 'claude-sonnet' : 'claude-opus',
      systemPrompt: `You are a support lead.\nBe brief and ${nth === 1 ? 'kind' : 'honest'}.\nNever say ${HOSTILE}.`,
      task: 'Summarise it',
    },
    ...(nth === 3 ? [{ id: 'notify', type: 'tool', label: `Notify ${HOSTILE}`, tool: 'slack' }] : []),
  ],
});

export async function startDiffServer(): Promise<DiffServer> {
  const database = await openTestPersistence();
  const useCases = makeUseCases(withTestDocuments(database.ports), testSecrets);
  for (const id of [OURS, THEIRS]) {
    const workspace = { id, name: id, botUserId: 'U0BOT' };
    await makeApplyConfiguration(database.ports)({
      workspace,
      configuration: defaultConfiguration(),
      admins: ['U0ADA'],
    });
  }
  const push = async (workspaceId: string, source: object) => {
    const actor = { workspaceId, userId: 'U0DEV', via: 'slack' } as const;
    return (await useCases.pushVersion({ actor, source: JSON.stringify(source) })).version.id;
  };
  const versions = [];
  for (const nth of [1, 2, 3] as const) versions.push(await push(OURS, triage(nth)));
  const foreign = {
    otherWorkflow: await push(OURS, { ...triage(1), name: 'other' }),
    otherWorkspace: await push(THEIRS, triage(1)),
  };
  const pictures = makePictures();
  const server = await startTestServer({
    useCases,
    pictures,
    api: { workspaceId: OURS, apiToken: 'test-token-0123456789abcdef0123456789' },
  });
  const stop = async () => {
    await server.stop();
    await pictures.stop();
    await database.end();
  };
  return { ...server, stop, database, useCases, versions, foreign };
}

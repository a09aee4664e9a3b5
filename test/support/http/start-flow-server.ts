import { pino } from 'pino';
import { makeTokenBook } from '../../../src/adapters/http/token-book.ts';
import { defaultConfiguration } from '../../../src/domain/configuration/configuration.ts';
import { openRunners } from '../../../src/open-runners.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import type { UseCases } from '../../../src/use-cases/use-cases.ts';
import { openTestPersistence, type TestPersistence } from '../database/open-test-persistence.ts';
import { withTestDocuments } from '../documents/with-test-documents.ts';
import { testSecrets } from '../secrets/test-secrets.ts';
import { logIn } from '../use-cases/log-in.ts';
import { startTestServer, type TestServer, TOKEN } from './start-test-server.ts';

/** The HTTP server on a database with U0DEV, U0LEE (a lead), U0ADA (an admin) and the guest U0GUEST. */
export interface FlowServer extends TestServer {
  useCases: UseCases;
  /** A workflow of its own: v1 and v2 were live in development and staging, v3 is live in development alone. */
  nextFlow(): Promise<string>;
  database: TestPersistence;
  /** What a personal token of somebody says, confirmed by them in Slack. */
  logIn(userId: string): Promise<string>;
  /** Tokens are read again at their next use, as they are some seconds after a change. */
  lookAgain(): void;
}

const WORKSPACE = { id: 'T0CANAL', name: 'Canal', botUserId: 'U0BOT' };

export const flowSource = (name: string, model: string) => `apiVersion: towpath/v1
name: ${name}
steps:
  - { id: summarize, type: llm, label: Summarise, provider: anthropic, model: ${model}, task: Summarise it }
`;

export const inSlack = (userId: string) => ({ workspaceId: WORKSPACE.id, userId, via: 'slack' as const });

/** @param privateOrigins where runners of settings may be called */
export async function startFlowServer(privateOrigins: string[] = []): Promise<FlowServer> {
  const database = await openTestPersistence();
  const configuration = {
    ...defaultConfiguration(),
    people: new Map([['U0LEE', { role: 'lead' as const, departments: [] }]]),
  };
  await makeApplyConfiguration(database.ports)({ workspace: WORKSPACE, configuration, admins: ['U0ADA'] });
  const runners = openRunners({ privateOrigins, commands: {} }, () => undefined, database.ports);
  const useCases = makeUseCases(withTestDocuments(database.ports), testSecrets, runners);
  const person = (userId: string) => ({ userId, name: userId, slackAdmin: false });
  const members = ['U0DEV', 'U0LEE', 'U0ADA'].map((userId) => ({ ...person(userId), standing: 'member' as const }));
  const profiles = [...members, { ...person('U0GUEST'), standing: 'guest' as const }];
  await useCases.recordProfiles({ workspaceId: WORKSPACE.id, profiles });
  const workspaceId = WORKSPACE.id;
  const tokens = makeTokenBook({
    lookUp: (hash) => useCases.findToken({ workspaceId, hash }),
    recordUses: (tokenIds) => useCases.recordTokenUses({ workspaceId, tokenIds }),
    log: pino({ level: 'silent' }),
  });
  const server = await startTestServer({ useCases, api: { workspaceId, apiToken: TOKEN, tokens } });
  let made = 0;
  return {
    ...server,
    useCases,
    database,
    logIn: async (userId) => (await logIn(useCases, { workspaceId, userId })).text,
    lookAgain: () => tokens.doubtAll(),
    async nextFlow() {
      made += 1;
      const name = `flow-${made}`;
      await fill(useCases, name);
      return name;
    },
    async stop() {
      await server.stop();
      await tokens.end();
      await database.end();
    },
  };
}

async function fill(useCases: UseCases, workflow: string): Promise<void> {
  const actor = inSlack('U0DEV');
  for (const model of ['claude-haiku', 'claude-sonnet', 'claude-opus']) {
    await useCases.pushVersion({ actor, source: flowSource(workflow, model) });
    await useCases.deployVersion({ actor, workflow });
    if (model === 'claude-opus') return;
    await useCases.requestPromotion({ actor, workflow, environment: 'staging' });
    await useCases.approvePromotion({ actor: inSlack('U0LEE'), choice: { workflow } });
  }
}

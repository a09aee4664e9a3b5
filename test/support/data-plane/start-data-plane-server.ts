import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { HeardNotices } from '../../../src/adapters/data-plane/change-feed.ts';
import { startDataPlane } from '../../../src/adapters/data-plane/start-data-plane.ts';
import { makeTokenBook } from '../../../src/adapters/http/token-book.ts';
import { connectPersistence, type Persistence } from '../../../src/adapters/persistence/connect.ts';
import { openNotices } from '../../../src/adapters/persistence/listen.ts';
import { hashToken, type Scope, tokenText } from '../../../src/domain/token.ts';
import type { Ports } from '../../../src/use-cases/ports.ts';
import { makeResolveWorkflow } from '../../../src/use-cases/resolve-workflow.ts';
import { withTestDocuments } from '../documents/with-test-documents.ts';
import { startTestServer, type TestServer } from '../http/start-test-server.ts';

/** The data plane of one process: its own connections, notices, memory and HTTP server on a database that others use too. */
export interface DataPlaneServer extends TestServer {
  plane: ReturnType<typeof startDataPlane>;
  persistence: Persistence;
}

export interface DataPlaneServerOptions {
  url: string;
  workspaceId: string;
  /** Instead of the database's. */
  notices?: HeardNotices;
}

const log = pino({ level: 'silent' });

/** Hears nothing: changes are found by looking alone. */
export const DEAF: HeardNotices = { on: () => undefined };

export async function startDataPlaneServer(options: DataPlaneServerOptions): Promise<DataPlaneServer> {
  const { url, workspaceId } = options;
  const persistence = await connectPersistence({ connectionString: url, log });
  const heard = openNotices({ connectionString: url, log });
  const notices = options.notices ?? heard;
  const ports = withTestDocuments(persistence.ports);
  const tokens = makeTokenBook({
    lookUp: (hash) => ports.glance(workspaceId, (tx) => tx.tokens.findByHash(hash)),
    recordUses: async () => undefined,
    log,
  });
  notices.on('towpath_tokens', tokens.forget, tokens.doubtAll);
  const plane = startDataPlane({
    ...{ workspaceId, ports, notices, log },
    changes: persistence.resolvedChanges,
    resolve: makeResolveWorkflow(ports),
  });
  const server = await startTestServer({
    api: { workspaceId, apiToken: OPERATOR, tokens },
    dataPlane: plane,
  });
  return {
    ...server,
    plane,
    persistence,
    async stop(grace) {
      await server.stop(grace);
      await plane.stop();
      await tokens.end();
      await heard.end();
      await persistence.close();
    },
  };
}

/** The operator's token of such a server. */
export const OPERATOR = 'operator-token-0123456789abcdef0123456789';

/** Makes a token for one environment and gives its text. */
export async function makeToken(
  ports: Ports,
  workspaceId: string,
  environmentId: string | null,
  scopes: readonly Scope[] = ['resolve'],
): Promise<string> {
  const text = tokenText(randomBytes(32));
  await ports.inTransaction(workspaceId, async (tx) => {
    const name = `runner-${randomBytes(4).toString('hex')}`;
    await tx.tokens.create({ name, hash: hashToken(text), environmentId, scopes, createdBy: 'U0DEV', expiresAt: null });
  });
  return text;
}

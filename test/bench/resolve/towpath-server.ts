import { pino } from 'pino';
import { startDataPlane } from '../../../src/adapters/data-plane/start-data-plane.ts';
import { createHttpServer } from '../../../src/adapters/http/create-http-server.ts';
import { createMetrics } from '../../../src/adapters/http/metrics.ts';
import { makeTokenBook } from '../../../src/adapters/http/token-book.ts';
import { connectPersistence } from '../../../src/adapters/persistence/connect.ts';
import { openNotices } from '../../../src/adapters/persistence/listen.ts';
import { allocateYoung } from '../../../src/allocate-young.ts';
import { documentWork } from '../../../src/use-cases/document-work.ts';
import { makeResolveWorkflow } from '../../../src/use-cases/resolve-workflow.ts';
import { withDocuments } from '../../../src/use-cases/with-documents.ts';

// Towpath's HTTP server with its data plane, tokens, metrics and log as they run, without Slack and the queue.
allocateYoung();
const [connectionString = '', workspaceId = ''] = process.argv.slice(2);
const log = pino({ level: 'info' }, pino.destination('/dev/null'));
const persistence = await connectPersistence({ connectionString, log });
const notices = openNotices({ connectionString, log });
const ports = withDocuments(
  persistence.ports,
  documentWork(() => ''),
);
const tokens = makeTokenBook({
  lookUp: (hash) => ports.glance(workspaceId, (tx) => tx.tokens.findByHash(hash)),
  recordUses: (ids) => ports.inTransaction(workspaceId, (tx) => tx.tokens.touch(ids)),
  log,
});
notices.on('towpath_tokens', tokens.forget, tokens.doubtAll);
const dataPlane = startDataPlane({
  ...{ workspaceId, ports, notices, log },
  changes: persistence.resolvedChanges,
  resolve: makeResolveWorkflow(ports),
});
const nothing = new Proxy({}, { get: () => () => Promise.reject(new Error('Not measured.')) });
const http = await createHttpServer({
  useCases: nothing as never,
  api: { workspaceId, apiToken: null, tokens },
  ...{ dataPlane, log, metrics: createMetrics(), pictures: nothing as never, linkKey: new Uint8Array(32) },
  ready: async () => ({ database: true, queue: true }),
});
// Asked for what it took so far; before its port is told, as whoever asks without this ends it.
process.on('SIGUSR2', () => {
  process.stdout.write(`${JSON.stringify({ ...process.memoryUsage(), cpu: process.cpuUsage() })}\n`);
});
process.stdout.write(`${await http.listen({ port: 0, host: '127.0.0.1' })}\n`);

import type { DataPlane } from '../../../src/adapters/http/api/api-context.ts';
import type { ResolvedView } from '../../../src/use-cases/resolved-view.ts';

export const exampleResolved: ResolvedView = {
  workflow: 'summarize-flow',
  environment: 'staging',
  version: { number: 2, label: null, contentHash: 'c2' },
  deployment: { id: '0190a0b0-0000-7000-8000-000000000002', deployedAt: '2026-01-01T00:00:00.000Z' },
  rollout: { side: 'candidate' },
  settingsRevision: 3,
  heldSettings: { present: 4, reason: 'A rollback brought it back.', problems: ['MODEL has no value.'] },
  format: 'towpath',
  definition: { name: 'summarize-flow' },
  overrides: { model: 'claude-sonnet', steps: { answer: { provider: 'anthropic' } } },
  secrets: [{ name: 'API_KEY', paths: ['steps[0].task'] }],
  limits: { timeout: 30_000 },
  mcpServers: { slack: { url: 'https://mcp.example.com', transport: 'http' } },
  dataSources: { tickets: { table: 'tickets' } },
  runner: null,
  namespace: 'staging:summarize-flow:',
  trace: { 'deployment.environment.name': 'staging', 'towpath.workflow.version': 2 },
};

/** Answers the one example for every workflow; a stream ends with its first words. */
export const exampleDataPlane: DataPlane = {
  answers: {
    get: () => ({
      answer: { body: JSON.stringify(exampleResolved), etag: '"e1"' },
      isStale: false,
    }),
    ready: () => null,
  },
  stream: {
    async open({ sink }) {
      sink.write(Buffer.from('id: 1\n\n'));
      sink.end();
      return () => undefined;
    },
    close: () => undefined,
  },
};

import type { ApiUseCases } from '../../../src/adapters/http/api/api-context.ts';
import type { KeptCheck } from '../../../src/use-cases/ports.ts';

const NOW = new Date('2026-03-01T10:00:00.000Z');
const workflow = { id: 'w1', slug: 'summarize-flow', department: 'support' };
const version = { id: 'v2', number: 2, label: 'add-urgency-classifier', author: 'U0DEV' };
const older = { id: 'v1', number: 1, label: null, author: 'U0DEV' };
const environment = { id: 'e2', name: 'staging', badge: '' };

const result: KeptCheck = {
  ...{ id: 'c1', kind: 'tests', name: 'smoke', environmentId: 'e2', versionId: 'v2', at: NOW },
  ...{ state: 'failed', source: 'suite', passed: 9, failed: 1, by: 'U0LEE', receivedAt: NOW, detail: 'One failed.' },
};

/** What was found out about one version, every field filled in. */
export const exampleChecks: Pick<ApiUseCases, 'listChecks' | 'showCheck'> = {
  listChecks: async () => ({
    workflow,
    version,
    environments: [
      {
        environment,
        results: [result],
        live: { version: older, results: [{ ...result, id: 'c2', versionId: 'v1', p95: 2_400, costPerRun: 0.029 }] },
      },
    ],
  }),
  showCheck: async () => ({
    ...{ workflow, version, environment, result },
    cases: [
      {
        ...{ name: 'refund', state: 'failed', message: 'does not contain “refund”', output: 'No.', input: '{"q": 1}' },
        ...{ live: 'Yes.', similarity: 0.4, cost: 0.01, latencyMs: 900 },
      },
    ],
  }),
};

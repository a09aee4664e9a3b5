import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agentSchema } from '../../../src/adapters/http/api/agent-routes.ts';
import { applyAnswer } from '../../../src/adapters/http/api/apply-route.ts';
import { auditEvent } from '../../../src/adapters/http/api/audit-routes.ts';
import { checkList } from '../../../src/adapters/http/api/check-list-routes.ts';
import { checksAnswer, oneCheck } from '../../../src/adapters/http/api/check-schema.ts';
import { deploymentAnswer } from '../../../src/adapters/http/api/deploy-route.ts';
import { comparison } from '../../../src/adapters/http/api/diff-route.ts';
import { liveSchema, pastDeployment } from '../../../src/adapters/http/api/environment-routes.ts';
import { executionSchema } from '../../../src/adapters/http/api/execute-route.ts';
import { gateAnswered } from '../../../src/adapters/http/api/gate-routes.ts';
import { freezeSchema, holdsSchema, lockSchema, whySchema } from '../../../src/adapters/http/api/hold-schema.ts';
import { requestAnswer } from '../../../src/adapters/http/api/promotion-routes.ts';
import {
  promotionPreview,
  promotionSchema,
  promotionSummary,
} from '../../../src/adapters/http/api/promotion-schema.ts';
import { pushAnswer } from '../../../src/adapters/http/api/push-route.ts';
import { resolvedSchema } from '../../../src/adapters/http/api/resolved-schema.ts';
import { rollbackAnswer, rollbackPreview } from '../../../src/adapters/http/api/rollback-routes.ts';
import { rolloutChange, rolloutSchema } from '../../../src/adapters/http/api/rollout-schema.ts';
import { runSchema, runsAnswer, runsSummary } from '../../../src/adapters/http/api/run-schema.ts';
import { pageOf } from '../../../src/adapters/http/api/schemas.ts';
import { changeAnswer, layerAnswer, settingsRevision } from '../../../src/adapters/http/api/settings-layer-schema.ts';
import { settingsAnswer, settingsComparison } from '../../../src/adapters/http/api/settings-routes.ts';
import {
  askedSuiteRun,
  savedSuite,
  stoppedSuiteRun,
  suiteRunSchema,
  suiteRunSummary,
  suiteSchema,
} from '../../../src/adapters/http/api/suite-schema.ts';
import { versionSchema } from '../../../src/adapters/http/api/version-routes.ts';
import { workflowSchema } from '../../../src/adapters/http/api/workflow-routes.ts';
import { problemSchema } from '../../../src/adapters/http/problem.ts';
import { exampleDataPlane } from '../../support/http/example-data-plane.ts';
import { SUITE_RUN } from '../../support/http/example-suites.ts';
import { exampleUseCases } from '../../support/http/example-views.ts';
import { goodLogins, OPEN_OPERATIONS } from '../../support/http/good-logins.ts';
import { startTestServer, type TestServer } from '../../support/http/start-test-server.ts';

type Operation = {
  operationId: string;
  summary: string;
  security?: unknown;
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: unknown }[];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
};
interface OpenApi {
  openapi: string;
  security: unknown;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}

const PERSON = 'U0DEV';
/** One good request for every operation, and what its answer must be. */
const GOOD: Record<
  string,
  { path: string; body?: unknown; status: number; type?: string; schema: { parse: (value: unknown) => unknown } }
> = {
  listWorkflows: { path: '/workflows', status: 200, schema: pageOf(workflowSchema) },
  showWorkflow: { path: '/workflows/summarize-flow', status: 200, schema: workflowSchema },
  pushVersion: {
    path: '/workflows/summarize-flow/versions',
    body: { source: 'a: 1' },
    status: 201,
    schema: pushAnswer,
  },
  showVersionSource: {
    path: '/workflows/summarize-flow/versions/2/source?file=flow.json',
    status: 200,
    schema: z.strictObject({ a: z.literal(1) }),
  },
  showVersion: { path: '/workflows/summarize-flow/versions/2', status: 200, schema: versionSchema },
  compareVersions: { path: '/workflows/summarize-flow/diff?from=1&to=staging', status: 200, schema: comparison },
  showLive: { path: '/workflows/summarize-flow/environments/staging', status: 200, schema: liveSchema },
  listDeployments: {
    path: '/workflows/summarize-flow/environments/stg/deployments?limit=2',
    status: 200,
    schema: pageOf(pastDeployment),
  },
  listAllDeployments: {
    path: '/workflows/summarize-flow/deployments?limit=2',
    status: 200,
    schema: pageOf(pastDeployment),
  },
  showSettings: { path: '/environments/staging/settings', status: 200, schema: settingsAnswer },
  changeSettings: {
    ...{ path: '/environments/staging/settings', status: 202, schema: changeAnswer },
    body: { settings: { model: 'claude-opus', limits: { timeout: '30s' } }, basedOn: 3, onBehalfOf: PERSON },
  },
  listSettingsRevisions: {
    ...{ path: '/environments/staging/settings/revisions?limit=2', status: 200, schema: pageOf(settingsRevision) },
  },
  changeWorkflowSettings: {
    ...{ path: '/workflows/summarize-flow/environments/staging/settings', status: 202, schema: changeAnswer },
    body: { settings: { channel: 'C0FLOW', masked: { 'steps[0]': 'KEY' } }, reason: 'Slower', onBehalfOf: PERSON },
  },
  showWorkflowSettings: {
    ...{ path: '/workflows/summarize-flow/environments/staging/settings', status: 200, schema: layerAnswer },
  },
  listWorkflowSettingsRevisions: {
    path: '/workflows/summarize-flow/environments/staging/settings/revisions',
    ...{ status: 200, schema: pageOf(settingsRevision) },
  },
  applyFile: {
    ...{ path: '/apply', status: 202, schema: applyAnswer },
    body: { file: '', onBehalfOf: PERSON },
  },
  compareSettings: { path: '/settings/diff?from=development&to=staging', status: 200, schema: settingsComparison },
  previewPromotion: {
    path: '/workflows/summarize-flow/environments/staging/promotion?canary=10&onBehalfOf=U0DEV',
    status: 200,
    schema: promotionPreview,
  },
  previewRollback: {
    path: '/workflows/summarize-flow/environments/staging/rollback?to=v1',
    status: 200,
    schema: rollbackPreview,
  },
  rollBack: {
    path: '/workflows/summarize-flow/environments/staging/rollback',
    body: { onBehalfOf: PERSON, reason: 'It loops' },
    status: 201,
    schema: rollbackAnswer,
  },
  listHolds: { path: '/holds', status: 200, schema: holdsSchema },
  explainPromotion: {
    ...{ path: '/workflows/summarize-flow/environments/staging/why', status: 200, schema: whySchema },
  },
  lock: {
    ...{ path: '/locks', status: 201, schema: lockSchema },
    body: { workflow: 'summarize-flow', reason: 'moving', for: '2h', onBehalfOf: PERSON },
  },
  unlock: {
    path: `/locks?scope=all&others=true&onBehalfOf=${PERSON}`,
    ...{ status: 200, schema: z.object({ ended: z.array(lockSchema) }) },
  },
  freeze: {
    ...{ path: '/environments/staging/freezes', status: 201, schema: freezeSchema },
    body: { reason: 'moving', until: '2026-12-01T09:00:00+01:00', onBehalfOf: PERSON },
  },
  unfreeze: {
    path: `/environments/staging/freezes?onBehalfOf=${PERSON}`,
    ...{ status: 200, schema: z.object({ ended: z.array(freezeSchema) }) },
  },
  showRollout: {
    ...{ path: '/workflows/summarize-flow/environments/staging/rollout', status: 200, schema: rolloutSchema },
  },
  changeRollout: {
    ...{ path: '/workflows/summarize-flow/environments/staging/rollout', status: 200, schema: rolloutChange },
    body: { share: 12.5, onBehalfOf: PERSON },
  },
  finishRollout: {
    ...{ path: '/workflows/summarize-flow/environments/staging/rollout/finish', status: 200, schema: rolloutChange },
    body: { onBehalfOf: PERSON },
  },
  abortRollout: {
    ...{ path: '/workflows/summarize-flow/environments/staging/rollout/abort', status: 200, schema: rolloutChange },
    body: { reason: 'It loops' },
  },
  deployVersion: {
    path: '/workflows/summarize-flow/deployments',
    body: { onBehalfOf: PERSON },
    status: 201,
    schema: deploymentAnswer,
  },
  listPromotions: {
    path: '/promotions?status=open&workflow=summarize-flow',
    status: 200,
    schema: pageOf(promotionSummary),
  },
  showPromotion: { path: '/promotions/0190a0b0-0000-7000-8000-000000000001', status: 200, schema: promotionSchema },
  requestPromotion: {
    path: '/promotions',
    body: { workflow: 'w', environment: 'staging', canary: 0.5, onBehalfOf: PERSON },
    status: 201,
    schema: requestAnswer,
  },
  answerGate: {
    path: '/gates/answer',
    body: { token: 'tg_x', state: 'approved', detail: 'looks good' },
    status: 200,
    schema: gateAnswered,
  },
  recordCheck: {
    path: '/workflows/summarize-flow/versions/12/checks',
    body: { kind: 'tests', environment: 'staging', passed: 9, failed: 1 },
    status: 201,
    schema: checksAnswer,
  },
  listChecks: {
    path: '/workflows/summarize-flow/versions/12/checks?environment=staging',
    status: 200,
    schema: checkList,
  },
  showCheck: { path: '/checks/0190a0b0-0000-7000-8000-000000000001', status: 200, schema: oneCheck },
  recordRuns: {
    path: '/runs',
    body: { runs: [{ nonsense: true }] },
    status: 207,
    schema: runsAnswer,
  },
  listRuns: { path: '/runs?workflow=w&version=2&outcome=failed&payloads=true', status: 200, schema: pageOf(runSchema) },
  summarizeRuns: {
    path: '/runs/summary?workflow=w&since=2026-01-01T00:00:00Z',
    status: 200,
    schema: runsSummary,
  },
  resolveWorkflow: {
    path: '/workflows/summarize-flow/environments/staging/resolved?key=somebody',
    status: 200,
    schema: resolvedSchema,
  },
  resolveWorkflowByQuery: {
    path: '/workflows/summarize-flow/resolve?environment=staging',
    status: 200,
    schema: resolvedSchema,
  },
  streamChanges: {
    path: '/stream?environment=staging',
    status: 200,
    type: 'text/event-stream',
    schema: z.undefined(),
  },
  readSecret: {
    path: '/workflows/summarize-flow/environments/staging/secrets/OPENAI_API_KEY',
    status: 200,
    schema: z.strictObject({ name: z.string(), value: z.string() }),
  },
  listAgents: { path: '/agents?environment=staging', status: 200, schema: pageOf(agentSchema) },
  // The operator's token has no environment that an agent could be in.
  registerAgent: {
    ...{ path: '/agents', body: { name: 'runner-1' }, status: 403, type: 'application/problem+json' },
    schema: problemSchema,
  },
  executeWorkflow: {
    path: '/workflows/summarize-flow/execute?environment=staging',
    body: { inputs: { text: 'x' }, key: 'somebody' },
    status: 200,
    schema: executionSchema,
  },
  testFile: {
    ...{ path: '/tests', body: { source: 'a: 1', suite: 'cases: []' }, status: 200, type: 'application/x-ndjson' },
    schema: z.looseObject({ kind: z.literal('outcome') }),
  },
  saveSuite: {
    path: '/workflows/summarize-flow/suite',
    body: { source: 'cases: []' },
    status: 200,
    schema: savedSuite,
  },
  showSuite: { path: '/workflows/summarize-flow/suite', status: 200, schema: suiteSchema },
  testVersion: {
    ...{ path: '/workflows/summarize-flow/tests', body: { version: '2', environment: 'staging' }, status: 202 },
    schema: askedSuiteRun,
  },
  listSuiteRuns: {
    path: '/workflows/summarize-flow/tests?environment=staging&limit=10',
    status: 200,
    schema: pageOf(suiteRunSummary),
  },
  showSuiteRun: { path: `/workflows/summarize-flow/tests/${SUITE_RUN}`, status: 200, schema: suiteRunSchema },
  stopSuiteRun: { path: `/workflows/summarize-flow/tests/${SUITE_RUN}`, status: 200, schema: stoppedSuiteRun },
  takeWork: {
    ...{ path: '/agents/runner-1/work', body: { wait: 0 }, status: 403, type: 'application/problem+json' },
    schema: problemSchema,
  },
  answerWork: {
    ...{ path: '/work/w1/result', body: { output: 'x' }, status: 403, type: 'application/problem+json' },
    schema: problemSchema,
  },
  ...goodLogins,
  listAudit: {
    path: '/audit?workflow=w&environment=prod&action=a&before=9&limit=100',
    status: 200,
    schema: pageOf(auditEvent),
  },
};

let server: TestServer;
let document: OpenApi;
let operations: { method: string; path: string; operation: Operation }[];

beforeAll(async () => {
  server = await startTestServer({ useCases: exampleUseCases, dataPlane: exampleDataPlane });
  document = (await server.call('GET', '/api/v1/openapi.json', { token: null })).json;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});
afterAll(() => server.stop());

describe('the OpenAPI document', () => {
  it('is open to everybody, and says what a token is', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.security).toEqual([{ token: [] }]);
    expect(document.components.securitySchemes['token']).toMatchObject({ type: 'http', scheme: 'bearer' });
  });

  it('has exactly the operations that these tests know', () => {
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(Object.keys(GOOD).sort());
  });

  it('describes every operation, parameter, answer and refusal', () => {
    for (const { path, operation } of operations) {
      expect(operation.summary, path).toMatch(/./);
      for (const parameter of operation.parameters ?? []) {
        if (!['action', 'status', 'id', 'workflow'].includes(parameter.name))
          expect(parameter.description, `${path} ${parameter.name}`).toMatch(/./);
      }
      for (const [status, answer] of Object.entries(operation.responses)) {
        expect(answer.description, `${path} ${status}`).not.toBe('Default Response');
        if (Number(status) >= 400) {
          expect(answer.content?.['application/problem+json']?.schema, `${path} ${status}`).toEqual({
            $ref: '#/components/schemas/Problem',
          });
        }
      }
      expect(Object.keys(operation.responses), path).toEqual(expect.arrayContaining(['400', '401', '500', '503']));
    }
  });

  it('refers to nothing that it does not hold, and holds nothing that it does not refer to', () => {
    const text = JSON.stringify(document);
    const referred = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name));
    expect([...referred].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  it('takes a pushed file as JSON and as YAML', () => {
    const content = document.paths['/api/v1/workflows/{name}/versions']?.['post']?.requestBody?.content;
    expect(Object.keys(content ?? {})).toEqual([
      'application/json',
      'application/yaml',
      'text/yaml',
      'application/x-yaml',
      'text/x-yaml',
    ]);
  });

  it('lets people approve, and no token of a program', () => {
    const approving = operations.filter(({ path, operation }) => /approv/i.test(path + operation.operationId));
    expect(approving.map(({ operation }) => operation.security)).toEqual([[{ person: [] }]]);
  });
});

describe('every operation', () => {
  it.each(Object.keys(GOOD))('%s answers a good request with the status and the shape that it promises', async (id) => {
    const { path, body, status, type = 'application/json', schema } = GOOD[id] ?? expect.unreachable();
    const found = operations.find(({ operation }) => operation.operationId === id) ?? expect.unreachable();
    const answer = await server.call(found.method, `/api/v1${path}`, body === undefined ? {} : { body });
    expect([answer.status, answer.text]).toEqual([status, expect.any(String)]);
    expect(answer.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    schema.parse(answer.json);
  });

  it.each(
    Object.keys(GOOD)
      .filter((id) => !OPEN_OPERATIONS.includes(id))
      .flatMap(
        (id) =>
          [
            [id, 'no token', null],
            [id, 'a wrong token', 'x'.repeat(40)],
          ] as const,
      ),
  )('%s answers 401 to %s, before it reads a body', async (id, _what, token) => {
    const { path } = GOOD[id] ?? expect.unreachable();
    const { method } = operations.find(({ operation }) => operation.operationId === id) ?? expect.unreachable();
    const broken = method === 'POST' ? { body: '{', headers: { 'content-type': 'application/json' } } : {};
    const answer = await server.call(method, `/api/v1${path}`, { token, ...broken });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(problemSchema.parse(answer.json)).toMatchObject({
      code: 'unauthorized',
      status: 401,
      detail: expect.stringMatching(/token/i),
    });
  });
});

import type { ApiUseCases } from '../../../src/adapters/http/api/api-context.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import type { SettingsRevision } from '../../../src/domain/settings/settings.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import type { PromotionView, SettingsProposalView } from '../../../src/use-cases/views.ts';
import { exampleChecks } from './example-checks.ts';
import { exampleHolds } from './example-holds.ts';
import { exampleLogins } from './example-logins.ts';
import { exampleRollout, exampleRolloutReceipt } from './example-rollout.ts';
import { exampleSuites } from './example-suites.ts';

const NOW = new Date('2026-03-01T10:00:00.000Z');
const PROMOTION_ID = '0190a0b0-0000-7000-8000-000000000001';
const workflow = { id: 'w1', slug: 'summarize-flow', department: 'support' };
const version = { id: 'v2', number: 2, label: 'add-urgency-classifier', author: 'U0DEV' };
const older = { id: 'v1', number: 1, label: null, author: 'U0DEV' };
const staging = { id: 'e2', name: 'staging', badge: ':large_yellow_circle:' };
const development = { id: 'e1', name: 'development', badge: '' };
const risk = { level: 'high' as const, reasons: ['model swapped (‘Summarise’)'] };
const diff = { lines: ['Model of ‘Summarise’ changed from ‘a’ to ‘b’'], more: 3, functional: true, risk };

const AGENT = {
  ...{ id: 'a1', environmentId: 'e2', name: 'runner-1', token: 'staging-runner', release: '1.4.0' },
  ...{ registeredAt: NOW, lastSeenAt: NOW },
};

export const examplePromotion: PromotionView = {
  id: PROMOTION_ID,
  status: 'open',
  fingerprint: 'f'.repeat(64),
  workflow,
  version,
  from: development,
  to: staging,
  replaces: older,
  sourceMovedTo: null,
  requestedBy: 'U0DEV',
  reason: 'Faster',
  canary: 1_000,
  requestedAt: NOW,
  expiresAt: NOW,
  closedAt: null,
  closedBy: null,
  closeReason: null,
  diff,
  inEffect: null,
  ridesAlong: { versions: [older], more: 2, share: { madeByLast: 1, total: 4 } },
  earlierApproval: { by: ['U0LEE'], version: older, diff },
  requirements: [{ kind: 'approvals', state: 'pending', summary: 'Approval by 1 lead' }],
  approvals: [{ by: 'U0LEE', role: 'lead', at: NOW, counts: false, since: { moved: ['policy'], lines: ['x'] } }],
  deployAt: NOW,
  rejections: [{ by: 'U0LEE', reason: 'too slow', at: NOW, stands: true }],
  checklist: [
    { item: 'Rollback tested', ticked: { by: 'U0LEE', at: NOW } },
    { item: 'Stakeholder informed', ticked: null },
  ],
  locks: [{ id: 'l1', reason: 'moving', by: 'U0LEE', at: NOW, until: null, promotionId: null }],
  tests: null,
  canApprove: { userIds: ['U0LEE'], more: false },
  nobodyCanApprove: false,
  deployment: {
    ...{ id: 'd1', active: false, status: 'candidate', share: 1_000, ended: null, beside: older },
    rollout: { steps: 'all', waiting: null, sinceApproved: ['x'] },
  },
};

const exampleRollback = {
  rollbackId: 'r1',
  workflow,
  environment: staging,
  removed: version,
  restored: older,
  restoredRanFor: 60_000,
  by: 'U0LEE',
  at: NOW,
  reason: 'It loops',
  lacks: null,
  diff,
  undoneAt: null,
  undoUntil: NOW,
};

const flow = (steps: string[]) =>
  readDefinition(
    JSON.stringify({ apiVersion: 'towpath/v1', name: 'f', steps: steps.map((id) => ({ id, type: 'llm', task: 'x' })) }),
  );

const exampleRun = {
  ...{ runId: 'r1', started: NOW, received: NOW, durationMs: 80, outcome: 'failed' as const, error: 'It broke' },
  ...{ cost: 0.25, inputTokens: 7, outputTokens: null, key: null, traceUrl: 'https://traces.example.com/1' },
  ...{ input: '{"ticket":7}', output: null, workflow, version, environment: staging },
};

const settingsLayer = {
  number: 3,
  changedBy: 'U0ADA',
  at: NOW,
  listed: [{ name: 'Variable MODEL', value: '‘claude-opus’', managedByFile: true }],
  more: 0,
};

const proposal: SettingsProposalView = {
  ...{ id: 's1', status: 'open', environment: staging, workflow, fingerprint: 'f'.repeat(64), baseNumber: 2 },
  ...{ settings: { limits: { timeout: 30_000 } }, sentences: ['Timeout was added: 30s'], needs: 'Approval by 1 lead' },
  ...{ restores: 1, requestedBy: 'U0LEE', reason: 'Slower', requestedAt: NOW, expiresAt: NOW },
  ...{ closedAt: NOW, closedBy: 'U0ADA', closeReason: 'No' },
  approvals: [{ by: 'U0ADA', role: 'admin', at: NOW, counts: true }],
  canApprove: { userIds: ['U0ADA'], more: false },
};
const revision: SettingsRevision = {
  ...{ id: 'r1', environmentId: staging.id, workflowId: null, number: 3, settings: { model: 'claude-opus' } },
  ...{ changedBy: 'U0ADA', via: 'file', reason: null, restores: 1, managed: ['model'], at: NOW },
};

const EXAMPLE_WORK = JSON.stringify({
  ...{ workflow: 'summarize-flow', version: 12, environment: 'staging', definition: {}, input: 'x', shadow: false },
  limits: { timeoutMs: 60_000, retries: 0, cost: null },
});

/** Use cases that answer everything with one example, every field filled in. */
export const exampleUseCases: ApiUseCases = {
  pushVersion: async () => ({
    workflow,
    version,
    created: true,
    workflowCreated: false,
    diff,
    masked: { secrets: [{ kind: 'api-key', path: 'steps[0].task', line: 7 }], more: 0 },
  }),
  recordCheck: async () => ({
    ...{ workflow, version, environment: staging },
    results: [
      {
        ...{ id: 'c1', kind: 'tests', name: 'smoke', environmentId: staging.id, versionId: version.id, at: NOW },
        ...{ state: 'passed', source: 'api', passed: 9, failed: 1, by: 'token:ci', receivedAt: NOW },
      },
    ],
  }),
  answerGate: async () => ({ changed: true }),
  ...exampleChecks,
  ...exampleSuites,
  recordRuns: async () => ({
    accepted: 1,
    duplicates: 1,
    refused: [{ index: 0, code: 'unknown_version', detail: 'x v3 was never live in staging.' }],
  }),
  listRuns: async () => ({ items: [exampleRun], cursor: 'next' }),
  summarizeRuns: async () => ({
    workflow,
    since: NOW,
    figures: [
      {
        ...{ environment: staging, version, runs: 4, failed: 1, cancelled: 0, errorRate: 0.25, p50: 80, p95: 120 },
        ...{ cost: 0.5, inputTokens: 7, outputTokens: null, firstStarted: NOW, lastStarted: NOW },
      },
    ],
  }),
  registerAgent: async () => ({ ...AGENT, environment: { name: 'staging' } }),
  listAgents: async () => ({
    items: [{ ...AGENT, environment: { id: AGENT.environmentId, name: 'staging', badge: '' } }],
    cursor: null,
  }),
  executeWorkflow: async () => ({
    ...{ runId: 'r', workflow: 'summarize-flow', version, environment: 'staging', recorded: true },
    ...{
      output: { text: 'x' },
      cost: 0.01,
      tokens: { input: 7 },
      latencyMs: 12,
      trace: 'https://traces.example.com/1',
    },
  }),
  takeWork: async () => ({ id: 'w', message: EXAMPLE_WORK, until: NOW }),
  answerWork: async () => undefined,
  testFile: async () => ({
    ...{ workflow: 'summarize-flow', environment: 'development' },
    outcome: {
      ...{ suite: 'tests', end: 'completed', total: 1, passed: 1, failed: 0, notJudged: 0, errored: 0, notRun: 0 },
      ...{ passRate: 1, cost: 0.01, untoldCosts: 0, costPerRun: 0.01, p50: 80, p95: 120, scales: [] },
      cases: [{ name: 'short', state: 'passed', score: 1, assertions: [], output: 'x', cost: 0.01, latencyMs: 80 }],
    },
  }),
  readSecret: async () => ({ name: 'OPENAI_API_KEY', value: 'a key' }),
  showSource: async () => ({ source: '{"a": 1}', fileName: 'flow.json', isBundle: false }),
  deployVersion: async () => ({
    deployment: { id: 'd1', deployedBy: 'U0DEV', deployedAt: NOW, reason: null, active: true },
    workflow,
    environment: development,
    version,
    replaced: older,
    diff,
    next: staging,
  }),
  requestPromotion: async () => ({ kind: 'opened', promotion: examplePromotion }),
  previewPromotion: async () => ({
    ...examplePromotion,
    open: {
      ...{ promotionId: PROMOTION_ID, version: older, canary: null, deployAt: NOW },
      ...{ requestedBy: 'U0DEV', approvedBy: ['U0LEE'] },
    },
  }),
  showSettings: async () => ({
    environment: staging,
    channel: 'C0STAGING',
    webhooks: 1,
    number: 3,
    own: settingsLayer,
    workflows: [{ workflow, ...settingsLayer, number: 2 }],
    moreWorkflows: false,
    waiting: 1,
  }),
  proposeSettings: async () => ({ kind: 'proposed', proposal }),
  applyFile: async () => ({
    ...{ plan: 'p1', applied: true, operators: { places: ['defaultRole'], more: 1 } },
    layers: [
      { environment: staging, workflow, outcome: 'proposed', sentences: ['a'], refusal: null, number: 1, proposal },
      {
        ...{ environment: staging, workflow: null, outcome: 'refused', sentences: [], number: 0, proposal: null },
        refusal: { code: 'does_not_fill', message: 'No.' },
      },
    ],
    missing: { workflows: [{ environment: 'staging', workflow: 'later' }], more: 0 },
  }),
  rollBackSettings: async () => ({ kind: 'applied', number: 4, proposal }),
  showSettingsLayer: async () => ({
    ...{ environment: staging, workflow, number: 3, settings: { runner: 'edge' }, managed: ['runner'], proposal },
  }),
  listSettingsRevisions: async () => ({ items: [revision], cursor: 'next' }),
  compareSettings: async () => ({
    from: development,
    to: staging,
    differences: [{ workflow: null, name: 'Variable MODEL', from: null, to: '‘claude-opus’' }],
    more: 0,
  }),
  previewRollback: async () => ({
    kind: 'rolls-back',
    alsoAborts: null,
    workflow,
    environment: staging,
    deploymentId: PROMOTION_ID,
    removed: version,
    restored: older,
    diff,
  }),
  rollBack: async () => ({ kind: 'rolled-back', receipt: exampleRollback, aborted: older }),
  showRollout: async () => exampleRollout,
  changeRollout: async () => exampleRolloutReceipt,
  finishRollout: async () => ({ ...exampleRolloutReceipt, act: 'finished', before: null, superseded: older }),
  abortRollout: async () => ({ ...exampleRolloutReceipt, act: 'aborted', before: null, undoUntil: NOW }),
  showStatus: async () => ({
    items: [
      {
        workflow: { ...workflow, ownerId: 'U0DEV' },
        newest: { ...version, stage: 'testing' },
        environments: [
          { environment: development, live: { version, deployedBy: 'U0DEV', since: NOW }, candidate: null, open: null },
          {
            ...{ environment: staging, live: null, candidate: null },
            open: { promotionId: PROMOTION_ID, version, requestedBy: 'U0DEV' },
          },
        ],
        quarantined: [older],
      },
    ],
    cursor: 'next-page',
  }),
  showHistory: async () => ({
    workflow,
    items: [
      {
        environment: staging,
        version,
        status: 'aborted',
        share: 50,
        deployedBy: 'U0LEE',
        deployedAt: NOW,
        endedAt: NOW,
        endedBy: 'U0LEE',
        promotionId: PROMOTION_ID,
        approvals: [{ by: 'U0LEE', role: 'lead', at: NOW }],
        changes: ['Model of ‘Summarise’ changed'],
        reason: null,
      },
    ],
    cursor: null,
  }),
  showVersion: async () => ({
    workflow,
    version,
    note: 'why',
    format: 'towpath',
    contentHash: 'c'.repeat(64),
    logicHash: 'd'.repeat(64),
    sourceCommit: null,
    createdAt: NOW,
    stage: 'testing',
    definition: { name: 'summarize-flow', steps: [] },
  }),
  showLive: async () => ({
    workflow,
    environment: staging,
    version: { ...version, contentHash: 'c'.repeat(64) },
    deployment: { id: 'd1', status: 'active', deployedAt: NOW, deployedBy: 'U0LEE', promotion: PROMOTION_ID },
    definition: { name: 'summarize-flow', steps: [] },
  }),
  compareVersions: async () => ({
    workflow,
    from: older,
    to: version,
    summary: diff,
    inEffect: { environment: 'production', lines: ['Model of ‘Summarise’ changed'], more: 0 },
    total: 4,
    changes: [
      { class: 'model', kind: 'changed', path: 'steps.summarize.model', sentence: 'Model changed', before: 'a' },
    ],
    blocks: [],
    code: { text: '-a\n+b', lines: [], truncated: false },
  }),
  compareContents: async () => ({
    before: flow(['a']),
    after: flow(['a', 'b']),
    diff: diffDefinitions(flow(['a']), flow(['a', 'b'])),
  }),
  showPromotion: async () => examplePromotion,
  listPromotions: async () => ({
    items: [{ ...examplePromotion, approvals: [{ by: 'U0LEE', role: 'lead', at: NOW }] }],
    cursor: null,
  }),
  ...exampleLogins,
  ...exampleHolds,
  listAudit: async () => ({
    items: [
      {
        seq: '12',
        at: NOW,
        actor: 'U0LEE',
        via: 'api',
        action: 'promotion.approved',
        subject: `promotion:${PROMOTION_ID}`,
        before: null,
        after: { status: 'open' },
        token: 'login-laptop-1',
      },
    ],
    cursor: '12',
  }),
};

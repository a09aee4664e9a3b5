import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Scope } from '../../../src/domain/token.ts';
import { FLOW, sourceOf } from '../use-cases/open-canal.ts';

/** One good request of a route, and what may make it. */
export interface Row {
  /** Each is enough. */
  scopes: readonly Scope[];
  /** In place of scopes: who alone may. `open`: everybody, without a token. */
  only?: 'person' | 'admin' | 'anybody' | 'open';
  /** What may vary is the environment that it asks about. */
  request: (environment: string) => { path: string; body?: unknown };
  /** What whoever may is answered. */
  right: number;
  /** Of routes for one environment, where that is not 404: what a token of another one is answered. */
  elsewhere?: (answer: { status: number; text: string }) => void;
}

export const NAME = 'production';
export const OTHER = 'staging';
/** An id that nothing has. */
const NOBODY = '11111111-1111-4111-8111-111111111111';
const flow = `/workflows/${FLOW}`;
const SUITE = 'cases: [{ name: a, input: x, assert: [{ type: contains, value: y }] }]';
const at = (environment: string, rest = '') => `${flow}/environments/${environment}${rest}`;
const run = (environment: string) => ({
  runs: [
    {
      runId: `run-${randomBytes(4).toString('hex')}`,
      ...{
        workflow: FLOW,
        version: 1,
        environment,
        started: new Date().toISOString(),
        durationMs: 5,
        outcome: 'succeeded',
      },
    },
  ],
});
/** Has a canary in both environments. */
export const CANARY_FLOW = 'canary-flow';
const canaryAt = (environment: string, rest = '') =>
  `/workflows/${CANARY_FLOW}/environments/${environment}/rollout${rest}`;
/** A promotion that is there, known once it is. */
export const there = { promotionId: '' };

/** Every route of the API. In this order the requests are made by who may, each leaving what the next one needs. */
export const ROUTES: Record<string, Row> = {
  'POST /login': {
    ...{ scopes: [], only: 'open', right: 201 },
    request: () => ({ path: '/login', body: { device: 'laptop' } }),
  },
  'POST /login/token': {
    ...{ scopes: [], only: 'open', right: 410 },
    request: () => ({ path: '/login/token', body: { deviceCode: 'A'.repeat(43) } }),
  },
  'POST /gates/answer': {
    ...{ scopes: [], only: 'open', right: 404 },
    request: () => ({ path: '/gates/answer', body: { token: 'tg_of-nobody', state: 'approved' } }),
  },
  'GET /whoami': { scopes: [], only: 'anybody', request: () => ({ path: '/whoami' }), right: 200 },
  'GET /tokens': { scopes: [], only: 'admin', request: () => ({ path: '/tokens' }), right: 200 },
  'POST /tokens': {
    ...{ scopes: [], only: 'admin', right: 201 },
    request: () => ({ path: '/tokens', body: { name: 'of-a-route', scopes: ['read'] } }),
  },
  'POST /tokens/{name}/rotate': {
    ...{ scopes: [], only: 'admin', right: 201 },
    request: () => ({ path: '/tokens/of-a-route/rotate', body: {} }),
  },
  'DELETE /tokens/{name}': {
    ...{ scopes: [], only: 'admin', right: 200 },
    request: () => ({ path: '/tokens/of-a-route' }),
  },
  // It was decided before, which only whoever may decide is told.
  'POST /promotions/{id}/approval': {
    ...{ scopes: [], only: 'person', right: 409 },
    request: () => ({ path: `/promotions/${there.promotionId}/approval`, body: { fingerprint: 'f' } }),
  },
  'POST /promotions/{id}/rejection': {
    ...{ scopes: [], only: 'person', right: 409 },
    request: () => ({ path: `/promotions/${there.promotionId}/rejection`, body: { reason: 'not yet' } }),
  },
  'PUT /promotions/{id}/checklist': {
    ...{ scopes: [], only: 'person', right: 409 },
    request: () => ({ path: `/promotions/${there.promotionId}/checklist`, body: { item: 'Rollback tested' } }),
  },
  'GET /holds': { scopes: ['read'], request: () => ({ path: '/holds' }), right: 200 },
  'POST /locks': {
    ...{ scopes: ['promote'], right: 201 },
    request: () => ({ path: '/locks', body: { workflow: CANARY_FLOW, reason: 'an audit', for: '1h' } }),
  },
  'DELETE /locks': {
    ...{ scopes: ['promote'], right: 200 },
    request: () => ({ path: `/locks?workflow=${CANARY_FLOW}` }),
  },
  'POST /environments/{environment}/freezes': {
    ...{ scopes: ['promote'], right: 201 },
    request: () => ({ path: `/environments/${OTHER}/freezes`, body: { reason: 'an audit', for: '1h' } }),
  },
  'DELETE /environments/{environment}/freezes': {
    ...{ scopes: ['promote'], right: 200 },
    request: () => ({ path: `/environments/${OTHER}/freezes` }),
  },
  'GET /workflows/{name}/environments/{environment}/why': {
    ...{ scopes: ['read'], right: 200 },
    request: () => ({ path: at(OTHER, '/why') }),
  },
  'GET /workflows': { scopes: ['read'], request: () => ({ path: '/workflows' }), right: 200 },
  'GET /workflows/{name}': { scopes: ['read'], request: () => ({ path: flow }), right: 200 },
  'GET /workflows/{name}/versions/{version}': {
    ...{ scopes: ['read'], right: 200 },
    request: () => ({ path: `${flow}/versions/1` }),
  },
  'GET /workflows/{name}/versions/{version}/source': {
    ...{ scopes: ['read'], right: 200 },
    request: () => ({ path: `${flow}/versions/1/source` }),
  },
  'GET /workflows/{name}/diff': {
    ...{ scopes: ['read'], right: 200 },
    request: () => ({ path: `${flow}/diff?from=1&to=2` }),
  },
  'GET /workflows/{name}/environments/{environment}': {
    ...{ scopes: ['read', 'resolve'], right: 200 },
    request: (environment) => ({ path: at(environment) }),
  },
  'GET /workflows/{name}/environments/{environment}/deployments': {
    ...{ scopes: ['read'], right: 200 },
    request: (environment) => ({ path: at(environment, '/deployments') }),
  },
  'GET /workflows/{name}/environments/{environment}/resolved': {
    ...{ scopes: ['resolve'], right: 200 },
    request: (environment) => ({ path: at(environment, '/resolved') }),
  },
  'GET /workflows/{name}/resolve': {
    ...{ scopes: ['resolve'], right: 200 },
    request: (environment) => ({ path: `${flow}/resolve?environment=${environment}` }),
  },
  'GET /workflows/{name}/environments/{environment}/secrets/{secret}': {
    ...{ scopes: ['secrets:read'], right: 200 },
    request: (environment) => ({ path: at(environment, '/secrets/MODEL_KEY') }),
  },
  'GET /stream': {
    ...{ scopes: ['resolve'], right: 200 },
    request: (environment) => ({ path: `/stream?environment=${environment}` }),
  },
  'POST /runs': {
    ...{ scopes: ['runs'], right: 200 },
    request: (environment) => ({ path: '/runs', body: run(environment) }),
    elsewhere: ({ status, text }) => {
      expect(status).toBe(207);
      expect(JSON.parse(text)).toMatchObject({
        accepted: 0,
        refused: [{ code: expect.stringMatching(/^unknown_|nothing/) }],
      });
    },
  },
  'GET /runs': {
    ...{ scopes: ['runs', 'read'], right: 200 },
    request: (environment) => ({ path: `/runs?environment=${environment}` }),
  },
  'GET /runs/summary': {
    ...{ scopes: ['runs', 'read'], right: 200 },
    request: (environment) => ({ path: `/runs/summary?workflow=${FLOW}&environment=${environment}` }),
  },
  // Its settings have no runner.
  'POST /workflows/{name}/execute': {
    ...{ scopes: ['execute'], right: 409 },
    request: (environment) => ({ path: `${flow}/execute?environment=${environment}`, body: { inputs: { text: 'x' } } }),
  },
  'POST /agents': {
    ...{ scopes: ['agents'], right: 200 },
    request: () => ({ path: '/agents', body: { name: 'runner-1' } }),
    // It names none: each registers in its own.
    elsewhere: ({ status, text }) => expect([status, JSON.parse(text).environment]).toEqual([200, OTHER]),
  },
  'POST /agents/{name}/work': {
    ...{ scopes: ['agents'], right: 204 },
    request: () => ({ path: '/agents/runner-1/work', body: { wait: 0 } }),
    // Each is given the runs of its own.
    elsewhere: ({ status, text }) => expect([status, text]).toEqual([204, '']),
  },
  'POST /work/{id}/result': {
    ...{ scopes: ['agents'], right: 404 },
    request: () => ({ path: '/work/00000000-0000-4000-8000-000000000000/result', body: { output: 'x' } }),
  },
  'GET /agents': {
    ...{ scopes: ['agents', 'read'], right: 200 },
    request: (environment) => ({ path: `/agents?environment=${environment}` }),
  },
  'GET /workflows/{name}/deployments': {
    ...{ scopes: ['read'], right: 200 },
    request: () => ({ path: `${flow}/deployments` }),
  },
  'GET /environments/{environment}/settings': {
    ...{ scopes: ['read'], right: 200 },
    request: () => ({ path: `/environments/${OTHER}/settings` }),
  },
  'PUT /environments/{environment}/settings': {
    ...{ scopes: ['deploy'], right: 200 },
    request: () => ({ path: '/environments/development/settings', body: { settings: { runner: 'edge' } } }),
  },
  'GET /environments/{environment}/settings/revisions': {
    ...{ scopes: ['read'], right: 200 },
    request: () => ({ path: `/environments/${OTHER}/settings/revisions` }),
  },
  'PUT /workflows/{name}/environments/{environment}/settings': {
    ...{ scopes: ['deploy'], right: 202 },
    request: () => ({ path: at(OTHER, '/settings'), body: { settings: { runner: 'edge' } } }),
  },
  'GET /workflows/{name}/environments/{environment}/settings': {
    ...{ scopes: ['read'], right: 200 },
    request: () => ({ path: at(OTHER, '/settings') }),
  },
  'GET /workflows/{name}/environments/{environment}/settings/revisions': {
    ...{ scopes: ['read'], right: 200 },
    request: () => ({ path: at(OTHER, '/settings/revisions') }),
  },
  'POST /apply': {
    ...{ scopes: ['deploy'], right: 200 },
    request: () => ({ path: '/apply', body: { file: 'defaultRole: viewer\n', dryRun: true } }),
  },
  'GET /settings/diff': {
    ...{ scopes: ['read'], right: 200 },
    request: () => ({ path: `/settings/diff?from=${OTHER}&to=${NAME}` }),
  },
  'GET /promotions': { scopes: ['read'], request: () => ({ path: '/promotions' }), right: 200 },
  'GET /promotions/{id}': {
    ...{ scopes: ['read'], right: 200 },
    request: () => ({ path: `/promotions/${there.promotionId}` }),
  },
  'GET /audit': { scopes: ['read'], request: () => ({ path: '/audit' }), right: 200 },
  'GET /workflows/{name}/environments/{environment}/promotion': {
    ...{ scopes: ['read', 'promote'], right: 200 },
    request: () => ({ path: at(OTHER, '/promotion') }),
  },
  'POST /promotions': {
    ...{ scopes: ['promote'], right: 201 },
    request: () => ({ path: '/promotions', body: { workflow: FLOW, environment: OTHER } }),
  },
  'GET /workflows/{name}/environments/{environment}/rollout': {
    ...{ scopes: ['read'], right: 200 },
    request: (environment) => ({ path: canaryAt(environment) }),
  },
  'PATCH /workflows/{name}/environments/{environment}/rollout': {
    ...{ scopes: ['promote'], right: 200 },
    request: (environment) => ({ path: canaryAt(environment), body: { share: 50 } }),
  },
  'POST /workflows/{name}/environments/{environment}/rollout/abort': {
    ...{ scopes: ['promote'], right: 200 },
    request: (environment) => ({ path: canaryAt(environment, '/abort'), body: {} }),
  },
  'POST /workflows/{name}/environments/{environment}/rollout/finish': {
    ...{ scopes: ['promote'], right: 200 },
    request: () => ({ path: canaryAt(OTHER, '/finish'), body: {} }),
  },
  'GET /workflows/{name}/environments/{environment}/rollback': {
    ...{ scopes: ['read', 'promote'], right: 200 },
    request: (environment) => ({ path: at(environment, '/rollback') }),
  },
  'POST /workflows/{name}/environments/{environment}/rollback': {
    ...{ scopes: ['promote'], right: 201 },
    request: (environment) => ({ path: at(environment, '/rollback'), body: {} }),
  },
  'POST /workflows/{name}/versions': {
    ...{ scopes: ['push'], right: 201 },
    request: () => ({ path: `${flow}/versions`, body: { source: sourceOf('by a token') } }),
  },
  'GET /workflows/{name}/versions/{version}/checks': {
    ...{ scopes: ['read'], right: 200 },
    request: () => ({ path: `${flow}/versions/1/checks` }),
  },
  'GET /checks/{id}': {
    ...{ scopes: ['read'], right: 404 },
    request: () => ({ path: `/checks/${NOBODY}` }),
  },
  'POST /workflows/{name}/versions/{version}/checks': {
    ...{ scopes: ['checks'], right: 201 },
    request: () => ({
      path: `${flow}/versions/1/checks`,
      body: { kind: 'tests', environment: OTHER, passed: 9, failed: 1 },
    }),
  },
  'PUT /workflows/{name}/suite': {
    ...{ scopes: ['push'], right: 200 },
    request: () => ({ path: `${flow}/suite`, body: { source: SUITE } }),
  },
  'GET /workflows/{name}/suite': { scopes: ['read'], request: () => ({ path: `${flow}/suite` }), right: 200 },
  // Development has no runner.
  'POST /workflows/{name}/tests': {
    ...{ scopes: ['push'], right: 409 },
    request: () => ({ path: `${flow}/tests`, body: {} }),
  },
  'GET /workflows/{name}/tests': { scopes: ['read'], request: () => ({ path: `${flow}/tests` }), right: 200 },
  'GET /workflows/{name}/tests/{id}': {
    ...{ scopes: ['read'], right: 404 },
    request: () => ({ path: `${flow}/tests/00000000-0000-4000-8000-000000000000` }),
  },
  'DELETE /workflows/{name}/tests/{id}': {
    ...{ scopes: ['push'], right: 404 },
    request: () => ({ path: `${flow}/tests/00000000-0000-4000-8000-000000000000` }),
  },
  // Development has no runner.
  'POST /tests': {
    ...{ scopes: ['push'], right: 409 },
    request: () => ({
      path: '/tests',
      body: {
        source: sourceOf('tested'),
        suite: SUITE,
      },
    }),
  },
  'POST /workflows/{name}/deployments': {
    ...{ scopes: ['deploy'], right: 201 },
    request: () => ({ path: `${flow}/deployments`, body: {} }),
  },
  // The last one: it ends the token that it is asked by.
  'DELETE /login': { scopes: [], only: 'person', request: () => ({ path: '/login' }), right: 200 },
};

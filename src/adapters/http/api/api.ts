import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../../../domain/refusal.ts';
import { answerError, answerNotFound } from '../answer-problem.ts';
import { type AuthenticateOptions, makeAuthenticate } from '../authenticate.ts';
import type { Principal } from '../principal.ts';
import { demandScope, demandTakes, holdToEnvironment } from '../takes.ts';
import { agentRoutes } from './agent-routes.ts';
import type { ApiContext, ApiServer } from './api-context.ts';
import { applyRoute } from './apply-route.ts';
import { auditRoutes } from './audit-routes.ts';
import { checkListRoutes } from './check-list-routes.ts';
import { checkRoutes } from './check-routes.ts';
import { checklistRoute } from './checklist-route.ts';
import { decisionRoutes } from './decision-routes.ts';
import { deployRoute } from './deploy-route.ts';
import { diffRoute } from './diff-route.ts';
import { environmentRoutes } from './environment-routes.ts';
import { executeRoute } from './execute-route.ts';
import { fileTestRoute } from './file-test-route.ts';
import { gateRoutes } from './gate-routes.ts';
import { holdRoutes } from './hold-routes.ts';
import { loginRoutes } from './login-routes.ts';
import { describeApi } from './openapi.ts';
import { previewRoutes } from './preview-routes.ts';
import { promotionRoutes } from './promotion-routes.ts';
import { pushRoute } from './push-route.ts';
import { resolveRoutes } from './resolve-routes.ts';
import { rollbackRoutes } from './rollback-routes.ts';
import { rolloutRoutes } from './rollout-routes.ts';
import { runRoutes } from './run-routes.ts';
import { secretRoute } from './secret-route.ts';
import { sessionRoutes } from './session-routes.ts';
import { settingsChangeRoutes } from './settings-change-routes.ts';
import { settingsRoutes } from './settings-routes.ts';
import { sourceRoute } from './source-route.ts';
import { streamRoute } from './stream-route.ts';
import { suiteRoutes } from './suite-routes.ts';
import { tokenRoutes } from './token-routes.ts';
import { versionRoutes } from './version-routes.ts';
import { workRoutes } from './work-routes.ts';
import { workflowRoutes } from './workflow-routes.ts';

/** `/api/v1`: the token is checked before a body is read; open to everybody is only the document that describes it all, and how
 * a person logs a program in. */
export async function api(instance: FastifyInstance, options: ApiContext & AuthenticateOptions): Promise<void> {
  const app = instance as ApiServer;
  await describeApi(app);
  let document: string | undefined;
  app.get('/openapi.json', { schema: { hide: true } as never }, (_request, reply) => {
    document ??= JSON.stringify(app.swagger());
    return reply.type('application/json').header('cache-control', 'public, max-age=300').send(document);
  });
  await app.register(async (inner) => loginRoutes(inner as ApiServer, options));
  await app.register(async (inner) => gateRoutes(inner as ApiServer, options));
  await app.register((inner) => authenticated(inner as ApiServer, options));
}

async function authenticated(
  app: ApiServer,
  { apiToken, tokens, ...context }: ApiContext & AuthenticateOptions,
): Promise<void> {
  guard(app, { apiToken, ...(tokens === undefined ? {} : { tokens }) });
  app.setNotFoundHandler(answerNotFound);
  workflowRoutes(app, context);
  versionRoutes(app, context);
  sourceRoute(app, context);
  diffRoute(app, context);
  environmentRoutes(app, context);
  deployRoute(app, context);
  promotionRoutes(app, context);
  decisionRoutes(app, context);
  checklistRoute(app, context);
  checkListRoutes(app, context);
  holdRoutes(app, context);
  previewRoutes(app, context);
  rollbackRoutes(app, context);
  rolloutRoutes(app, context);
  settingsRoutes(app, context);
  settingsChangeRoutes(app, context);
  applyRoute(app, context);
  auditRoutes(app, context);
  resolveRoutes(app, context);
  streamRoute(app, context);
  runRoutes(app, context);
  secretRoute(app, context);
  agentRoutes(app, context);
  executeRoute(app, context);
  workRoutes(app, context);
  fileTestRoute(app, context);
  suiteRoutes(app, context);
  tokenRoutes(app, context);
  sessionRoutes(app, context);
  await app.register((inner) => pushRoute(inner as ApiServer, context));
  await app.register((inner) => checkRoutes(inner as ApiServer, context));
}

/** Whose each request is, and what they may: nothing registered afterwards can do without. */
function guard(app: ApiServer, options: AuthenticateOptions): void {
  const authenticate = makeAuthenticate(options);
  app.decorateRequest('principal');
  app.addHook('onRoute', demandTakes);
  // With a callback: a remembered token costs no promise.
  app.addHook('onRequest', (request, _reply, done) => {
    const letIn = (principal: Principal) => {
      request.principal = principal;
      demandScope(request as unknown as FastifyRequest);
      done();
    };
    try {
      const found = authenticate(request);
      if (found instanceof Promise) found.then(letIn).catch(done);
      else letIn(found);
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('preHandler', (request, _reply, done) => {
    try {
      holdToEnvironment(request as unknown as FastifyRequest);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  app.setErrorHandler((error, request, reply) =>
    answerError(asSeen(error, request.principal), request as never, reply as never),
  );
}

const TELLING = new Set(['unknown_workflow', 'nothing_active']);

/** Who sees one environment is not told what there is elsewhere: a workflow that is not live there is as good as none. */
function asSeen(error: unknown, principal: Principal | undefined): unknown {
  const isTelling = error instanceof Refusal && TELLING.has(error.code);
  if (!isTelling || principal?.environment == null) return error;
  return new Refusal('nothing_active', `Nothing of that name is live in ${principal.environment.name}.`);
}

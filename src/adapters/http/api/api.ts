import type { FastifyInstance } from 'fastify';
import { answerNotFound } from '../answer-problem.ts';
import { makeAuthenticate } from '../authenticate.ts';
import type { ApiContext, ApiServer } from './api-context.ts';
import { auditRoutes } from './audit-routes.ts';
import { deployRoute } from './deploy-route.ts';
import { diffRoute } from './diff-route.ts';
import { environmentRoutes } from './environment-routes.ts';
import { describeApi } from './openapi.ts';
import { promotionRoutes } from './promotion-routes.ts';
import { pushRoute } from './push-route.ts';
import { sourceRoute } from './source-route.ts';
import { versionRoutes } from './version-routes.ts';
import { workflowRoutes } from './workflow-routes.ts';

/** `/api/v1`: the token is checked before a body is read; only the document that describes it all is open to everybody. */
export async function api(instance: FastifyInstance, options: ApiContext & { apiToken: string | null }): Promise<void> {
  const app = instance as ApiServer;
  await describeApi(app);
  let document: string | undefined;
  app.get('/openapi.json', { schema: { hide: true } as never }, (_request, reply) => {
    document ??= JSON.stringify(app.swagger());
    return reply.type('application/json').header('cache-control', 'public, max-age=300').send(document);
  });
  await app.register((inner) => authenticated(inner as ApiServer, options));
}

async function authenticated(
  app: ApiServer,
  { apiToken, ...context }: ApiContext & { apiToken: string | null },
): Promise<void> {
  const authenticate = makeAuthenticate(apiToken);
  app.addHook('onRequest', async (request) => authenticate(request));
  app.setNotFoundHandler(answerNotFound);
  workflowRoutes(app, context);
  versionRoutes(app, context);
  sourceRoute(app, context);
  diffRoute(app, context);
  environmentRoutes(app, context);
  deployRoute(app, context);
  promotionRoutes(app, context);
  auditRoutes(app, context);
  await app.register((inner) => pushRoute(inner as ApiServer, context));
}

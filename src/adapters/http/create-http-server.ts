import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Pictures } from '../../use-cases/ports/pictures.ts';
import type { UseCases } from '../../use-cases/use-cases.ts';
import { answerError, answerNotFound } from './answer-problem.ts';
import { api } from './api/api.ts';
import type { ApiUseCases, DataPlane } from './api/api-context.ts';
import { type AuthenticateOptions, makeAuthenticate } from './authenticate.ts';
import { diffPageRoutes } from './diff-page/diff-page.ts';
import { healthRoutes, type Readiness } from './health-routes.ts';
import type { Metrics } from './metrics.ts';
import { openQuickLane } from './quick-lane.ts';
import { securityHeaders } from './security-headers.ts';
import { type SlackListener, slackMount } from './slack-mount.ts';

export interface HttpServerOptions {
  useCases: ApiUseCases & Pick<UseCases, 'showWideDiff'>;
  /** `apiToken` null: without kept tokens the API answers 401 and says how to set one. */
  api: { workspaceId: string } & AuthenticateOptions;
  pictures: Pictures;
  dataPlane: DataPlane;
  /** What links to the page of a comparison are signed with. */
  linkKey: Uint8Array;
  /** Left out in Socket Mode. */
  slackListener?: SlackListener;
  ready: () => Promise<Readiness>;
  metrics: Metrics;
  log: FastifyBaseLogger;
}

export interface HttpServer {
  /** Starts listening. Returns the port, which is a free one where 0 was asked for. */
  listen(at: { port: number; host: string }): Promise<number>;
  /** Stops accepting, waits for what is being answered (at most `grace` milliseconds, 8 seconds unless told) and closes. */
  stop(grace?: number): Promise<void>;
}

/** Milliseconds. A request must arrive, and be answered, within these; a slower one is cut off. */
const LIMITS = { headers: 10_000, request: 30_000, handler: 30_000, idleSocket: 60_000, keepAlive: 70_000 };
const GRACE = 8_000;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered from memory nearly always: it has no time limit of its own, and no logger for each request. */
    isQuick?: true;
  }
}

/** Everything that is reached by HTTP: Slack's requests, the API, health and metrics. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const app: FastifyInstance = fastify({
    loggerInstance: options.log,
    // Fastify's own lines hold the whole address, query and all; `observe` logs the route instead.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: 64 * 1024,
    connectionTimeout: LIMITS.idleSocket,
    keepAliveTimeout: LIMITS.keepAlive,
    requestTimeout: LIMITS.request,
    http: { headersTimeout: LIMITS.headers, connectionsCheckingInterval: 5_000 },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => void answerError(error, request as never, reply as never),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  // A timer a request is most of what an answer costs that is there already: `isQuick` goes without.
  app.addHook('onRoute', (route) => {
    if (route.config?.isQuick !== true) route.handlerTimeout ??= LIMITS.handler;
  });
  securityHeaders(app);
  observe(app, options.metrics);
  healthRoutes(app, options);
  if (options.slackListener !== undefined) await app.register(slackMount, { listener: options.slackListener });
  const { useCases, pictures, linkKey, dataPlane } = options;
  // Streams end by themselves at no time.
  app.addHook('preClose', async () => dataPlane.stream.close());
  await app.register(api, { prefix: '/api/v1', ...options.api, useCases, pictures, dataPlane });
  await app.register(diffPageRoutes, { useCases, pictures, linkKey, workspaceId: options.api.workspaceId });
  await app.ready();
  const closeLane = openQuickLane(app.server, {
    ...{ answers: dataPlane.answers, metrics: options.metrics },
    authenticate: makeAuthenticate(options.api),
  });
  return {
    async listen(at) {
      await app.listen(at);
      return (app.server.address() as AddressInfo).port;
    },
    stop: (grace = GRACE) => {
      closeLane();
      return stop(app, grace);
    },
  };
}

function observe(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    done();
    const route = request.routeOptions.url ?? 'none';
    metrics.requestAnswered({
      method: request.method,
      route,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1_000,
    });
    request.log.debug(
      { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
  });
}

async function stop(app: FastifyInstance, grace: number): Promise<void> {
  const cutOff = setTimeout(() => app.server.closeAllConnections(), grace);
  // An answer that is on its way keeps its connection open afterwards; closing those that fell idle lets the server end.
  const sweep = setInterval(() => app.server.closeIdleConnections(), 50);
  try {
    await app.close();
  } finally {
    clearTimeout(cutOff);
    clearInterval(sweep);
  }
}

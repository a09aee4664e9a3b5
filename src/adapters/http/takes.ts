import type { FastifyRequest, RouteOptions } from 'fastify';
import { ENVIRONMENT_SCOPES, type Scope } from '../../domain/token.ts';
import { may, seenEnvironment } from './principal.ts';
import { RequestProblem } from './request-problem.ts';

/**
 * Where a route is told its environment, as `environment`. A token with an environment is held to its own there. `handler`: the
 * route does so itself, by `seenEnvironment`.
 */
export type EnvironmentPlace = 'params' | 'query' | 'body' | 'handler';

/** What a route asks of a token. */
export interface Takes {
  /** One of these is enough. */
  readonly scopes: readonly Scope[];
  /** Left out: the route is not about one environment, and closed to tokens that are. */
  readonly environment?: EnvironmentPlace;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    takes?: Takes;
  }
}

/** Beside a route's schema: `config: takes('read')`. A route of the API without it can't be registered. */
export function takes(
  scopes: Scope | readonly Scope[],
  place: { environment?: EnvironmentPlace } = {},
): { takes: Takes } {
  return { takes: { scopes: typeof scopes === 'string' ? [scopes] : scopes, ...place } };
}

/**
 * An `onRoute` hook: fails the start for a route that does not say what it takes, and tells it in the OpenAPI document.
 * @throws Error
 */
export function demandTakes(route: RouteOptions): void {
  const declared = route.config?.takes;
  if (declared === undefined || declared.scopes.length === 0)
    throw new Error(`${route.method} ${route.url} does not say which scope it takes: config: takes(…).`);
  const isOfEnvironments = declared.scopes.some((scope) => (ENVIRONMENT_SCOPES as readonly Scope[]).includes(scope));
  if (isOfEnvironments !== (declared.environment !== undefined))
    throw new Error(`${route.method} ${route.url} has to say where its environment is named, if it has one.`);
  const described = route.schema as { security?: Record<string, Scope[]>[] } | undefined;
  if (described !== undefined) described.security = declared.scopes.map((scope) => ({ token: [scope] }));
}

/** Before a body is read. @throws RequestProblem insufficient_scope */
export function demandScope(request: FastifyRequest): void {
  const declared = request.routeOptions.config.takes;
  // Without: nothing is there, and everybody may be told so.
  if (declared === undefined || may(request.principal, declared.scopes)) return;
  throw new RequestProblem(
    'insufficient_scope',
    `This takes a token with the scope ${declared.scopes.join(' or ')}. An admin makes one with \`/towpath token create\`.`,
  );
}

/**
 * Once a request was read: who sees one environment alone is shown no other, and names it by no word that another one could have.
 * @throws Refusal unknown_environment
 */
export function holdToEnvironment(request: FastifyRequest): void {
  const place = request.routeOptions.config.takes?.environment;
  if (request.principal.environment === null || place === undefined || place === 'handler') return;
  const named = request[place] as { environment?: string };
  named.environment = seenEnvironment(request.principal, named.environment) as string;
}

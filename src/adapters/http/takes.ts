import type { FastifyRequest, RouteOptions } from 'fastify';
import { ENVIRONMENT_SCOPES, PERSONAL_SCOPES, type Scope } from '../../domain/token.ts';
import { may, type Principal, seenEnvironment } from './principal.ts';
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
  /** In place of scopes: who alone may. */
  readonly only?: Only;
}

/**
 * `person`: somebody's own token. `admin`: the operator's or somebody's own; that they are an admin, the use case asks. `anybody`:
 * every token that is good.
 */
export type Only = 'person' | 'admin' | 'anybody';

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

/** Of a route that no scope opens. */
export function takesOnly(only: Only): { takes: Takes } {
  return { takes: { scopes: [], only } };
}

/**
 * An `onRoute` hook: fails the start for a route that does not say what it takes, and tells it in the OpenAPI document.
 * @throws Error
 */
export function demandTakes(route: RouteOptions): void {
  const declared = route.config?.takes;
  if (declared === undefined || (declared.scopes.length === 0 && declared.only === undefined))
    throw new Error(`${route.method} ${route.url} does not say which scope it takes: config: takes(…).`);
  const isOfEnvironments = declared.scopes.some((scope) => (ENVIRONMENT_SCOPES as readonly Scope[]).includes(scope));
  if (isOfEnvironments !== (declared.environment !== undefined))
    throw new Error(`${route.method} ${route.url} has to say where its environment is named, if it has one.`);
  const described = route.schema as { security?: Record<string, Scope[]>[] } | undefined;
  if (described !== undefined) described.security = securityOf(declared);
}

/** As the OpenAPI document says it. */
function securityOf({ scopes, only }: Takes): Record<string, Scope[]>[] {
  if (only !== undefined) return only === 'person' ? [{ person: [] }] : [{ token: [] }, { person: [] }];
  const isPersons = scopes.some((scope) => (PERSONAL_SCOPES as readonly Scope[]).includes(scope));
  return [...scopes.map((scope) => ({ token: [scope] })), ...(isPersons ? [{ person: [] }] : [])];
}

/** Before a body is read. @throws RequestProblem insufficient_scope */
export function demandScope(request: FastifyRequest): void {
  const declared = request.routeOptions.config.takes;
  // Without: nothing is there, and everybody may be told so.
  if (declared === undefined) return;
  if (declared.only !== undefined) demandOnly(request.principal, declared.only);
  else if (!may(request.principal, declared.scopes)) throw lacksScope(declared.scopes);
}

function lacksScope(scopes: readonly Scope[]): RequestProblem {
  return new RequestProblem(
    'insufficient_scope',
    `This takes a token with the scope ${scopes.join(' or ')}. An admin makes one with \`/towpath token create\`.`,
  );
}

/** A token never approves, nor makes others, unless a person acts by it (rule 4). @throws RequestProblem insufficient_scope */
function demandOnly({ token }: Principal, only: Only): void {
  if (only === 'anybody' || token?.isPersonal === true || (only === 'admin' && token === null)) return;
  throw new RequestProblem(
    'insufficient_scope',
    only === 'person'
      ? 'Only a person can do this, in Slack or logged in by `towpath login`.'
      : 'Only an admin can do this, in Slack or logged in by `towpath login`, or the operator by TOWPATH_API_TOKEN.',
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

import type { ActingToken, Actor } from '../../domain/actor.ts';
import { type Environment, getEnvironment } from '../../domain/environment.ts';
import { PERSONAL_SCOPES, type Scope } from '../../domain/token.ts';
import type { KnownToken } from '../../use-cases/ports/tokens.ts';
import { RequestProblem } from './request-problem.ts';

/** Whose request it is: the operator's, by `TOWPATH_API_TOKEN`, or a kept token's. */
export interface Principal {
  /** Null: the operator's, which may everything. */
  readonly token: Pick<KnownToken, 'id' | 'name' | 'scopes' | 'createdBy' | 'isPersonal' | 'expiresAt'> | null;
  /** The one environment that it sees; null: all of them. */
  readonly environment: Pick<Environment, 'id' | 'name' | 'aliases'> | null;
  /** Whether it would still be let in, for what goes on after the request began. Never rejects. */
  stillGood(): boolean | Promise<boolean>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route of the API that takes a token. */
    principal: Principal;
  }
}

export function may(principal: Principal, scopes: readonly Scope[]): boolean {
  const { token } = principal;
  if (token === null) return true;
  const own: readonly Scope[] = token.isPersonal ? PERSONAL_SCOPES : token.scopes;
  return scopes.some((scope) => own.includes(scope));
}

/**
 * The environment that a request names, as the one who asks may see it. For a token with an environment all others do not exist,
 * and leaving it out means its own.
 *
 * @returns the word itself for who sees all of them
 * @throws Refusal unknown_environment
 */
export function seenEnvironment(principal: Principal, word: string): string;
export function seenEnvironment(principal: Principal, word: string | undefined): string | undefined;
export function seenEnvironment({ environment }: Principal, word: string | undefined): string | undefined {
  if (environment === null) return word;
  return word === undefined ? environment.name : getEnvironment([environment], word).name;
}

/**
 * Who acts. The operator's token may name a person; an application's and a person's own act as their creator, whose role is looked
 * up at the act (rule 4); a token that runs workflows acts as itself, which no rule takes for a person.
 *
 * @throws RequestProblem not_permitted where a token names another person
 */
export function actingFor(workspaceId: string, { token, environment }: Principal, onBehalfOf?: string): Actor {
  if (token === null) return { workspaceId, userId: onBehalfOf ?? 'api', via: 'api' };
  const by: ActingToken = { name: token.name, isPersonal: token.isPersonal };
  if (environment !== null) return { workspaceId, userId: `token:${token.name}`, via: 'api', token: by };
  if (onBehalfOf === undefined || onBehalfOf === token.createdBy)
    return { workspaceId, userId: token.createdBy, via: 'api', token: by };
  throw new RequestProblem(
    'not_permitted',
    'This token acts in the name of whoever made it. Leave out “onBehalfOf”, or use a token of that person.',
  );
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Actor } from '../../../domain/actor.ts';
import type { Pictures } from '../../../use-cases/ports/pictures.ts';
import type { UseCases } from '../../../use-cases/use-cases.ts';

/** What the API can do. Approving is left out on purpose: a token never approves (rule 4). */
export type ApiUseCases = Pick<
  UseCases,
  | 'pushVersion'
  | 'deployVersion'
  | 'requestPromotion'
  | 'showStatus'
  | 'showHistory'
  | 'showVersion'
  | 'showSource'
  | 'showLive'
  | 'compareVersions'
  | 'compareContents'
  | 'showPromotion'
  | 'listPromotions'
  | 'listAudit'
>;

export interface ApiContext {
  useCases: ApiUseCases;
  workspaceId: string;
  pictures: Pictures;
}

/** A part of the API's routes. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Who acts: the person in whose name the token's holder asks, or the token itself. */
export function actorOf({ workspaceId }: ApiContext, onBehalfOf?: string): Actor {
  return { workspaceId, userId: onBehalfOf ?? 'api', via: 'api' };
}

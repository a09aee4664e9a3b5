import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Actor } from '../../../domain/actor.ts';
import type { ChangeStream, ReadyAnswers } from '../../../use-cases/ports/data-plane.ts';
import type { Pictures } from '../../../use-cases/ports/pictures.ts';
import type { UseCases } from '../../../use-cases/use-cases.ts';
import { actingFor, type Principal } from '../principal.ts';
import { InvalidRequest } from '../request-problem.ts';

/** What the API can do. What only people decide is told from what tokens may by `takesOnly` and by the use cases (rule 4). */
export type ApiUseCases = Pick<
  UseCases,
  | 'pushVersion'
  | 'deployVersion'
  | 'requestPromotion'
  | 'previewPromotion'
  | 'rollBack'
  | 'previewRollback'
  | 'showRollout'
  | 'changeRollout'
  | 'finishRollout'
  | 'abortRollout'
  | 'approvePromotion'
  | 'rejectPromotion'
  | 'lock'
  | 'unlock'
  | 'freeze'
  | 'unfreeze'
  | 'listHolds'
  | 'tickItem'
  | 'untickItem'
  | 'explainPromotion'
  | 'recordCheck'
  | 'listChecks'
  | 'showCheck'
  | 'answerGate'
  | 'startLogin'
  | 'collectLogin'
  | 'endLogin'
  | 'whoAmI'
  | 'createToken'
  | 'rotateToken'
  | 'revokeToken'
  | 'listTokens'
  | 'showSettings'
  | 'compareSettings'
  | 'proposeSettings'
  | 'rollBackSettings'
  | 'applyFile'
  | 'showSettingsLayer'
  | 'listSettingsRevisions'
  | 'showStatus'
  | 'showHistory'
  | 'showVersion'
  | 'showSource'
  | 'readSecret'
  | 'registerAgent'
  | 'executeWorkflow'
  | 'takeWork'
  | 'answerWork'
  | 'testFile'
  | 'saveSuite'
  | 'showSuite'
  | 'testVersion'
  | 'showSuiteRun'
  | 'listSuiteRuns'
  | 'stopSuiteRun'
  | 'listAgents'
  | 'showLive'
  | 'compareVersions'
  | 'compareContents'
  | 'showPromotion'
  | 'listPromotions'
  | 'listAudit'
  | 'recordRuns'
  | 'listRuns'
  | 'summarizeRuns'
>;

export interface ApiContext {
  useCases: ApiUseCases;
  workspaceId: string;
  pictures: Pictures;
  dataPlane: DataPlane;
}

/** What is asked by running workflows. */
export interface DataPlane {
  answers: ReadyAnswers;
  stream: ChangeStream;
}

/** A part of the API's routes. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/**
 * As `actorOf`, where a person must stand behind the act: the operator's token, which has none, has to name one.
 * @throws InvalidRequest where it does not
 */
export function personBehind(
  context: Pick<ApiContext, 'workspaceId'>,
  request: { principal: Principal },
  onBehalfOf: string | undefined,
): Actor {
  if (request.principal.token === null && onBehalfOf === undefined)
    throw new InvalidRequest([
      { path: 'body/onBehalfOf', message: 'has to be a Slack user id, such as U012ABCDEF, with the operator’s token' },
    ]);
  return actorOf(context, request, onBehalfOf);
}

/** Who acts: see `actingFor`. @throws RequestProblem not_permitted where a token names somebody it does not act for */
export function actorOf(
  { workspaceId }: Pick<ApiContext, 'workspaceId'>,
  { principal }: { principal: Principal },
  onBehalfOf?: string,
): Actor {
  return actingFor(workspaceId, principal, onBehalfOf);
}

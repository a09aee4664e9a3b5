import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { makeAddressWindow } from '../address-window.ts';
import { RequestProblem } from '../request-problem.ts';
import type { ApiContext, ApiServer } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given } from './present.ts';

export const gateAnswered = z
  .object({ changed: z.boolean().describe('False: it was said before.') })
  .meta({ id: 'GateAnswered' });

const MINUTE = 60_000;
/** Of one address within a minute. */
const MOST = 300;
const BODY = 8_192;

/** How gates answer: by the token that their question came with, and nothing else. */
export function gateRoutes(app: ApiServer, { useCases, workspaceId }: ApiContext): void {
  const answers = makeAddressWindow({ most: MOST, length: MINUTE });
  app.post(
    '/gates/answer',
    {
      bodyLimit: BODY,
      onRequest: async (request: Pick<FastifyRequest, 'ip'>) => {
        if (!answers.take(request.ip))
          throw new RequestProblem('too_many_requests', 'This address asked too often. Try again in a minute.');
      },
      schema: {
        ...{ tags: ['checks'], security: [] },
        operationId: 'answerGate',
        summary: 'A gate’s answer to what it was asked',
        description:
          'Takes no token but the one in the question (`data.answer.token`), which is good for one answer: what was said stays. It may come after `until`.',
        body: closedObject({
          token: z.string().min(1).max(200).describe('From the question.'),
          state: z.enum(['approved', 'rejected']),
          detail: z.string().max(2_000).optional().describe('One line that is shown with it.'),
        }),
        response: { 200: gateAnswered, ...refusals(404, 409, 413, 415, 429) },
      },
    },
    ({ body }) =>
      useCases.answerGate({ workspaceId, token: body.token, state: body.state, ...given({ detail: body.detail }) }),
  );
}

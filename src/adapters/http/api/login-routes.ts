import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { makeAddressWindow } from '../address-window.ts';
import { RequestProblem } from '../request-problem.ts';
import type { ApiContext, ApiServer } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { date } from './schemas.ts';

export const loginStarted = z
  .object({
    deviceCode: z.string().describe('What the program asks for its token with. Nobody else may know it.'),
    code: z.string().describe('What its person types after `/towpath login`, such as BCDF-GHJK.'),
    expiresAt: date.describe('Until when it can be confirmed.'),
    interval: z.number().describe('Seconds to let pass between two questions for the token.'),
  })
  .meta({ id: 'LoginStarted' });
export const loginPending = z.object({ status: z.literal('pending'), expiresAt: date }).meta({ id: 'LoginPending' });
export const loginDone = z
  .object({
    status: z.literal('done'),
    token: z.string().describe('Shown this once.'),
    name: z.string().describe('What the token is called in lists and in the audit.'),
    userId: z.string().describe('As whom it acts.'),
    expiresAt: date,
  })
  .meta({ id: 'LoginDone' });

const MINUTE = 60_000;
/** Of one address within a minute. An office has one for all of its people, each of whom asks a dozen times a minute. */
const MOST_STARTS = 10;
const MOST_QUESTIONS = 300;
/** Bytes; there is nothing to say that takes more. */
const BODY = 2_048;
const tags = ['login'];
const open = { security: [] };

/** How a program gets a personal token: the only routes without one, so that an address may ask just so often. */
export function loginRoutes(app: ApiServer, { useCases, workspaceId }: ApiContext): void {
  const starts = makeAddressWindow({ most: MOST_STARTS, length: MINUTE });
  const questions = makeAddressWindow({ most: MOST_QUESTIONS, length: MINUTE });
  app.post(
    '/login',
    {
      bodyLimit: BODY,
      onRequest: atMost(starts),
      schema: {
        ...{ tags, ...open },
        operationId: 'startLogin',
        summary: 'Begin to log a person in',
        description: 'Takes no token. Show `code`, and ask for the token until the person has confirmed it in Slack.',
        body: closedObject({ device: z.string().min(1).max(200).describe('What whoever confirms it knows it by.') }),
        response: { 201: loginStarted, ...refusals(409, 413, 415, 429) },
      },
    },
    async ({ body }, reply) => {
      const { expiresAt, interval, ...codes } = await useCases.startLogin({ workspaceId, device: body.device });
      reply.code(201);
      return { ...codes, expiresAt: expiresAt.toISOString(), interval: interval / 1_000 };
    },
  );

  app.post(
    '/login/token',
    {
      bodyLimit: BODY,
      onRequest: atMost(questions),
      schema: {
        ...{ tags, ...open },
        operationId: 'collectLogin',
        summary: 'The token, once its person has confirmed it',
        description:
          'Takes no token. It is handed out once: who asks again by the same code ends it, since somebody else may have been first.',
        body: closedObject({ deviceCode: z.string().min(1).max(200) }),
        response: { 200: loginDone, 202: loginPending, ...refusals(409, 410, 413, 415, 429) },
      },
    },
    async ({ body }, reply) => {
      const answer = await useCases.collectLogin({ workspaceId, deviceCode: body.deviceCode });
      if (answer.kind === 'waiting') {
        reply.code(202);
        return { status: 'pending' as const, expiresAt: answer.expiresAt.toISOString() };
      }
      const { name, createdBy, expiresAt } = answer.token;
      if (expiresAt === null) throw new Error('A personal token expires.');
      return {
        ...{ status: 'done' as const, token: answer.text, name, userId: createdBy },
        expiresAt: expiresAt.toISOString(),
      };
    },
  );
}

/** Before the body is read. */
function atMost(window: { take(address: string): boolean }) {
  return async (request: Pick<FastifyRequest, 'ip'>): Promise<void> => {
    if (!window.take(request.ip))
      throw new RequestProblem(
        'too_many_requests',
        'This address asked too often. Wait a minute, then run `towpath login` again.',
      );
  };
}

import { z } from 'zod';
import { SETTING_NAME } from '../../../domain/settings/setting-name.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { environmentName, workflowName } from './schemas.ts';

const name = z
  .string()
  .regex(SETTING_NAME, { error: 'has to be the name of a secret, such as OPENAI_API_KEY' })
  .describe('Name of a secret that is live there, such as OPENAI_API_KEY.');

export function secretRoute(app: ApiServer, context: ApiContext): void {
  app.get(
    '/workflows/:name/environments/:environment/secrets/:secret',
    {
      config: takes('secrets:read', { environment: 'params' }),
      schema: {
        tags: ['data plane'],
        operationId: 'readSecret',
        summary: "The value of one of a workflow's secrets, read where it is kept",
        description:
          'Each reading is in the audit trail, by the name of the secret and of the token. It is kept nowhere.',
        params: z.object({ name: workflowName, environment: environmentName, secret: name }),
        response: { 200: z.object({ name: z.string(), value: z.string() }), ...refusals(404, 422, 502) },
      },
    },
    async (request, reply) => {
      const { name: workflow, environment, secret } = request.params;
      reply.header('cache-control', 'no-store');
      return context.useCases.readSecret({ actor: actorOf(context, request), workflow, environment, name: secret });
    },
  );
}

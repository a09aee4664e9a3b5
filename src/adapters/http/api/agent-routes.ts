import { z } from 'zod';
import type { Agent } from '../../../domain/agent.ts';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { RequestProblem } from '../request-problem.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given } from './present.ts';
import { cursor, date, environmentName, limit, pageOf } from './schemas.ts';

export const agentSchema = z
  .object({
    name: z.string(),
    environment: z.string(),
    release: z.string().nullable(),
    token: z.string().describe('Name of the token that it last showed.'),
    registeredAt: date,
    lastSeenAt: date,
  })
  .meta({ id: 'Agent' });

const tags = ['data plane'];

export function agentRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  app.post(
    '/agents',
    {
      config: takes('agents', { environment: 'handler' }),
      schema: {
        tags,
        operationId: 'registerAgent',
        summary: 'Say that an agent is there',
        description:
          "In its token's environment. Saying so again now and then keeps it listed as seen; after 30 days of silence it is forgotten.",
        body: closedObject({
          name: z.string().max(128).describe('Unique in its environment, such as runner-7f9c.'),
          release: z.string().max(128).optional().describe('What it says of its own release.'),
        }),
        response: { 200: agentSchema, ...refusals(403, 409, 413, 415, 422) },
      },
    },
    async (request) => {
      const { token, environment } = request.principal;
      if (token === null || environment === null)
        throw new RequestProblem(
          'not_permitted',
          'An agent registers with a token of its environment. An admin makes one with `/towpath token create`.',
        );
      const { name, release = null } = request.body;
      const actor = actorOf(context, request);
      return presentAgent(await useCases.registerAgent({ actor, environment, tokenId: token.id, name, release }));
    },
  );

  app.get(
    '/agents',
    {
      config: takes(['agents', 'read'], { environment: 'query' }),
      schema: {
        tags,
        operationId: 'listAgents',
        summary: 'Agents, those seen last first',
        querystring: closedObject({ environment: environmentName.optional(), limit, cursor: cursor.optional() }),
        response: { 200: pageOf(agentSchema), ...refusals(404, 422) },
      },
    },
    async ({ query: { environment, ...page } }) => {
      const { items, cursor } = await useCases.listAgents({
        workspaceId,
        ...given({ environment }),
        page: given(page),
      });
      return { items: items.map(presentAgent), cursor };
    },
  );
}

function presentAgent(agent: Agent & { environment: { name: string } }): z.infer<typeof agentSchema> {
  const { name, environment, release, token, registeredAt, lastSeenAt } = agent;
  return {
    ...{ name, release, token },
    environment: environment.name,
    registeredAt: registeredAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
  };
}

import { z } from 'zod';
import { ROLES } from '../../../domain/person.ts';
import { PERSONAL_SCOPES, SCOPES } from '../../../domain/token.ts';
import { takesOnly } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { presentDate } from './present.ts';
import { date } from './schemas.ts';

export const whoAmI = z
  .object({
    kind: z
      .enum(['operator', 'person', 'application', 'environment'])
      .describe(
        'operator: TOWPATH_API_TOKEN. person: of `towpath login`. application: it acts on workflows as its creator. environment: it runs workflows.',
      ),
    person: z
      .object({
        ...{ userId: z.string(), name: z.string(), role: z.enum(ROLES), departments: z.array(z.string()) },
        timeZone: z
          .string()
          .nullable()
          .describe('As Slack says it, such as Europe/Berlin: times typed in Slack are read by it.'),
      })
      .nullable()
      .describe('As whom it acts, as they stand now; null for nobody in particular.'),
    token: z
      .object({ name: z.string(), expiresAt: date.nullable() })
      .nullable()
      .describe('Null: TOWPATH_API_TOKEN, which may everything.'),
    scopes: z.array(z.enum(SCOPES)),
    environment: z.string().nullable().describe('The one that it sees; null: all.'),
  })
  .meta({ id: 'WhoAmI' });

const tags = ['login'];

export function sessionRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases } = context;
  app.get(
    '/whoami',
    {
      config: takesOnly('anybody'),
      schema: {
        tags,
        operationId: 'whoAmI',
        summary: 'As whom a token acts',
        response: { 200: whoAmI, ...refusals() },
      },
    },
    async (request) => {
      const { token, environment } = request.principal;
      const person = await useCases.whoAmI({ actor: actorOf(context, request) });
      return {
        kind: kindOf(request.principal),
        person: person && {
          ...{ userId: person.userId, name: person.name, role: person.role },
          ...{ departments: [...person.departments], timeZone: person.timeZone },
        },
        token: token && { name: token.name, expiresAt: presentDate(token.expiresAt) },
        scopes: [...(token === null ? SCOPES : token.isPersonal ? PERSONAL_SCOPES : token.scopes)],
        environment: environment?.name ?? null,
      };
    },
  );

  app.delete(
    '/login',
    {
      config: takesOnly('person'),
      schema: {
        tags,
        operationId: 'endLogin',
        summary: 'End the personal token that is shown',
        response: { 200: z.object({ name: z.string() }), ...refusals() },
      },
    },
    async (request) => useCases.endLogin({ actor: actorOf(context, request) }),
  );
}

function kindOf({ token, environment }: Parameters<typeof actorOf>[1]['principal']): z.infer<typeof whoAmI>['kind'] {
  if (token === null) return 'operator';
  if (environment !== null) return 'environment';
  return token.isPersonal ? 'person' : 'application';
}

import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { DURATION_TEXT, durationOf } from '../../../domain/settings/setting-name.ts';
import { SCOPES } from '../../../domain/token.ts';
import type { TokenView } from '../../../use-cases/views.ts';
import { takesOnly } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf, personBehind } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given, presentDate } from './present.ts';
import { cursor, date, environmentName, limit, onBehalfOf, pageOf, userId } from './schemas.ts';

export const tokenSchema = z
  .object({
    name: z.string(),
    personal: z.boolean().describe('Of `towpath login`: it may what its creator may.'),
    environment: z.string().nullable().describe('The one that it sees; null: all.'),
    scopes: z.array(z.enum(SCOPES)),
    createdBy: userId,
    createdAt: date,
    expiresAt: date.nullable(),
    lastUsedAt: date.nullable().describe('To the minute.'),
    expired: z.boolean(),
    replaced: z.boolean().describe('Another one of its name took its place; it is good until it expires.'),
  })
  .meta({ id: 'Token' });
export const newToken = tokenSchema
  .extend({
    token: z.string().describe('The token itself. It is shown this once, and kept by nobody.'),
    oldGoodUntil: date.optional().describe('Once rotated: how long the one before stays good.'),
  })
  .meta({ id: 'NewToken' });

export const revokedToken = z.object({
  name: z.string(),
  revoked: z.number().int().describe('How many, older ones of its name too.'),
});

const duration = z.string().regex(DURATION_TEXT, { error: 'has to be a time such as 30m, 12h or 90d' });
const life = duration.nullable().describe('How long it is good, such as 90d; null: for ever.');
const tokenName = z.object({ name: z.string().min(1).max(200).describe('What the token is called.') });
const tags = ['tokens'];
const forAdmins =
  'For the operator and for admins who logged in; a token of an application never makes or ends another.';

/** Tokens of programs. The use cases ask whether it is an admin who does it. */
export function tokenRoutes(app: ApiServer, context: ApiContext): void {
  listRoute(app, context);
  makingRoutes(app, context);
  app.delete(
    '/tokens/:name',
    {
      config: takesOnly('admin'),
      schema: {
        ...{ tags, params: tokenName, description: forAdmins },
        operationId: 'revokeToken',
        summary: 'End a token',
        response: {
          200: revokedToken,
          ...refusals(404, 422),
        },
      },
    },
    async (request) =>
      context.useCases.revokeToken({ actor: actorOf(context, request), name: request.params.name, whose: 'all' }),
  );
}

function listRoute(app: ApiServer, context: ApiContext): void {
  app.get(
    '/tokens',
    {
      config: takesOnly('admin'),
      schema: {
        ...{ tags, description: forAdmins },
        operationId: 'listTokens',
        summary: 'Tokens that are not revoked, newest first',
        querystring: closedObject({ limit, cursor: cursor.optional() }),
        response: { 200: pageOf(tokenSchema), ...refusals(422) },
      },
    },
    async (request) => {
      const actor = actorOf(context, request);
      const page = await context.useCases.listTokens({ actor, page: given(request.query), whose: 'all' });
      return { items: page.items.map(presentToken), cursor: page.cursor };
    },
  );
}

function makingRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases } = context;
  app.post(
    '/tokens',
    {
      config: takesOnly('admin'),
      schema: {
        ...{ tags, description: forAdmins },
        operationId: 'createToken',
        summary: 'Make a token for a program',
        body: closedObject({
          name: z.string().min(1).max(200),
          environment: environmentName.optional().describe('With it, it runs workflows there.'),
          scopes: z.array(z.string().max(40)).min(1).max(20),
          expiresIn: life.optional(),
          onBehalfOf: onBehalfOf.optional(),
        }),
        response: { 201: newToken, ...refusals(404, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { onBehalfOf: person, expiresIn, ...asked } = request.body;
      const actor = personBehind(context, request, person);
      const { text, token } = await useCases.createToken({ actor, ...given(asked), ...lifeOf(expiresIn) });
      reply.code(201);
      return { ...presentToken(token), token: text };
    },
  );

  app.post(
    '/tokens/:name/rotate',
    {
      config: takesOnly('admin'),
      schema: {
        ...{ tags, params: tokenName, description: forAdmins },
        operationId: 'rotateToken',
        summary: 'Put a new token in the place of another',
        body: closedObject({
          overlap: duration.optional().describe('How long the old one stays good; 1h where it is left out.'),
          expiresIn: life.optional(),
          onBehalfOf: onBehalfOf.optional(),
        }),
        response: { 201: newToken, ...refusals(404, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { onBehalfOf: person, expiresIn, overlap } = request.body;
      const { text, token, oldGoodUntil } = await useCases.rotateToken({
        actor: personBehind(context, request, person),
        name: request.params.name,
        ...(overlap === undefined ? {} : { overlap: durationOf(overlap) }),
        ...lifeOf(expiresIn),
      });
      reply.code(201);
      return { ...presentToken(token), token: text, oldGoodUntil: oldGoodUntil.toISOString() };
    },
  );
}

function lifeOf(expiresIn: string | null | undefined): { expiresIn?: number | null } {
  if (expiresIn === undefined) return {};
  return { expiresIn: expiresIn === null ? null : durationOf(expiresIn) };
}

function presentToken(token: TokenView): z.infer<typeof tokenSchema> {
  const { name, environment, scopes, createdBy, createdAt, expiresAt, lastUsedAt } = token;
  return {
    ...{ name, createdBy, personal: token.isPersonal, expired: token.isExpired, replaced: token.isReplaced },
    environment: environment?.name ?? null,
    scopes: [...scopes],
    createdAt: createdAt.toISOString(),
    expiresAt: presentDate(expiresAt),
    lastUsedAt: presentDate(lastUsedAt),
  };
}

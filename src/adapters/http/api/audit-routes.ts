import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { takes } from '../takes.ts';
import type { ApiContext, ApiServer } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given } from './present.ts';
import { date, environmentName, limit, pageOf, userId, workflowName } from './schemas.ts';

export const auditEvent = z
  .object({
    seq: z.string().describe('Ever growing; a text, since it may outgrow what a number holds.'),
    at: date,
    actor: userId,
    via: z.string().describe('slack, api, clock or file.'),
    token: z.string().nullable().describe('Name of the token that it was done by; null for none.'),
    action: z.string().describe('Such as promotion.approved.'),
    subject: z.string().describe('Such as promotion:ID.'),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'AuditEvent' });

export function auditRoutes(app: ApiServer, { useCases, workspaceId }: ApiContext): void {
  app.get(
    '/audit',
    {
      config: takes('read'),
      schema: {
        tags: ['audit'],
        operationId: 'listAudit',
        summary: 'Who did what to what, newest first',
        querystring: closedObject({
          workflow: workflowName.optional(),
          environment: environmentName.optional(),
          action: z
            .string()
            .regex(/^[a-z_.]{1,100}$/, { error: 'has to be the name of an action, such as promotion.approved' })
            .optional(),
          before: z
            .string()
            .regex(/^\d{1,19}$/, { error: 'has to be a seq, or the cursor of the page before' })
            .optional()
            .describe('Only events earlier than this seq: the cursor of the page before.'),
          limit,
        }),
        response: { 200: pageOf(auditEvent), ...refusals(404, 422) },
      },
    },
    async ({ query }) => {
      const page = await useCases.listAudit({ workspaceId, ...given(query) });
      const items = page.items.map(({ at, before, after, ...event }) => ({
        ...event,
        at: at.toISOString(),
        before: before ?? null,
        after: after ?? null,
      }));
      return { items, cursor: page.cursor };
    },
  );
}

import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import type { SettingsLayerView } from '../../../use-cases/views.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { date, environmentName, userId } from './schemas.ts';
import { layerNow, presentLayerNow } from './settings-layer-schema.ts';

const layer = z.object({
  number: z.number().int().describe('Of the revision, counted in each environment.'),
  changedBy: userId,
  at: date,
  listed: z
    .array(z.object({ name: z.string(), value: z.string(), managedByFile: z.boolean() }))
    .describe('Each setting in words, at most 60. Of a secret it says where it comes from, never the secret.'),
  more: z.number().int().describe('How many more there are.'),
});

export const settingsAnswer = z
  .object({
    environment: z.string(),
    channel: z.string().nullable().describe('Where the environment is told of in Slack.'),
    webhooks: z.number().int(),
    number: z.number().int().describe('The newest revision of any; 0 where nothing was ever given.'),
    own: layer.nullable().describe('What every workflow gets.'),
    workflows: z
      .array(layer.extend({ workflow: z.string() }))
      .describe('What single ones get besides, the last changed first, at most 20.'),
    moreWorkflows: z.boolean(),
    layer: layerNow.describe('What every workflow gets, as it is changed, and what is proposed in its place.'),
  })
  .meta({ id: 'EnvironmentSettings' });

const either = z.string().nullable();
export const settingsComparison = z
  .object({
    from: z.string(),
    to: z.string(),
    differences: z
      .array(
        z.object({
          workflow: either.describe('Whose it is; null for what every workflow gets.'),
          name: z.string(),
          from: either.describe('Null: not given there.'),
          to: either.describe('Null: not given there.'),
        }),
      )
      .describe('At most 60.'),
    more: z.number().int().describe('How many more there are.'),
  })
  .meta({ id: 'SettingsComparison' });

const tags = ['environments'];

/** What environments give workflows, in words. */
export function settingsRoutes(app: ApiServer, context: ApiContext): void {
  app.get(
    '/environments/:environment/settings',
    {
      config: takes('read'),
      schema: {
        tags,
        operationId: 'showSettings',
        summary: 'What an environment gives workflows',
        params: z.object({ environment: environmentName }),
        response: { 200: settingsAnswer, ...refusals(404, 422) },
      },
    },
    async (request) => {
      const { environment } = request.params;
      const view = await context.useCases.showSettings({ actor: actorOf(context, request), environment });
      const { channel, webhooks, number, own, workflows, moreWorkflows } = view;
      const now = await context.useCases.showSettingsLayer({ workspaceId: context.workspaceId, environment });
      return {
        ...{ channel, webhooks, number, moreWorkflows },
        environment: view.environment.name,
        own: own && presentLayer(own),
        layer: presentLayerNow(now),
        workflows: workflows.map(({ workflow, ...rest }) => ({ workflow: workflow.slug, ...presentLayer(rest) })),
      };
    },
  );

  app.get(
    '/settings/diff',
    {
      config: takes('read'),
      schema: {
        tags,
        operationId: 'compareSettings',
        summary: 'What two environments give otherwise',
        querystring: closedObject({ from: environmentName, to: environmentName }),
        response: { 200: settingsComparison, ...refusals(404, 422) },
      },
    },
    async (request) => {
      const asked = { actor: actorOf(context, request), ...request.query };
      const { from, to, differences, more } = await context.useCases.compareSettings(asked);
      return { from: from.name, to: to.name, differences: [...differences], more };
    },
  );
}

function presentLayer({ number, changedBy, at, listed, more }: SettingsLayerView): z.infer<typeof layer> {
  return { number, changedBy, at: at.toISOString(), listed: [...listed], more };
}

import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { settingsSchema } from '../../../domain/settings/settings-schema.ts';
import type { SettingsChangeResult } from '../../../use-cases/use-cases.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, personBehind } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given } from './present.ts';
import { cursor, environmentName, limit, onBehalfOf, pageOf, reason, workflowName } from './schemas.ts';
import {
  changeAnswer,
  layerAnswer,
  presentLayerNow,
  presentProposal,
  presentRevision,
  presentWebhooks,
  settingsRevision,
} from './settings-layer-schema.ts';

const tags = ['environments'];
const ofEnvironment = z.object({ environment: environmentName });
const ofWorkflow = z.object({ name: workflowName, environment: environmentName });
const page = closedObject({ limit, cursor: cursor.optional() });
const body = (layer: 'environment' | 'workflow') =>
  closedObject({
    settings: settingsSchema({ layer })
      .optional()
      .describe('The whole layer, as towpath.yaml writes it. What the file gives may be left out: it stays.'),
    restores: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('In place of settings: number of an earlier revision of the layer, which is brought back.'),
    basedOn: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe('Number of the revision that this was made from: where another is there by now, nothing is done.'),
    reason: reason.optional(),
    onBehalfOf: onBehalfOf.optional(),
  }).refine(({ settings, restores }) => (settings === undefined) !== (restores === undefined), {
    error: 'has to give either settings or restores',
  });
type Change = z.infer<ReturnType<typeof body>>;
const CHANGES = 'Where the environment asks for approvals it is proposed (202), and decided in Slack.';
const changed = { 200: changeAnswer, 202: changeAnswer, ...refusals(403, 404, 409, 413, 415, 422) };
const listed = { 200: pageOf(settingsRevision), ...refusals(404, 422) };

/** Settings as they are written and as they were. A token never approves (rule 4). */
export function settingsChangeRoutes(app: ApiServer, context: ApiContext): void {
  const { useCases, workspaceId } = context;
  app.put(
    '/environments/:environment/settings',
    {
      config: takes('deploy'),
      schema: {
        ...{ tags, params: ofEnvironment, body: body('environment'), response: changed, description: CHANGES },
        operationId: 'changeSettings',
        summary: 'Change what an environment gives every workflow',
      },
    },
    async (request, reply) => {
      const actor = personBehind(context, request, request.body.onBehalfOf);
      return answer(reply, await change({ actor, ...request.params }, request.body));
    },
  );

  app.put(
    '/workflows/:name/environments/:environment/settings',
    {
      config: takes('deploy'),
      schema: {
        ...{ tags, params: ofWorkflow, body: body('workflow'), response: changed, description: CHANGES },
        operationId: 'changeWorkflowSettings',
        summary: 'Change what one workflow gets in an environment',
      },
    },
    async (request, reply) => {
      const actor = personBehind(context, request, request.body.onBehalfOf);
      const { name: workflow, environment } = request.params;
      return answer(reply, await change({ actor, environment, workflow }, request.body));
    },
  );

  app.get(
    '/workflows/:name/environments/:environment/settings',
    {
      config: takes('read'),
      schema: {
        ...{ tags, params: ofWorkflow, response: { 200: layerAnswer, ...refusals(404, 422) } },
        operationId: 'showWorkflowSettings',
        summary: 'What one workflow gets in an environment, besides what all get',
      },
    },
    async ({ params: { name, environment } }) => {
      const now = await useCases.showSettingsLayer({ workspaceId, environment, workflow: name });
      const named = { environment: now.environment.name, workflow: now.workflow?.slug ?? name };
      return { ...named, layer: presentLayerNow(now), webhooks: presentWebhooks(now) };
    },
  );

  app.get(
    '/environments/:environment/settings/revisions',
    {
      config: takes('read'),
      schema: {
        ...{ tags, params: ofEnvironment, querystring: page, response: listed },
        operationId: 'listSettingsRevisions',
        summary: 'What an environment gave every workflow, newest first',
      },
    },
    async ({ params, query }) => revisions({ ...params, page: given(query) }),
  );

  app.get(
    '/workflows/:name/environments/:environment/settings/revisions',
    {
      config: takes('read'),
      schema: {
        ...{ tags, params: ofWorkflow, querystring: page, response: listed },
        operationId: 'listWorkflowSettingsRevisions',
        summary: 'What one workflow got in an environment, newest first',
      },
    },
    async ({ params: { name, environment }, query }) => revisions({ environment, workflow: name, page: given(query) }),
  );

  type Layer = Pick<Parameters<typeof useCases.proposeSettings>[0], 'actor' | 'environment' | 'workflow'>;
  function change(layer: Layer, { settings, restores: to, basedOn, reason: why }: Change) {
    const more = given({ basedOn, reason: why });
    return to === undefined
      ? useCases.proposeSettings({ ...layer, settings: settings ?? {}, ...more })
      : useCases.rollBackSettings({ ...layer, to, ...more });
  }

  type Asked = Omit<Parameters<typeof useCases.listSettingsRevisions>[0], 'workspaceId'>;
  async function revisions(asked: Asked) {
    const { items, cursor: next } = await useCases.listSettingsRevisions({ workspaceId, ...asked });
    return { items: items.map(presentRevision), cursor: next };
  }
}

function answer(reply: Pick<FastifyReply, 'code'>, result: SettingsChangeResult): z.infer<typeof changeAnswer> {
  const { kind } = result;
  reply.code(kind === 'proposed' ? 202 : 200);
  return {
    status: kind,
    number: kind === 'proposed' ? null : result.number,
    proposal: kind === 'unchanged' ? null : presentProposal(result.proposal),
  };
}

import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Actor } from '../../../domain/actor.ts';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { diffText } from '../../../domain/diff/diff-text.ts';
import { versionName as nameOf } from '../../../domain/version.ts';
import type { DiffView } from '../../../use-cases/views.ts';
import { negotiate } from '../negotiate.ts';
import { RequestProblem } from '../request-problem.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { presentDiff, presentVersion } from './present.ts';
import { diffSummary, versionName, versionRef, workflowName } from './schemas.ts';

export const comparison = z
  .object({
    workflow: z.string(),
    from: versionRef.nullable(),
    to: versionRef,
    diff: diffSummary,
    inEffect: z
      .object({ environment: z.string(), lines: z.array(z.string()), more: z.number().int() })
      .nullable()
      .describe(
        'What changes once both are filled with the settings of that environment: the one that `from` names. Null where that is what `diff` says.',
      ),
    total: z.number().int().describe('All changes, also those that `changes` does not list.'),
    changes: z
      .array(
        z.object({
          class: z.string(),
          kind: z.string(),
          path: z.string(),
          sentence: z.string(),
          before: z.unknown(),
          after: z.unknown(),
        }),
      )
      .describe('Every change, at most 1,000, the most important first.'),
    blocks: z
      .array(
        z.object({
          mark: z.string().describe('+ added, - removed, ~ changed, > moved, or a space.'),
          depth: z.number().int(),
          text: z.string(),
          path: z.string(),
        }),
      )
      .describe('The tree of steps of both versions.'),
    code: z.object({ text: z.string().describe('A unified diff.'), truncated: z.boolean() }),
  })
  .meta({ id: 'Comparison' });

const either = versionName.describe('A version (12, v12 or a label), or an environment: what is live there.');

/** In the order of preference where a client takes several alike. */
const OFFERED = ['application/json', 'text/plain', 'image/svg+xml', 'image/png'] as const;
type Offered = (typeof OFFERED)[number];

const ANSWER = {
  description: 'What was asked for.',
  content: {
    'application/json': { schema: comparison },
    'text/plain': { schema: z.string().describe('Risk, sentences, the tree of steps and the code, for a person.') },
    'image/svg+xml': { schema: z.string().describe('The graph with what changed in it.') },
    'image/png': { schema: z.string().describe('The same, at most 2,000 pixels wide.') },
  },
};

/** The same comparison in four forms, by the request's Accept header. */
export function diffRoute(app: ApiServer, context: ApiContext): void {
  app.get(
    '/workflows/:name/diff',
    {
      // Also on refusals: another Accept may be answered otherwise.
      onRequest: async (_request, reply) => void reply.header('vary', 'accept'),
      config: takes('read'),
      schema: {
        tags: ['workflows'],
        operationId: 'compareVersions',
        summary: 'What changed between two versions or environments',
        description:
          'As JSON, text or picture, by `Accept`. Where no step and no arrow came, went or moved there is no picture: asking for one is answered 404 with the code `no_picture`.',
        params: z.object({ name: workflowName }),
        querystring: closedObject({ from: either, to: either }),
        response: { 200: ANSWER, ...refusals(404, 406, 422) },
      },
    },
    async (request, reply) => {
      const asked = { workflow: request.params.name, ...request.query };
      const type = negotiate(request.headers.accept, OFFERED);
      if (type === null)
        throw new RequestProblem(
          'not_acceptable',
          `A comparison comes as ${OFFERED.join(', ')}. Ask for one of these.`,
        );
      const actor = actorOf(context, request);
      return answer(context, { actor, ...asked }, type, reply as FastifyReply) as never;
    },
  );
}

async function answer(
  context: ApiContext,
  { actor, ...asked }: { actor: Actor; workflow: string; from: string; to: string },
  type: Offered,
  reply: FastifyReply,
): Promise<unknown> {
  if (type === 'application/json' || type === 'text/plain') {
    const view = await context.useCases.compareVersions({ actor, ...asked });
    return type === 'text/plain'
      ? reply.type('text/plain; charset=utf-8').send(asText(view))
      : reply.type('application/json; charset=utf-8').send(asJson(view));
  }
  const { workspaceId, useCases, pictures } = context;
  const { before, after, diff } = await useCases.compareContents({ workspaceId, ...asked });
  const picture = await pictures.draw(before, after, diff);
  if (picture === null)
    throw new RequestProblem(
      'no_picture',
      'No step and no arrow came, went or moved, so there is no picture. Ask for application/json or text/plain.',
    );
  return type === 'image/png'
    ? reply.type(type).send(Buffer.from(await pictures.png(picture.svg)))
    : reply.type('image/svg+xml; charset=utf-8').send(picture.svg);
}

function asText({ workflow, from, to, summary, inEffect, total, blocks, code }: DiffView): string {
  const title = `${workflow.slug}: ${from === null ? 'nothing' : nameOf(from)} → ${nameOf(to)}`;
  const lines = diffText({ title, total, ...summary, inEffect, blocks, code });
  return `${lines.map(({ text }) => text).join('\n')}\n`;
}

function asJson(view: DiffView): z.infer<typeof comparison> {
  const { workflow, from, to, summary, inEffect, total, changes, blocks, code } = view;
  return {
    workflow: workflow.slug,
    from: from && presentVersion(from),
    to: presentVersion(to),
    diff: presentDiff(summary),
    inEffect,
    total,
    changes: changes.map(({ before, after, ...change }) => ({
      ...change,
      before: before ?? null,
      after: after ?? null,
    })),
    blocks: blocks.map(({ mark, depth, text, path }) => ({ mark, depth, text, path })),
    code: { text: code.text, truncated: code.truncated },
  };
}

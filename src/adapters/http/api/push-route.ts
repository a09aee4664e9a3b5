import { z } from 'zod';
import type { PushResult } from '../../../use-cases/use-cases.ts';
import { RequestProblem } from '../request-problem.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given, presentDiff, presentVersion } from './present.ts';
import { LONGEST_ENVELOPE, LONGEST_FILE, pushQuery, readPush } from './push-body.ts';
import { diffSummary, versionRef, workflowName } from './schemas.ts';

export const YAML_TYPES = ['application/yaml', 'text/yaml', 'application/x-yaml', 'text/x-yaml'];

const maskedSecret = z
  .object({
    kind: z.string().describe('Such as api-key, password, private-key or openai.'),
    file: z.string().nullable().describe('Of a bundle.'),
    path: z.string().describe('Where in the document; empty in a comment or a text that is no document.'),
    line: z.number().int().describe('From 1.'),
  })
  .meta({ id: 'MaskedSecret' });

/** Where secrets stood in what was sent. */
export const maskedSecrets = z
  .object({ secrets: z.array(maskedSecret), more: z.number().int().describe('How many were left out here.') })
  .describe('Where secrets stood, at most 20. They were masked before anything was kept; rotate those that are real.');

export const pushAnswer = z
  .object({
    workflow: z.object({ name: z.string(), department: z.string().nullable() }),
    version: versionRef,
    created: z.boolean().describe('False: this very content was pushed before, as `version`.'),
    workflowCreated: z.boolean(),
    diff: diffSummary
      .nullable()
      .describe('Against the version before; null for the first and where nothing was created.'),
    masked: maskedSecrets,
  })
  .meta({ id: 'PushAnswer' });

/** Pushing has routes of its own because its bodies are files: read as bytes, up to 10 MB. */
export async function pushRoute(app: ApiServer, context: ApiContext): Promise<void> {
  const asBytes = (_request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => done(null, body);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: LONGEST_ENVELOPE }, asBytes);
  app.addContentTypeParser(YAML_TYPES, { parseAs: 'buffer', bodyLimit: LONGEST_FILE }, asBytes);

  app.post(
    '/workflows/:name/versions',
    {
      bodyLimit: LONGEST_ENVELOPE,
      config: takes('push'),
      schema: {
        tags: ['workflows'],
        operationId: 'pushVersion',
        summary: 'Push a workflow file as a new version',
        description:
          'Pushing identical content again makes no new version and answers 200. The first push creates the workflow.',
        params: z.object({ name: workflowName }),
        querystring: pushQuery,
        response: { 200: pushAnswer, 201: pushAnswer, ...refusals(403, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const mediaType = request.headers['content-type'] ?? '';
      if (request.headers['content-encoding'] !== undefined)
        throw new RequestProblem('unsupported_media_type', 'Compressed bodies are not taken. Send the file as it is.');
      if (!Buffer.isBuffer(request.body) || request.body.length === 0)
        throw new RequestProblem('malformed', 'The body is empty. Send the workflow file.');
      const { onBehalfOf, ...pushed } = readPush(request.body, mediaType, request.query);
      const result = await context.useCases.pushVersion({
        actor: actorOf(context, request, onBehalfOf),
        workflow: request.params.name,
        ...given(pushed),
      });
      const { slug } = result.workflow;
      if (result.created)
        reply
          .code(201)
          .header('location', `/api/v1/workflows/${encodeURIComponent(slug)}/versions/${result.version.number}`);
      return presentPush(result);
    },
  );
}

function presentPush({
  workflow,
  version,
  created,
  workflowCreated,
  diff,
  masked,
}: PushResult): z.infer<typeof pushAnswer> {
  return {
    workflow: { name: workflow.slug, department: workflow.department },
    version: presentVersion(version),
    created,
    workflowCreated,
    diff: diff && presentDiff(diff),
    masked: presentMasked(masked),
  };
}

export function presentMasked({ secrets, more }: PushResult['masked']): z.infer<typeof maskedSecrets> {
  return { secrets: secrets.map(({ kind, file, path, line }) => ({ kind, file: file ?? null, path, line })), more };
}

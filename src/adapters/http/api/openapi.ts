import fastifySwagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { ApiServer } from './api-context.ts';
import { YAML_TYPES } from './push-route.ts';

const DESCRIPTION = `Pushes, deploys and promotes AI workflows, and tells what is live where.

Every route takes the bearer token but this document. Lists have cursors, never offsets. Errors are problem details (RFC 9457) with a stable \`code\`.`;

/** Collects every route registered after it into the document that `app.swagger()` gives. */
export async function describeApi(app: ApiServer): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Towpath', version: '1', description: DESCRIPTION },
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'TOWPATH_API_TOKEN of the server.' } },
      },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withPushedFile(jsonSchemaTransformObject(document) as Document),
  });
}

type Document = ReturnType<typeof jsonSchemaTransformObject> & {
  paths?: Record<string, { post?: { requestBody?: unknown } }>;
};

/** The one body that is a file as often as it is JSON: routes can't say so by a schema, as nothing but the route reads it. */
function withPushedFile(document: Document): Document {
  const push = document.paths?.['/api/v1/workflows/{name}/versions']?.post;
  if (push === undefined) return document;
  const file = { schema: { type: 'string', description: 'The workflow file itself.' } };
  const json = {
    schema: {
      anyOf: [
        { $ref: '#/components/schemas/PushInput' },
        { type: 'object', description: 'The workflow file itself: any JSON without a text `source` at its top.' },
      ],
    },
  };
  push.requestBody = {
    required: true,
    content: { 'application/json': json, ...Object.fromEntries(YAML_TYPES.map((type) => [type, file])) },
  };
  return document;
}

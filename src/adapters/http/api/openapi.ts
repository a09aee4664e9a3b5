import fastifySwagger from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { ApiServer } from './api-context.ts';
import { YAML_TYPES } from './push-route.ts';

const DESCRIPTION = `Pushes, deploys and promotes AI workflows, and tells what is live where.

Every route takes a bearer token but this document and the two of logging in. Lists have cursors, never offsets. Errors are problem details (RFC 9457) with a stable \`code\`. Answers may gain fields; ignore those that you don't know.`;

const SCHEME =
  'TOWPATH_API_TOKEN of the server, which may everything, or a token of `/towpath token create`, which may what its scopes say: one of those listed at a route. A token for one environment is told of no other.';

const PERSON =
  'A token of `towpath login`: it may what the person who confirmed it may at that moment, and is theirs alone.';

/** Answers may gain fields, so only what is sent is closed: a client that validates must not break on the day of a new field. */
const zodToJsonConfig = {
  override({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema }) {
    const { def } = zodSchema._zod;
    if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties;
  },
};
const withComponents = createJsonSchemaTransformObject({ zodToJsonConfig });

/** Collects every route registered after it into the document that `app.swagger()` gives. */
export async function describeApi(app: ApiServer): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Towpath', version: '1', description: DESCRIPTION },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: SCHEME },
          person: { type: 'http', scheme: 'bearer', description: PERSON },
        },
      },
      security: [{ token: [] }],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject(collected) {
      const document = withComponents(collected);
      finish(document as unknown as Document);
      return document;
    },
  });
}

interface Operation {
  requestBody?: unknown;
  responses: Record<string, { description: string }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
}

const DONE: Record<string, string> = {
  200: 'What was asked for.',
  201: 'Made.',
  202: 'It waits.',
  207: 'Some were refused.',
};

function finish(document: Document): void {
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(operation.responses)) {
      response.description = DONE[status] ?? response.description;
    }
  }
  describePushedFile(document);
  describeReport(document);
  describeUnchanged(document);
  keepReferenced(document);
}

function describeUnchanged(document: Document): void {
  const tagged = ['environments/{environment}', 'environments/{environment}/resolved', 'resolve'];
  for (const path of tagged) {
    const got = document.paths[`/api/v1/workflows/{name}/${path}`]?.['get'];
    if (got !== undefined) got.responses[304] = { description: 'What If-None-Match names still holds.' };
  }
}

/** The one body that is a file as often as it is JSON: only the route reads it, so no schema of the route says so. */
function describePushedFile(document: Document): void {
  const push = document.paths['/api/v1/workflows/{name}/versions']?.['post'];
  if (push === undefined) return;
  const json = {
    anyOf: [
      { $ref: '#/components/schemas/Push' },
      { type: 'object', description: 'The workflow file itself: any JSON without a text `source` at its top.' },
    ],
  };
  const file = { schema: { type: 'string', description: 'The workflow file itself.' } };
  const files = Object.fromEntries(YAML_TYPES.map((type) => [type, file]));
  push.requestBody = { required: true, content: { 'application/json': { schema: json }, ...files } };
}

/** As a pushed file: another tool's report as often as it is our own. */
function describeReport(document: Document): void {
  const check = document.paths['/api/v1/workflows/{name}/versions/{version}/checks']?.['post'];
  if (check === undefined) return;
  const json = {
    anyOf: [
      { $ref: '#/components/schemas/CheckReport' },
      { type: 'object', description: 'What promptfoo writes: any JSON without a `kind` at its top.' },
    ],
  };
  const junit = { schema: { type: 'string', description: 'A JUnit report.' } };
  check.requestBody = {
    required: true,
    content: { 'application/json': { schema: json }, 'application/xml': junit, 'text/xml': junit },
  };
}

/** Every shape comes twice, as sent and as answered; the half that nothing refers to goes. */
function keepReferenced({ paths, components }: Document): void {
  const kept = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || kept.has(name)) continue;
      kept.add(name);
      visit(components.schemas[name]);
    }
  };
  visit(paths);
  components.schemas = Object.fromEntries(Object.entries(components.schemas).filter(([name]) => kept.has(name)));
}

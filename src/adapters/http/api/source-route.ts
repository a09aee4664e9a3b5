import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { lookUp } from '../../../domain/look-up.ts';
import { takes } from '../takes.ts';
import type { ApiContext, ApiServer } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { versionName, workflowName } from './schemas.ts';

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json; charset=utf-8',
  yaml: 'application/yaml; charset=utf-8',
  yml: 'application/yaml; charset=utf-8',
};
const TEXT = 'text/plain; charset=utf-8';

const ANSWER = {
  description: 'What was asked for.',
  content: {
    'application/json': { schema: z.unknown().describe('A JSON file, or a bundle of several files.') },
    'application/yaml': { schema: z.string().describe('A YAML file.') },
    'text/plain': { schema: z.string().describe('Any other file.') },
  },
};

/** What was pushed can be had back. */
export function sourceRoute(app: ApiServer, { useCases, workspaceId }: ApiContext): void {
  app.get(
    '/workflows/:name/versions/:version/source',
    {
      config: takes('read'),
      schema: {
        tags: ['workflows'],
        operationId: 'showVersionSource',
        summary: 'The source of one version, byte for byte',
        description:
          'As it was pushed, but for its secrets: each is masked as `masked~KIND~HASH`. A version of several files comes as `{"towpathBundle":1,"files":[{"path","content"}]}`; `file` asks for one of them.',
        params: z.object({ name: workflowName, version: versionName }),
        querystring: closedObject({
          file: z.string().min(1).max(500).optional().describe('The path of one file of a bundle.'),
        }),
        response: { 200: ANSWER, ...refusals(404) },
      },
    },
    async ({ params, query }, reply) => {
      const { source, fileName, isBundle } = await useCases.showSource({
        workspaceId,
        workflow: params.name,
        version: params.version,
        ...(query.file === undefined ? {} : { file: query.file }),
      });
      const type = isBundle ? TYPES['json'] : typeOf(source, fileName);
      // As bytes: no schema touches it.
      return (reply as FastifyReply).type(type ?? TEXT).send(Buffer.from(source)) as never;
    },
  );
}

/** By its name; without a telling one, by how it begins. */
function typeOf(source: string, fileName: string | null): string {
  const ending = /\.([a-z0-9]+)$/i.exec(fileName ?? '')?.[1]?.toLowerCase();
  if (ending !== undefined) return lookUp(TYPES, ending) ?? TEXT;
  if (/^\s*[{[]/.test(source.slice(0, 1_000))) return isJson(source) ? (TYPES['json'] ?? TEXT) : TEXT;
  return /^\uFEFF?---\r?\n[\s\S]*?\n---\s/.test(source.slice(0, 100_000)) ? TEXT : (TYPES['yaml'] ?? TEXT);
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}

import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import type { GivenReport } from '../../../use-cases/use-cases.ts';
import { InvalidRequest, RequestProblem } from '../request-problem.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { checkBody, checkName, checksAnswer, ownReport, presentCheck } from './check-schema.ts';
import { refusals } from './describe-route.ts';
import { presentVersion } from './present.ts';
import { environmentName, versionName, workflowName } from './schemas.ts';

const LONGEST_REPORT = 10 * 1024 * 1024;
/** Characters of a report in Towpath's own words; a longer one is another tool's, and not looked into here. */
const LONGEST_OWN = 2 * 1024 * 1024;
const XML_TYPES = ['application/xml', 'text/xml'];

/** Reports have routes of their own because their bodies are files of other tools: read as bytes, up to 10 MB. */
export async function checkRoutes(app: ApiServer, context: ApiContext): Promise<void> {
  const asBytes = (_request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => done(null, body);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', ...XML_TYPES],
    { parseAs: 'buffer', bodyLimit: LONGEST_REPORT },
    asBytes,
  );

  app.post(
    '/workflows/:name/versions/:version/checks',
    {
      bodyLimit: LONGEST_REPORT,
      config: takes('checks'),
      schema: {
        tags: ['checks'],
        operationId: 'recordCheck',
        summary: 'Report what was found out about a version in an environment',
        description:
          'As JSON in the shape `CheckReport`; as the result file of promptfoo (JSON, `promptfoo eval --output results.json`); or as JUnit XML (application/xml). Promotions of that version are judged again within a second or two. The newest result of each kind and name counts.',
        params: z.object({ name: workflowName, version: versionName }),
        querystring: closedObject({
          environment: environmentName.optional().describe('Required, here or in the body.'),
          name: checkName.optional().describe('Of a file: takes the place of the name that it gives itself.'),
        }),
        response: { 201: checksAnswer, ...refusals(404, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      if (request.headers['content-encoding'] !== undefined)
        throw new RequestProblem(
          'unsupported_media_type',
          'Compressed bodies are not taken. Send the report as it is.',
        );
      if (!Buffer.isBuffer(request.body) || request.body.length === 0)
        throw new RequestProblem('malformed', 'The body is empty. Send the report.');
      const isXml = XML_TYPES.some((type) => request.headers['content-type']?.startsWith(type) === true);
      const { environment, report } = readBody(decode(request.body), isXml, request.query);
      const recorded = await context.useCases.recordCheck({
        ...{ actor: actorOf(context, request), report, environment },
        ...{ workflow: request.params.name, version: request.params.version },
      });
      reply.code(201);
      return {
        ...{ workflow: recorded.workflow.slug, version: presentVersion(recorded.version) },
        ...{ environment: recorded.environment.name, results: recorded.results.map(presentCheck) },
      };
    },
  );
}

type Query = { environment?: string | undefined; name?: string | undefined };

/** JSON with a `kind` at its top is Towpath's own shape; any other is promptfoo's. @throws RequestProblem, InvalidRequest */
function readBody(text: string, isXml: boolean, query: Query): { environment: string; report: GivenReport } {
  const own = isXml || text.length > LONGEST_OWN ? null : findOwn(text);
  const { name } = query;
  if (own === null) {
    const file = { source: text, format: isXml ? ('junit' as const) : ('promptfoo' as const) };
    return { environment: asked(query.environment), report: { file, ...(name !== undefined && { name }) } };
  }
  const parsed = checkBody.safeParse(own);
  if (!parsed.success)
    throw new InvalidRequest(
      parsed.error.issues.map(({ path, message }) => ({ path: ['body', ...path].join('/'), message })),
    );
  const report = ownReport(parsed.data);
  return {
    environment: asked(parsed.data.environment ?? query.environment),
    report: { own: name === undefined ? report : { ...report, name } },
  };
}

function asked(environment: string | undefined): string {
  if (environment !== undefined) return environment;
  throw new InvalidRequest([
    { path: 'query/environment', message: 'has to name the environment it was found out for' },
  ]);
}

function findOwn(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
    return typeof value === 'object' && value !== null && 'kind' in value ? value : null;
  } catch {
    throw new RequestProblem('malformed', 'The body is not JSON. Correct it, or send JUnit XML as application/xml.');
  }
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new RequestProblem(
      'malformed',
      'The report is not UTF-8 text. Save it as UTF-8, uncompressed, and send it again.',
    );
  }
}

import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { RefusedError } from '../../../domain/refused-error.ts';
import type { SuiteOutcome } from '../../../domain/suite/suite-outcome.ts';
import { plain } from '../answer-problem.ts';
import { goneSignal } from '../gone.ts';
import { takes } from '../takes.ts';
import { type ApiContext, type ApiServer, actorOf } from './api-context.ts';
import { refusals } from './describe-route.ts';
import { given } from './present.ts';
import { LONGEST_ENVELOPE } from './push-body.ts';
import { workflowName } from './schemas.ts';

/** Milliseconds: longer than all cases of a suite may take. */
const PATIENCE = 45 * 60_000;
/** Milliseconds between lines, so that nobody between takes the connection for dead. */
const SIGN_OF_LIFE = 10_000;
const LONGEST_SUITE = 8 * 1024 * 1024;

const text = z.string().min(1);
const fileName = z.string().min(1).max(500).optional();
const body = closedObject({
  source: text.describe('The text of the workflow file, as it would be pushed.'),
  fileName: fileName.describe('Helps to tell the format and to name problems.'),
  format: z.string().min(1).max(100).optional().describe('Forces a format instead of telling it from the file.'),
  suite: text.optional().describe('The text of the suite; left out, the one that the workflow keeps.'),
  suiteFileName: fileName.describe('Names problems of the suite.'),
  workflow: workflowName
    .optional()
    .describe('Whose settings it is run with; left out, the name that the file gives itself.'),
}).meta({ id: 'FileTest' });

const description =
  'A suite is run on a file that is no version, with what the first environment gives its workflow; nothing is kept. The answer comes line by line, each a JSON object: `{"kind":"progress","total","done","passed","failed","notJudged","errored","cost"}` after each case, and at last `{"kind":"outcome","workflow","environment","outcome":{…}}` or `{"kind":"problem","code","detail"}`. Hanging up ends it.';

/** Tells how a file does in its tests, before it is pushed. */
export function fileTestRoute(app: ApiServer, context: ApiContext): void {
  app.post(
    '/tests',
    {
      bodyLimit: LONGEST_ENVELOPE + LONGEST_SUITE,
      handlerTimeout: PATIENCE,
      config: takes('push'),
      schema: {
        tags: ['checks'],
        operationId: 'testFile',
        summary: 'Run a suite on a file without pushing it',
        description,
        body,
        response: {
          200: { description: 'Lines of JSON.', content: { 'application/x-ndjson': { schema: z.string() } } },
          ...refusals(403, 404, 409, 413, 422),
        },
      },
    },
    async (request, reply) => {
      const { suite, suiteFileName, workflow, ...file } = request.body;
      const lines = linesTo(reply as never);
      try {
        const done = await context.useCases.testFile({
          ...{ actor: actorOf(context, request), file: given(file), signal: goneSignal(request, reply) },
          ...(suite !== undefined && { suite: given({ source: suite, fileName: suiteFileName }) }),
          ...given({ workflow }),
          onProgress: (progress) => lines.write({ kind: 'progress', ...progress }),
        });
        lines.write({ kind: 'outcome', ...done, outcome: presentOutcome(done.outcome) });
      } catch (error) {
        // Once it has begun to answer, only a line can still tell.
        if (!lines.begun) throw error;
        lines.write({ kind: 'problem', ...problemOf(error) });
        if (!(error instanceof RefusedError) && !request.raw.destroyed)
          request.log.error({ err: error }, 'a test of a file failed');
      } finally {
        lines.end();
      }
      return reply as never;
    },
  );
}

function problemOf(error: unknown): { code: string; detail: string } {
  if (error instanceof RefusedError) return { code: error.code, detail: plain(error.userMessage) };
  return { code: 'internal', detail: 'Something went wrong on our side.' };
}

interface Lines {
  readonly begun: boolean;
  write(line: object): void;
  end(): void;
}

/** Takes the answer over with the first line; until then it may still be refused. */
function linesTo(reply: FastifyReply): Lines {
  const { raw } = reply;
  let last = '';
  let signs: NodeJS.Timeout | undefined;
  const send = (line: string) => {
    // Who reads slowly is told less of the progress, which only grows.
    if (!raw.destroyed && raw.writableLength < 64 * 1024) raw.write(line);
  };
  return {
    get begun() {
      return signs !== undefined;
    },
    write(line) {
      if (signs === undefined) {
        begin(reply, raw);
        signs = setInterval(() => send(last), SIGN_OF_LIFE).unref();
      }
      last = `${JSON.stringify(line)}\n`;
      if ('kind' in line && line.kind === 'progress') send(last);
      else raw.write(last);
    },
    end() {
      clearInterval(signs);
      if (signs !== undefined) raw.end();
    },
  };
}

function begin(reply: FastifyReply, raw: ServerResponse): void {
  const headers = reply.getHeaders();
  reply.hijack();
  raw.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'application/x-ndjson; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
}

/** What people and programs look at, whole; a case's output is its beginning. */
function presentOutcome({ cases, ...figures }: SuiteOutcome) {
  return {
    ...figures,
    cases: cases.map(({ name, state, score, assertions, error, output, cost, latencyMs }) => ({
      ...{ name, state, score, assertions, error: error ?? null, output: output ?? null },
      ...{ cost: cost ?? null, latencyMs: latencyMs ?? null },
    })),
  };
}

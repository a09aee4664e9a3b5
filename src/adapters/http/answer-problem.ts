import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { RefusedError } from '../../domain/refused-error.ts';
import { DoesNotFillError } from '../../domain/settings/does-not-fill-error.ts';
import type { FillProblem } from '../../domain/settings/fill-problem.ts';
import { UnfilledRefusal } from '../../domain/settings/unfilled-refusal.ts';
import { InvalidDefinitionError } from '../../domain/workflow/invalid-definition-error.ts';
import { Gone } from './gone.ts';
import { PROBLEM_TYPE, type Problem, type ProblemCode, problem, STATUS_OF, validationProblem } from './problem.ts';
import { InvalidRequest, RequestProblem } from './request-problem.ts';

/** Seconds after which asking again may turn out otherwise. */
const TRY_AGAIN_AFTER = '5';

/** Answers whatever a handler threw: refusals in their own words, bugs blandly and with a reference to the log. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const body = describe(error, request);
  // Nobody reads what is answered to who has gone.
  if (body.code === 'internal' && !(error instanceof Gone))
    request.log.error({ err: error, reference: request.id }, 'an API request failed');
  if (body.status === 401) reply.header('www-authenticate', 'Bearer realm="towpath"');
  if (body.status === 503 || body.code === 'too_many_requests') reply.header('retry-after', TRY_AGAIN_AFTER);
  return sendProblem(reply, body);
}

/** Answers a path or method that nothing serves. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, problem('not_found', 'Nothing is here. /api/v1/openapi.json lists what is.', request.id));
}

export function sendProblem(reply: FastifyReply, body: Problem): FastifyReply {
  return reply.code(body.status).header('cache-control', 'no-store').type(PROBLEM_TYPE).send(body);
}

function describe(error: unknown, { id }: FastifyRequest): Problem {
  if (error instanceof RequestProblem) return problem(error.code, error.message, id, error.more);
  if (error instanceof InvalidRequest) return validationProblem(error.faults, id);
  if (error instanceof InvalidDefinitionError) {
    return problem('invalid_definition', plain(error.userMessage), id, {
      problems: error.problems.map((one) => ({ ...one })),
    });
  }
  if (error instanceof DoesNotFillError || error instanceof UnfilledRefusal)
    return problem('does_not_fill', plain(error.userMessage), id, { problems: placesOf(error) });
  if (error instanceof RefusedError) {
    const code = error.code in STATUS_OF ? (error.code as ProblemCode) : 'invalid_input';
    return problem(code, plain(error.userMessage), id);
  }
  if (hasZodFastifySchemaValidationErrors(error)) return describeFaults(error, id);
  return describeFrameworkError(error, id);
}

/** One for each place, or one where there is none. */
function placesOf({ problems }: { problems: readonly FillProblem[] }): NonNullable<Problem['problems']> {
  const places = problems.flatMap(({ kind, name, paths, message }) =>
    (paths.length === 0 ? [''] : paths).map((path) => ({
      ...{ path, message, kind },
      ...(name === undefined ? {} : { name }),
    })),
  );
  return places.slice(0, MOST_PLACES);
}

const MOST_PLACES = 200;

const PARTS: Record<string, string> = { body: 'body', querystring: 'query', params: 'path' };

function describeFaults(error: FastifyError & { validation: FastifySchemaValidationError[] }, id: string): Problem {
  const part = PARTS[error.validationContext ?? ''] ?? 'request';
  return validationProblem(
    error.validation.map((one) => ({ path: `${part}${one.instancePath}`, message: one.message ?? 'is wrong' })),
    id,
  );
}

const FRAMEWORK: Record<string, [ProblemCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    'too_large',
    'The body is larger than this route takes. A workflow file may have 10 MB.',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported_media_type',
    'Send application/json; a workflow file may also come as application/yaml or text/yaml.',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'malformed',
    'The body is not as long as its Content-Length says. Send it again.',
  ],
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed', 'The body is not JSON. Correct it and send it again.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed', 'The body is empty. Send JSON.'],
  FST_ERR_BAD_URL: ['malformed', 'The address has a broken escape sequence (%…). Correct it and send it again.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'A name in the address is longer than any name can be.'],
  FST_ERR_HANDLER_TIMEOUT: ['unavailable', 'This took too long. Look at what there is now before repeating it.'],
};

/** Told apart by the framework's code, never by its message, which may quote what was sent. */
function describeFrameworkError(error: unknown, id: string): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [known, detail] = FRAMEWORK[code] ?? [
    'internal',
    `Something went wrong on our side. The log has it under ${id}.`,
  ];
  return problem(known, detail, id);
}

/** Sentences are written for Slack; a mention reads as `@U0ADA` elsewhere. */
export function plain(text: string): string {
  return text.replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, '@$1');
}

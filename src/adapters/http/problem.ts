import { z } from 'zod';
import type { RefusalCode } from '../../domain/refusal.ts';
import type { RunnerFailure } from '../../domain/suite/runner-failure.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** Codes of refusals, and those that only HTTP knows. */
export type ProblemCode =
  | RefusalCode
  | RunnerFailure['code']
  | 'invalid_definition'
  | 'replacement_not_confirmed'
  | keyof typeof HTTP_CODES;

const HTTP_CODES = {
  validation: 400,
  malformed: 400,
  unauthorized: 401,
  insufficient_scope: 403,
  not_found: 404,
  no_picture: 404,
  not_acceptable: 406,
  too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  too_many_streams: 429,
  internal: 500,
} as const;

/** The status of every code. A table that names them all, so that a new refusal can't be answered by accident. */
export const STATUS_OF: Record<ProblemCode, number> = {
  ...HTTP_CODES,
  unknown_workflow: 404,
  unknown_version: 404,
  unknown_file: 404,
  unknown_environment: 404,
  unknown_promotion: 404,
  unknown_secret: 404,
  unknown_token: 404,
  unknown_settings_revision: 404,
  unknown_settings_proposal: 404,
  nothing_active: 404,
  no_open_promotion: 404,
  no_rollout: 404,
  not_permitted: 403,
  own_request: 403,
  already_active: 409,
  already_decided: 409,
  already_proposed: 409,
  confirmation_outdated: 409,
  does_not_fill: 409,
  label_taken: 409,
  managed_by_file: 409,
  moved_on: 409,
  nothing_active_before: 409,
  nothing_to_roll_back_to: 409,
  nothing_to_compare_with: 409,
  rollout_running: 409,
  locked: 409,
  frozen: 409,
  nothing_locked: 404,
  not_frozen: 404,
  unknown_item: 404,
  no_suite: 404,
  no_runner: 409,
  unknown_work: 404,
  cost_reached: 409,
  unknown_suite_run: 404,
  unknown_check: 404,
  scheduled_workflow: 409,
  not_quarantined: 409,
  quarantined: 409,
  replacement_not_confirmed: 409,
  review_changed: 409,
  undo_expired: 409,
  login_ended: 410,
  login_refused: 410,
  which_promotion: 409,
  ambiguous_environment: 422,
  department_required: 422,
  invalid_definition: 422,
  invalid_input: 422,
  invalid_label: 422,
  no_environment_before: 422,
  not_first_environment: 422,
  unknown_department: 422,
  invalid_configuration: 500,
  unavailable: 503,
  secret_unavailable: 502,
  too_many: 409,
  runner_timeout: 504,
  runner_unreachable: 502,
  runner_refused: 502,
  runner_too_large: 502,
  runner_malformed: 502,
  runner_died: 502,
  runner_rate_limited: 503,
  runner_too_busy: 503,
  runner_cost_reached: 409,
  runner_unsupported: 422,
};

/** RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().describe('urn:towpath:problem:CODE'),
    title: z.string().describe('The code in words.'),
    status: z.number().int(),
    detail: z.string().describe('What happened and what to do next, for a person.'),
    code: z.string().describe('Stable: branch on this. A later release may add codes.'),
    instance: z.string().describe('Names this one answer; quote it when asking about it.'),
    problems: z
      .array(
        z.object({
          path: z.string(),
          message: z.string(),
          kind: z
            .string()
            .optional()
            .describe(
              'With does_not_fill: unknown, not_a_flag, malformed, masked or invalid. A later release may add some.',
            ),
          name: z.string().optional().describe('Of a variable or secret.'),
          line: z.number().int().optional(),
          column: z.number().int().optional(),
        }),
      )
      .optional()
      .describe('Every single thing that is wrong, where there may be several.'),
    open: z
      .object({ promotionId: z.string(), version: z.number().int(), approvedBy: z.array(z.string()) })
      .optional()
      .describe(
        'With replacement_not_confirmed: the promotion under review. Repeat the request with its id as `replace`.',
      ),
  })
  .meta({ id: 'Problem', description: 'Why a request was refused (RFC 9457).' });
export type Problem = z.infer<typeof problemSchema>;

/** The body of a refusal. `reference` is the request's id. */
export function problem(
  code: ProblemCode,
  detail: string,
  reference: string,
  more: Pick<Problem, 'problems' | 'open'> = {},
): Problem {
  const title = code.charAt(0).toUpperCase() + code.slice(1).replaceAll('_', ' ');
  return {
    type: `urn:towpath:problem:${code}`,
    title,
    status: STATUS_OF[code],
    detail,
    code,
    instance: `urn:uuid:${reference}`,
    ...more,
  };
}

const MOST_LISTED = 50;
const MOST_TOLD = 3;

/** A request that is not as the API describes it. Paths as `query/limit`, with or without a slash at the end. */
export function validationProblem(faults: readonly { path: string; message: string }[], reference: string): Problem {
  const problems = faults
    .slice(0, MOST_LISTED)
    .map(({ path, message }) => ({ path: path.replace(/\/$/, '').replaceAll('/', '.'), message }));
  const told = problems
    .slice(0, MOST_TOLD)
    .map(({ path, message }) => `${path}: ${message}`)
    .join('; ');
  return problem('validation', `The request is not as the API describes it: ${told}.`, reference, { problems });
}

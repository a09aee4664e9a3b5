import { PROBLEM_TYPE, problemSchema } from '../problem.ts';

const WHY: Record<number, string> = {
  400: 'The request is not as described here; `problems` lists every fault.',
  401: 'No token, or one that is not known, expired or revoked.',
  403: 'The token, or the person in whose name this was asked, may not do it.',
  404: 'What was named does not exist.',
  406: 'None of the forms that this comes in is one that `Accept` takes.',
  409: 'The state of things does not allow it now.',
  410: 'It ended: it was refused, is over, or was done once already.',
  413: 'The body is too large.',
  415: 'The body has a type that is not taken here.',
  422: 'What was sent can be read, but not taken.',
  429: 'Too many at once.',
  500: 'A fault of the server; `instance` names it.',
  502: 'What was asked for it gave no answer that can be passed on: a secret’s keeper, or what runs workflows.',
  503: 'The database can’t be reached just now, or there is too much to do; try again after `Retry-After`.',
  504: 'It took longer than it may.',
};
/** What any request may be answered. */
const ALWAYS = [400, 401, 403, 500, 503];

/** The refusals of a route, for its schema. */
export function refusals(...statuses: number[]) {
  const listed = [...new Set([...ALWAYS, ...statuses])].sort();
  return Object.fromEntries(
    listed.map((status) => [
      status,
      { description: WHY[status] ?? '', content: { [PROBLEM_TYPE]: { schema: problemSchema } } },
    ]),
  );
}

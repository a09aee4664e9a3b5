import { Refusal } from '../../../domain/refusal.ts';
import type { SlackContext } from '../slack-context.ts';
import type { TypedPerson } from './typed-text.ts';

/** So many people are looked through for a plain name. */
const MOST = 10_000;

/**
 * The user id of whoever was typed. A name that Slack did not resolve is looked for among the people known here.
 *
 * @throws Refusal invalid_input where nobody, or more than one, is called that
 */
export async function findPerson(
  { ports, workspace }: Pick<SlackContext, 'ports' | 'workspace'>,
  typed: TypedPerson,
): Promise<string> {
  if ('userId' in typed) return typed.userId;
  const wanted = spelled(typed.name);
  const known = await ports.reading(workspace.id, (tx) => tx.people.listFrom('viewer', MOST));
  const whole = known.filter(({ name }) => spelled(name) === wanted);
  // A name is one word here, so that `@ada` may be all that was typed of "Ada Lovelace".
  const called = whole.length > 0 ? whole : known.filter(({ name }) => spelled(name).split(/\s+/).includes(wanted));
  const [found] = called;
  if (found !== undefined && called.length === 1) return found.userId;
  const short = typed.name.slice(0, 60);
  const why =
    found === undefined ? `Nobody known here is called “${short}”.` : `${called.length} people are called “${short}”.`;
  throw new Refusal(
    'invalid_input',
    `${why} Type @ and pick the person from Slack’s list, so that the name is certain.`,
  );
}

/** As people compare names: without case, and whichever way an accent is written. */
function spelled(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

import { type JudgedRequirement, waitsForTheClock } from '../../../domain/requirements/evaluate.ts';
import type { PromotionView } from '../../../use-cases/views.ts';
import { mention, mentions, moment } from './mrkdwn.ts';
import { IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

const MARKS: Record<JudgedRequirement['state'], string> = { met: '✓', pending: '○', failed: '✗' };
const SHOWN = 20;
const NAMED = 10;
/** What the clock will have brought by then. */
const BY_THE_CLOCK: Readonly<Record<string, string>> = {
  freeze: 'until',
  lock: 'until',
  schedule: 'not before',
  soak: 'done',
  gates: 'waits until',
};
/** Of these the people are who is in the way. */
const HELD_BY = new Set(['freeze', 'lock']);

/** What an open promotion needs: first what is missing, with who can give it or when it comes, then what is there. */
export function stillNeeded(view: PromotionView): Part[] {
  if (view.status !== 'open' || view.requirements.length === 0) return [];
  return needs(view.requirements, (requirement) => {
    if (requirement.kind === 'approvals' && requirement.state === 'pending') return whoCan(view);
    // The items stand by themselves on the card.
    return requirement.kind === 'checklist' && view.checklist.length > 0 ? '' : null;
  });
}

/**
 * The same of any requirements.
 * @param instead what a line says in place of its detail, or null for the detail
 */
export function needs(
  requirements: readonly JudgedRequirement[],
  instead: (requirement: JudgedRequirement) => string | null = () => null,
): Part[] {
  const line = (requirement: JudgedRequirement) => requirementLine(requirement, instead(requirement));
  const shown = requirements.slice(0, SHOWN);
  const missing = shown.filter(({ state }) => state !== 'met').map(line);
  const met = shown.filter(({ state }) => state === 'met').map(line);
  return [
    ...(missing.length === 0 ? [] : [section(['*Still needed*', ...missing].join('\n'), IMPORTANCE.needed)]),
    ...onlyTheClock(requirements),
    ...(met.length === 0 ? [] : [section(['*There already*', ...met].join('\n'), IMPORTANCE.approvals)]),
  ];
}

function requirementLine(requirement: JudgedRequirement, instead: string | null): string {
  const { kind, state, summary, detail } = requirement;
  const why = detail === undefined || instead === '' ? '' : `: ${escaped(detail, 300)}`;
  const words = instead === null || instead === '' ? why : `${why}${instead}`;
  return `${MARKS[state]} ${escaped(summary, 200)}${words}${heldBy(requirement)}${when(kind, requirement)}`;
}

function heldBy({ kind, state, people = [] }: JudgedRequirement): string {
  if (state === 'met' || !HELD_BY.has(kind) || people.length === 0) return '';
  return ` (by ${mentions(people.slice(0, NAMED))})`;
}

function when(kind: string, { state, retryAt }: JudgedRequirement): string {
  if (state === 'met' || retryAt === undefined) return '';
  return `, ${BY_THE_CLOCK[kind] ?? 'judged again'} ${moment(retryAt)}`;
}

/** Nobody is to wonder whom it waits for. */
function onlyTheClock(requirements: readonly JudgedRequirement[]): Part[] {
  if (!waitsForTheClock(requirements)) return [];
  const last = Math.max(
    ...requirements.flatMap(({ state, retryAt }) => (state === 'met' ? [] : [retryAt?.getTime() ?? 0])),
  );
  return [
    section(
      `🕒 Nobody has to do anything more: it goes live by itself, ${moment(new Date(last))} at the earliest.`,
      IMPORTANCE.needed,
    ),
  ];
}

function whoCan({ canApprove }: PromotionView): string {
  const named = canApprove.userIds.slice(0, NAMED);
  if (named.length === 0) return '';
  const hasMore = canApprove.more || canApprove.userIds.length > named.length;
  return hasMore ? `: ${named.map(mention).join(', ')} and others can give it` : `: ${mentions(named)} can give it`;
}

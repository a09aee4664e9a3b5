import { type JudgedRequirement, waitsForTheClock } from '../../../domain/requirements/evaluate.ts';
import { isUnderWay } from '../../../domain/suite/suite-run.ts';
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
  soak: 'not before',
  gates: 'waits until',
};
/** Of these the people are who is in the way. */
const HELD_BY = new Set(['freeze', 'lock']);

/** What a line says of its own beside its summary. */
interface Said {
  /** Left out: the requirement's own. */
  detail?: string;
  who?: string;
  /** Since when it is in the way. */
  since?: Date;
}

/** What an open promotion needs: first what is missing, with who can give it or when it comes, then what is there. */
export function stillNeeded(view: PromotionView): Part[] {
  if (view.status !== 'open' || view.requirements.length === 0) return [];
  return needs(view.requirements, ({ kind, state, detail }) => {
    if (kind === 'lock') return sinceLocked(view);
    // Items and noes stand by themselves on the card.
    if (kind === 'checklist' && view.checklist.length > 0) return { detail: '' };
    if (state === 'pending' && detail !== undefined && isShownAsRun(view, kind, detail)) return { detail: '' };
    if (kind !== 'approvals' || state !== 'pending') return {};
    return { who: whoCan(view), ...(view.rejections.length > 0 && { detail: '' }) };
  });
}

/** How far a run is stands by itself on the card. */
function isShownAsRun({ tests }: PromotionView, kind: string, detail: string): boolean {
  const run = kind === 'tests' ? tests?.suite : kind === 'shadow' ? tests?.replay : null;
  if (run == null || !isUnderWay(run.state)) return false;
  return detail === 'waits for its turn' || detail === `${run.done} of ${run.total} so far`;
}

/** The same of any requirements. */
export function needs(
  requirements: readonly JudgedRequirement[],
  say: (requirement: JudgedRequirement) => Said = () => ({}),
): Part[] {
  const line = (requirement: JudgedRequirement) => requirementLine(requirement, say(requirement));
  const shown = requirements.slice(0, SHOWN);
  const missing = shown.filter(({ state }) => state !== 'met').map(line);
  const met = shown.filter(({ state }) => state === 'met').map(line);
  return [
    ...(missing.length === 0 ? [] : [section(['*Still needed*', ...missing].join('\n'), IMPORTANCE.needed)]),
    ...onlyTheClock(requirements),
    ...(met.length === 0 ? [] : [section(['*There already*', ...met].join('\n'), IMPORTANCE.approvals)]),
  ];
}

function requirementLine(
  requirement: JudgedRequirement,
  { detail = requirement.detail, who = '', since }: Said,
): string {
  const { kind, state, summary } = requirement;
  const why = detail === undefined || detail === '' ? '' : `: ${escaped(detail, 300)}`;
  return `${MARKS[state]} ${escaped(summary, 200)}${why}${who}${heldBy(requirement, since)}${when(kind, requirement)}`;
}

function sinceLocked({ locks }: PromotionView): Said {
  const [first] = locks.map(({ at }) => at).sort((a, b) => a.getTime() - b.getTime());
  return first === undefined ? {} : { since: first };
}

function heldBy({ kind, state, people = [] }: JudgedRequirement, since: Date | undefined): string {
  if (state === 'met' || !HELD_BY.has(kind) || people.length === 0) return '';
  const from = since === undefined ? '' : ` since ${moment(since)}`;
  return ` (by ${mentions(people.slice(0, NAMED))}${from})`;
}

function when(kind: string, { state, retryAt }: JudgedRequirement): string {
  if (state === 'met' || retryAt === undefined || kind === 'approvals') return '';
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

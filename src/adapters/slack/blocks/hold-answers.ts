import type { FreezeView, HoldsView, LockView } from '../../../use-cases/views.ts';
import { nth, UNFREEZE, UNLOCK } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button } from './button.ts';
import { fitMessage } from './fit-message.ts';
import { duration, environment, mention, moment, slug, typed } from './mrkdwn.ts';
import { context, IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

/*
 * What a person is told of locks and freezes: what they set and ended, and what there is.
 */

const SHOWN = 15;

/** `production`, `summarize-flow`, `summarize-flow in production`, `everything`. Escaped. */
function scopeInWords({ workflow, environment: where }: Pick<LockView, 'workflow' | 'environment'>): string {
  if (workflow === null) return where === null ? 'everything' : environment(where);
  return where === null ? slug(workflow) : `${slug(workflow)} in ${environment(where)}`;
}

/** What ends it by typing, where one word names its scope. */
function unlockTyped({ workflow, environment: where }: LockView): string | null {
  if (workflow !== null && where !== null) return null;
  return typed(`/towpath unlock ${workflow?.slug ?? where?.name ?? 'all'}`);
}

function until(at: Date | null, otherwise: string): string {
  return at === null ? otherwise : `until ${moment(at)}`;
}

export function lockedAnswer(lock: LockView): Answer {
  const ends = unlockTyped(lock);
  const how = ends === null ? '' : ` ${ends} ends it.`;
  return {
    text: `Locked: ${scopeInWords(lock)}, ${until(lock.until, 'until somebody unlocks it')}. Nothing of that goes live meanwhile; rollbacks always work.${how}`,
  };
}

export function unlockedAnswer({ ended }: { ended: readonly LockView[] }): Answer {
  const [first] = ended;
  if (first === undefined) return { text: 'Unlocked.' };
  const who = [...new Set(ended.map(({ by }) => by))].slice(0, 10).map(mention).join(', ');
  return { text: `Unlocked: ${scopeInWords(first)}, locked by ${who}. What waited for that alone goes live now.` };
}

export function frozenAnswer(freeze: FreezeView): Answer {
  const { name } = freeze.environment;
  return {
    text: `Frozen: nothing goes live in ${environment(freeze.environment)} ${until(freeze.until, 'until somebody ends it')}; rollbacks always work. ${typed(`/towpath unfreeze ${name}`)} ends it.`,
  };
}

export function unfrozenAnswer({ ended }: { ended: readonly FreezeView[] }): Answer {
  const [first] = ended;
  if (first === undefined) return { text: 'Not frozen any more.' };
  const who = [...new Set(ended.map(({ by }) => by))].slice(0, 10).map(mention).join(', ');
  return {
    text: `${environment(first.environment)} is not frozen any more; ${who} had frozen it. What waited for that alone goes live now.`,
  };
}

/**
 * `/towpath locks`: each with its owner, its age and its reason, and a button that ends it.
 * @param reader whose own locks end without a question
 */
export function holdsAnswer({ locks, freezes, windows }: HoldsView, reader: string, now: Date): Answer {
  if (locks.length + freezes.length + windows.length === 0)
    return { text: `Nothing is locked or frozen. ${typed('/towpath help lock')} says how to.` };
  const parts = [
    ...locks.slice(0, SHOWN).map((lock, i) => lockPart(lock, i, reader, now)),
    ...freezes.slice(0, SHOWN).map((freeze, i) => freezePart(freeze, i, reader)),
    ...windows.slice(0, SHOWN).map(windowPart),
  ];
  const left = [locks, freezes, windows].reduce((sum, all) => sum + Math.max(0, all.length - SHOWN), 0);
  const title = 'Locked and frozen';
  return fitMessage(title, [
    section(`*${title}*`, IMPORTANCE.essential),
    ...parts,
    context(`${left > 0 ? `And ${left} more. ` : ''}None of it stops a rollback.`, IMPORTANCE.note),
  ]);
}

function lockPart(lock: LockView, index: number, reader: string, now: Date): Part {
  const age = duration(now.getTime() - lock.at.getTime());
  const ends = until(lock.until, 'until somebody unlocks it');
  const from = lock.promotionId === null ? '' : ', from the card of a request';
  const isOwn = lock.by === reader;
  const confirm = {
    title: 'Unlock it?',
    text: `Somebody else locked ${plainScope(lock)}. They are told that you ended it.`,
    ...{ yes: 'Unlock', no: 'Leave it locked' },
  };
  return section(
    `🔒 *${scopeInWords(lock)}*, locked by ${mention(lock.by)} for ${age}, ${ends}${from}\n${escaped(lock.reason, 500)}`,
    IMPORTANCE.needed - Math.min(index, 20),
    button(nth(UNLOCK, index), 'Unlock', { lockId: lock.id, others: !isOwn, listed: true }, isOwn ? {} : { confirm }) ??
      undefined,
  );
}

function plainScope({ workflow, environment: where }: LockView): string {
  return [workflow?.slug, where?.name].filter((name) => name !== undefined).join(' in ') || 'everything';
}

function freezePart(
  { environment: where, by, at, until: end, reason }: FreezeView,
  index: number,
  reader: string,
): Part {
  const confirm = {
    title: `Unfreeze ${where.name}?`,
    text: 'Somebody else froze it. All that was frozen there by hand ends.',
    ...{ yes: 'Unfreeze', no: 'Leave it frozen' },
  };
  return section(
    `❄️ *${environment(where)}*, frozen by ${mention(by)} ${moment(at)}, ${until(end, 'until somebody ends it')}\n${escaped(reason, 500)}`,
    IMPORTANCE.needed - Math.min(index, 20),
    button(
      nth(UNFREEZE, index),
      'Unfreeze',
      { environment: where.name, listed: true },
      by === reader ? {} : { confirm },
    ) ?? undefined,
  );
}

function windowPart({ environment: where, kind, reason, until: end }: HoldsView['windows'][number]): Part {
  const what = kind === 'deny' ? 'frozen by its calendar' : 'outside of when it may be changed';
  return section(
    `🗓️ *${environment(where)}*, ${what} ${until(end, 'for good')}\n${escaped(reason, 500)}`,
    IMPORTANCE.approvals,
  );
}

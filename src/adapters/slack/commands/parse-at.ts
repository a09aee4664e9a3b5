import { type Clock, parseSchedule, readTime } from '../../../domain/schedule.ts';
import { takeTime } from './take-time.ts';
import { plainSentence, plainText, splitWord } from './typed-text.ts';
import { incomplete } from './usage.ts';

/** Phones make one dash of two. */
const AT = /^(?:--?|[–—])?at$/iu;
/** Behind the reason, where only quotes or dashes tell it from the reason's own words. */
const LATER = /(?<=\s)(?:(?<dashed>(?:--?|[–—])at)\s+|at\s+(?=["“”„«]))/iu;
const EXAMPLE = '/promote summarize-flow production at "monday 09:00"';

/**
 * Takes `at TIME` off what follows the environment: at its front, or further on where dashes or quotes mark it. Left in the reason, it
 * would make a promotion that goes live at once of one for later.
 *
 * @returns null for none, and what else was typed
 * @throws Refusal invalid_input for what is no time to come
 */
export function takeAt(text: string, clock: Clock): { at: Date | null; rest: string } {
  const first = splitWord(text);
  if (first !== null && AT.test(first.word)) return taken(first.rest, clock);
  const later = LATER.exec(text);
  if (later === null) return { at: null, rest: text };
  const after = text.slice(later.index + later[0].length);
  const isMeant = later.groups?.['dashed'] !== undefined || readsAsTime(after, clock);
  if (!isMeant) return { at: null, rest: text };
  const { at, rest } = taken(after, clock);
  return { at, rest: `${text.slice(0, later.index)} ${rest}` };
}

/** @throws Refusal invalid_input where the reason ends in a time, which may be meant as when */
export function refuseTimeInReason(reason: string | undefined, clock: Clock): void {
  const end = /\bat\s+(?<time>\S+(?:\s+\S+){0,3})$/iu.exec(reason ?? '')?.groups?.['time'];
  if (end === undefined || readTime(end, clock) === null) return;
  throw incomplete(
    'promote',
    `Should it go live at ${end}? Then say so right behind the environment; where it belongs to the reason, end that with another word.`,
    EXAMPLE,
  );
}

function readsAsTime(text: string, clock: Clock): boolean {
  const inside = /^["“”„«]([^"“”„«»]*)["“”»]/u.exec(text)?.[1];
  return inside !== undefined && readTime(plainText(inside), clock) !== null;
}

function taken(text: string, clock: Clock): { at: Date; rest: string } {
  const time = takeTime(text, clock);
  if (time !== null) return { at: time.value, rest: time.rest };
  const said = plainSentence(text);
  if (said === null) throw incomplete('promote', 'At what time should it go live?', EXAMPLE);
  return { at: parseSchedule(said, clock), rest: '' };
}

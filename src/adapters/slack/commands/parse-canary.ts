import { distance } from 'fastest-levenshtein';
import type { Refusal } from '../../../domain/refusal.ts';
import { parseShare } from '../../../domain/rollout.ts';
import { plainWord } from './typed-text.ts';
import { incomplete } from './usage.ts';

/** Phones make one dash of two. The value may stand apart from the word and from its sign: `--canary = 10 %`. */
const OPTION = /(?<=^|\s)(?:--?|[–—])(?<name>[a-z]{3,12})(?:\s*[=:]\s*|\s+|$|(?=\d))(?<value>\S*)(?<sign>\s+%)?/giu;
/** A reason that is a share and nothing else was meant as one: as a reason it would give the new version to everybody. */
const ONLY_A_SHARE = /^\W*(?:canary\W+[\d.,]+\s*%?|[\d.,]+\s*%)\W*$/i;
const MOST_SLIPS = 2;
const EXAMPLE = '/promote summarize-flow production --canary 10%';
const SHARES = 'A share is a percentage from 0% to 100%, such as 10% or 0.5%.';

/**
 * Takes `--canary SHARE` out of what was typed, wherever it stands: left in the reason, it would make a whole step of a small one.
 *
 * @returns the share in hundredths of a percent, null without one, and what else was typed
 * @throws Refusal invalid_input for what is no share, or a slip of the word
 */
export function takeCanary(text: string): { canary: number | null; rest: string } {
  const shares: number[] = [];
  const rest = text.replace(OPTION, (whole, name: string, value: string, sign = '') => {
    const slips = distance(name.toLowerCase(), 'canary');
    if (slips > MOST_SLIPS) return whole;
    if (slips > 0) throw wrong(`“--${name}” is not taken here; did you mean --canary?`);
    const share = readShare(`${value}${sign}`);
    if (share === null) throw wrong(value === '' ? `How large is the canary? ${SHARES}` : noShare(value));
    shares.push(share);
    return ' ';
  });
  if (shares.length > 1) throw wrong('--canary was said twice.');
  return { canary: shares[0] ?? null, rest };
}

/** @throws Refusal invalid_input where the reason is a share */
export function refuseShareAsReason(reason: string | undefined): void {
  if (reason === undefined || !ONLY_A_SHARE.test(reason)) return;
  throw wrong(`Is “${reason.slice(0, 40)}” how many should get it at first? That takes --canary.`);
}

/** A share as typed, in hundredths of a percent; null for what is none. */
export function readShare(typed: string): number | null {
  return parseShare(plainWord(typed).replace(/\s+/g, ''));
}

/** The sentence for what is no share. */
export function noShare(typed: string): string {
  return `“${plainWord(typed).slice(0, 40)}” is no share. ${SHARES}`;
}

function wrong(what: string): Refusal {
  return incomplete('promote', what, EXAMPLE);
}

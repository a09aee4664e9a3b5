import type { Risk, RiskLevel } from '../../../domain/diff/risk.ts';
import { IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

const WORDS: Record<RiskLevel, string> = {
  none: '⚪ *No risk*',
  low: '🟢 *Low risk*',
  medium: '🟠 *Medium risk*',
  high: '🔴 *High risk*',
};
/** Reasons are named as long as they fit into a line. */
const LINE = 70;

/** How much care a change asks for and why, in one line. */
export function risk({ level, reasons }: Risk): Part {
  const [first, ...others] = reasons.map((reason) => escaped(reason, 200));
  if (first === undefined) return section(`${WORDS[level]}: nothing that it does differs`, IMPORTANCE.needed);
  let why = first;
  let named = 1;
  for (const reason of others) {
    if (why.length + reason.length > LINE) break;
    why += `, ${reason}`;
    named += 1;
  }
  if (named < reasons.length) why += ` and ${reasons.length - named} more`;
  return section(`${WORDS[level]}: ${why}`, IMPORTANCE.needed);
}

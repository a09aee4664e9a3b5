import type { Risk, RiskLevel } from '../../../domain/diff/risk.ts';
import { IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

const WORDS: Record<RiskLevel, string> = {
  none: '⚪ *No risk*',
  low: '🟢 *Low risk*',
  medium: '🟠 *Medium risk*',
  high: '🔴 *High risk*',
};
/** So many reasons fit into one line on a phone, or nearly. */
const SHOWN = 2;

/** How much care a change asks for and why, in one line. */
export function risk({ level, reasons }: Risk): Part {
  const shown = reasons.slice(0, SHOWN).map((reason) => escaped(reason, 200));
  const left = reasons.length - shown.length;
  const why =
    shown.length === 0 ? 'nothing that it does differs' : `${shown.join('; ')}${left > 0 ? `; ${left} more` : ''}`;
  return section(`${WORDS[level]}: ${why}`, IMPORTANCE.needed);
}

import type { DiffSummary, PromotionView } from '../../../use-cases/views.ts';
import { bullets, context, IMPORTANCE, type Part } from './parts.ts';

/** What fits on a phone's screen beside the rest; the full diff shows everything. */
const SHOWN = 8;

/** The diff as sentences, by importance. `title` says what is compared; `none` is said where nothing differs. */
export function changes(title: string, diff: DiffSummary, none = 'No functional change.'): Part {
  const shown = diff.lines.slice(0, SHOWN);
  const more = Math.max(0, diff.more) + diff.lines.length - shown.length;
  if (shown.length === 0 && more === 0) return context(none, IMPORTANCE.changes);
  return bullets(diff.functional ? title : `${title} (no functional change)`, shown, more, IMPORTANCE.changes);
}

const SHOWN_IN_EFFECT = 6;

/** What changes once both versions are filled with an environment's settings, where that is not what they say themselves. */
export function changesInEffect(environment: string, inEffect: PromotionView['inEffect']): Part[] {
  if (inEffect === null) return [];
  const shown = inEffect.lines.slice(0, SHOWN_IN_EFFECT);
  const more = Math.max(0, inEffect.more) + inEffect.lines.length - shown.length;
  const title = `In effect in ${environment}`;
  return shown.length === 0 && more === 0
    ? [bullets(title, ['Nothing: its settings make both the same.'], 0, IMPORTANCE.changes)]
    : [bullets(title, shown, more, IMPORTANCE.changes)];
}

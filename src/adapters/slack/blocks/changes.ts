import type { DiffSummary } from '../../../use-cases/views.ts';
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

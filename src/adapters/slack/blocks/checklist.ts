import type { PromotionView } from '../../../use-cases/views.ts';
import { nth, TICK, UNTICK } from '../actions/action-ids.ts';
import { button } from './button.ts';
import { mention, moment } from './mrkdwn.ts';
import { IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

/** A policy names at most ten, and what is stricter for some workflows adds to them. */
const SHOWN = 15;

/** What people have to tick, each with its button, and who ticked what when. */
export function checklist({ id, status, checklist: items }: PromotionView): Part[] {
  if (status !== 'open' || items.length === 0) return [];
  const ticked = items.filter((one) => one.ticked !== null).length;
  const shown = items.slice(0, SHOWN).map(({ item, ticked: by }, i) => {
    const carried = { promotionId: id, item };
    const act = by === null ? button(nth(TICK, i), 'Tick', carried) : button(nth(UNTICK, i), 'Untick', carried);
    const words =
      by === null ? `☐ ${escaped(item, 150)}` : `☑ ${escaped(item, 150)}\n      ${mention(by.by)} ${moment(by.at)}`;
    return section(words, IMPORTANCE.needed, act ?? undefined);
  });
  const left = items.length - shown.length;
  const more = left > 0 ? ` (${left} more do not fit here)` : '';
  return [section(`*Checklist*, ${ticked} of ${items.length} ticked${more}`, IMPORTANCE.needed), ...shown];
}

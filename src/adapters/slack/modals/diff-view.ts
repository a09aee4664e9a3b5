import type { ModalView } from '@slack/types';
import { changeCount } from '../../../domain/diff/diff-text.ts';
import type { DiffView } from '../../../use-cases/views.ts';
import { DIFF_PAGE, nth } from '../actions/action-ids.ts';
import { button } from '../blocks/button.ts';
import { changesInEffect } from '../blocks/changes.ts';
import { slug, version } from '../blocks/mrkdwn.ts';
import { buttons, context, IMPORTANCE, type Part, section } from '../blocks/parts.ts';
import { wideScreen } from '../blocks/promotion-buttons.ts';
import { risk } from '../blocks/risk.ts';
import { plain } from '../blocks/text.ts';
import { type ModalLook, modal } from './modal.ts';
import { paginate, type TextPage } from './pages.ts';

export type DiffTab = 'blocks' | 'code';
export interface DiffPlace {
  tab: DiffTab;
  /** From 0. */
  page: number;
}

/**
 * One page of the whole comparison: the tree of steps with a mark at each that changed, or the lines of code. Pure.
 * @param wide the address of the comparison's page, where there is one
 */
export function diffModal(look: ModalLook, view: DiffView, place: DiffPlace, wide: string | null = null): ModalView {
  const pages = paginate(place.tab === 'blocks' ? view.blocks.map(treeLine) : view.code.text.split('\n'));
  const page = Math.min(Math.max(0, place.page), pages.length - 1);
  const from = view.from === null ? 'nothing' : version(view.from);
  return modal(look, [
    section(`*${slug(view.workflow)}* · ${from} → *${version(view.to)}*\n${count(view)}`, IMPORTANCE.essential),
    ...(view.total === 0 && view.from !== null ? [] : [risk(view.summary.risk)]),
    ...(page === 0 ? changesInEffect(view.inEffect?.environment ?? '', view.inEffect) : []),
    ...buttons([tabButton('blocks', 'Steps', place.tab), tabButton('code', 'Code', place.tab), wideScreen(wide)]),
    ...chunks(pages[page] ?? []),
    ...(place.tab === 'blocks' ? [context('+ added   − removed   ~ changed   > moved', IMPORTANCE.note)] : []),
    ...(place.tab === 'code' && view.code.truncated
      ? [context('The code is longer than this; its end is left out.', IMPORTANCE.note)]
      : []),
    ...turning(place.tab, page, pages.length),
  ]);
}

function count({ summary, total, from }: DiffView): string {
  if (total === 0) return from === null ? 'The first version there.' : 'Nothing differs.';
  return capital(changeCount(total, summary.functional));
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function treeLine({ mark, depth, text }: DiffView['blocks'][number]): string {
  return `${mark === '-' ? '−' : mark} ${'  '.repeat(Math.min(Math.max(0, depth), 20))}${text.replaceAll('\n', ' ')}`;
}

function chunks(page: TextPage): Part[] {
  if (page.every((chunk) => chunk.trim() === '')) return [section('Nothing to show here.', IMPORTANCE.essential)];
  return page.map((chunk) => ({
    block: {
      type: 'rich_text',
      elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: plain(chunk, 3_000) }] }],
    },
    importance: IMPORTANCE.needed,
  }));
}

function tabButton(tab: DiffTab, text: string, shown: DiffTab) {
  return button(
    nth(DIFF_PAGE, tab === 'blocks' ? 0 : 1),
    text,
    { tab, page: 0 },
    tab === shown ? { style: 'primary' } : {},
  );
}

function turning(tab: DiffTab, page: number, pages: number): Part[] {
  if (pages <= 1) return [];
  const last = pages - 1;
  const turn = (nthButton: number, text: string, to: number) =>
    button(nth(DIFF_PAGE, nthButton), text, { tab, page: to });
  return [
    context(`Page ${page + 1} of ${pages}`, IMPORTANCE.essential),
    ...buttons([
      page > 1 ? turn(4, 'First', 0) : null,
      page > 0 ? turn(2, 'Previous', page - 1) : null,
      page < last ? turn(3, 'Next', page + 1) : null,
      page < last - 1 ? turn(5, 'Last', last) : null,
    ]),
  ];
}

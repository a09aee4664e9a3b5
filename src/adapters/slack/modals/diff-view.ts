import type { ModalView } from '@slack/types';
import type { DiffView } from '../../../use-cases/views.ts';
import { DIFF_PAGE, nth } from '../actions/action-ids.ts';
import { button } from '../blocks/button.ts';
import { slug, version } from '../blocks/mrkdwn.ts';
import { buttons, context, IMPORTANCE, type Part, section } from '../blocks/parts.ts';
import { plain } from '../blocks/text.ts';
import { type ModalLook, modal } from './modal.ts';
import { paginate, type TextPage } from './pages.ts';

export type DiffTab = 'blocks' | 'code';
export interface DiffPlace {
  tab: DiffTab;
  /** From 0. */
  page: number;
}

/** One page of the whole comparison: the tree of steps with a mark at each that changed, or the lines of code. Pure. */
export function diffModal(look: ModalLook, view: DiffView, place: DiffPlace): ModalView {
  const pages = paginate(place.tab === 'blocks' ? view.blocks.map(treeLine) : view.code.text.split('\n'));
  const page = Math.min(Math.max(0, place.page), pages.length - 1);
  const from = view.from === null ? 'nothing' : version(view.from);
  return modal(look, [
    section(`*${slug(view.workflow)}* · ${from} → *${version(view.to)}*\n${count(view)}`, IMPORTANCE.essential),
    ...buttons([tabButton('blocks', 'Steps', place.tab), tabButton('code', 'Code', place.tab)]),
    ...chunks(pages[page] ?? []),
    ...(place.tab === 'blocks' ? [context('+ added   − removed   ~ changed   > moved', IMPORTANCE.note)] : []),
    ...(place.tab === 'code' && view.code.truncated
      ? [context('The code is longer than this. The API and the CLI show all of it.', IMPORTANCE.note)]
      : []),
    ...turning(place.tab, page, pages.length),
  ]);
}

function count({ summary, changes }: DiffView): string {
  if (changes.length === 0) return 'Nothing differs.';
  const many = `${changes.length}${changes.length >= 1_000 ? ' or more' : ''} ${changes.length === 1 ? 'change' : 'changes'}`;
  return summary.functional ? many : `${many}, none of them functional`;
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
  const previous = page > 0 ? button(nth(DIFF_PAGE, 2), 'Previous', { tab, page: page - 1 }) : null;
  const next = page < pages - 1 ? button(nth(DIFF_PAGE, 3), 'Next', { tab, page: page + 1 }) : null;
  return [context(`Page ${page + 1} of ${pages}`, IMPORTANCE.essential), ...buttons([previous, next])];
}

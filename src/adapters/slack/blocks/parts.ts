import type { Button, KnownBlock, RichTextSection } from '@slack/types';
import { cut, plain } from './text.ts';

/** One block with its importance: where a message grows too long, the least important parts go first. */
export interface Part {
  block: KnownBlock;
  importance: number;
}

/** How much a reader misses a part. What says which workflow, what happened and what can be done is never given up. */
export const IMPORTANCE = {
  essential: 100,
  needed: 80,
  approvals: 70,
  reason: 60,
  changes: 50,
  note: 40,
  detail: 20,
} as const;

const SECTION_MAX = 3_000;
const QUOTE_MAX = 1_000;
const BULLET_MAX = 300;

/** A part with text in mrkdwn that is already escaped; longer than a section may be, it ends at a line's end. */
export function section(mrkdwn: string, importance: number, accessory?: Button): Part {
  const block = {
    type: 'section' as const,
    text: { type: 'mrkdwn' as const, text: cutLines(mrkdwn, SECTION_MAX), verbatim: true },
  };
  return { block: accessory === undefined ? block : { ...block, accessory }, importance };
}

/** Small print. */
export function context(mrkdwn: string, importance: number): Part {
  return {
    block: { type: 'context', elements: [{ type: 'mrkdwn', text: cutLines(mrkdwn, SECTION_MAX), verbatim: true }] },
    importance,
  };
}

export function header(text: string): Part {
  return {
    block: { type: 'header', text: { type: 'plain_text', text: plain(text, 150), emoji: false } },
    importance: IMPORTANCE.essential,
  };
}

/** What a person wrote, word for word: nothing of it is interpreted. */
export function quote(text: string, importance: number, max = QUOTE_MAX): Part {
  const wasCut = text.length > max;
  const elements = [{ type: 'text' as const, text: plain(text, max) }];
  const note = { type: 'text' as const, text: ' (shortened here)', style: { italic: true } };
  return {
    block: {
      type: 'rich_text',
      elements: [{ type: 'rich_text_quote', elements: wasCut ? [...elements, note] : elements }],
    },
    importance,
  };
}

/** A title over a list of sentences, none of them interpreted. `more` adds "and 14 more". */
export function bullets(title: string, lines: readonly string[], more: number, importance: number): Part {
  const item = (text: string): RichTextSection => ({
    type: 'rich_text_section',
    elements: [{ type: 'text', text: plain(text, BULLET_MAX) }],
  });
  const styled = (text: string, style: { bold?: boolean; italic?: boolean }): RichTextSection => ({
    type: 'rich_text_section',
    elements: [{ type: 'text', text: plain(text, BULLET_MAX), style }],
  });
  return {
    block: {
      type: 'rich_text',
      elements: [
        styled(title, { bold: true }),
        ...(lines.length === 0
          ? []
          : [{ type: 'rich_text_list' as const, style: 'bullet' as const, elements: lines.map(item) }]),
        ...(more > 0 ? [styled(`and ${more} more`, { italic: true })] : []),
      ],
    },
    importance,
  };
}

/** A row of at most five buttons; none for none. */
export function buttons(elements: readonly (Button | null)[]): Part[] {
  const shown = elements.filter((element) => element !== null).slice(0, 5);
  return shown.length === 0 ? [] : [{ block: { type: 'actions', elements: shown }, importance: IMPORTANCE.essential }];
}

export function divider(): Part {
  return { block: { type: 'divider' }, importance: IMPORTANCE.detail };
}

/** Slack would refuse a longer text: whole lines are kept, then a last cut. */
function cutLines(text: string, max: number): string {
  if (text.trim() === '') return '–';
  if (text.length <= max) return text;
  const end = text.lastIndexOf('\n', max - 2);
  return end > 0 ? `${text.slice(0, end)}\n…` : cut(text, max);
}

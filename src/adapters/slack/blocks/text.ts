/*
 * Text that people wrote, made safe to show in Slack. In mrkdwn nothing of it can become a mention, a link or a broken
 * entity; in every form it keeps its own writing direction and stays within the length it is given.
 */

/** What stands for the part that was cut off. */
const ELLIPSIS = '…';

/** Direction overrides and isolates that a writer could leave open, to turn what follows around. */
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Without control characters (but line breaks and tabs), lone surrogates and open direction marks. */
export function clean(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?/g, '\n')
      // Every control character but line breaks and tabs.
      .replace(/[^\P{Cc}\n\t]|[\u2028\u2029]/gu, '')
      .replace(BIDI_CONTROLS, '')
  );
}

/** At most `max` UTF-16 units, never half a character; what was cut shows as `…`. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text.slice(0, Math.max(0, max - ELLIPSIS.length));
  return `${endsInHalfACharacter(kept) ? kept.slice(0, -1) : kept}${ELLIPSIS}`.slice(0, max);
}

function endsInHalfACharacter(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

/** For `plain_text` and `rich_text`, where nothing is interpreted. Never empty: Slack refuses empty texts. */
export function plain(text: string, max: number): string {
  const kept = clean(text);
  const shown = RIGHT_TO_LEFT.test(kept) ? `\u2068${cut(kept, max - 2)}\u2069` : cut(kept, max);
  return shown.trim() === '' ? '–' : shown;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * For mrkdwn, on one line: `&`, `<` and `>` as entities, and no backticks, which could turn all that follows into code. The
 * result is at most `max` long and ends in no half entity.
 */
export function escaped(text: string, max: number): string {
  const oneLine = clean(text)
    // Not `\s*\n\s*`, which looks through a long run of blanks once for each of them.
    .replace(/\s+/g, (blanks) => (blanks.includes('\n') ? ' ' : blanks))
    .replaceAll('`', "'")
    .trim();
  if (oneLine === '') return '–';
  const wraps = RIGHT_TO_LEFT.test(oneLine);
  const shown = escapedWithin(oneLine, max - (wraps ? 2 : 0));
  return wraps ? `\u2068${shown}\u2069` : shown;
}

function escapedWithin(text: string, max: number): string {
  let shown = '';
  for (const character of text) {
    const next = shown + (ENTITIES[character] ?? character);
    if (next.length > max) return `${cutEntities(shown, max - ELLIPSIS.length)}${ELLIPSIS}`;
    shown = next;
  }
  return shown;
}

/** Shortens escaped text to `max` without leaving half an entity or half a character at its end. */
function cutEntities(shown: string, max: number): string {
  const kept = shown.slice(0, max).replace(/&[a-z]{0,3}$/, '');
  return endsInHalfACharacter(kept) ? kept.slice(0, -1) : kept;
}

/** A run inside a line of Slack's mrkdwn. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong' | 'emphasis' | 'strike'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; label: string }
  | { kind: 'user' | 'channel' | 'group'; id: string; label: string | null }
  | { kind: 'broadcast'; range: string }
  | { kind: 'emoji'; name: string }
  | { kind: 'date'; seconds: number; format: string; href: string | null; fallback: string };

/** A piece of a mrkdwn text that stands on lines of its own. */
export type Piece =
  | { kind: 'lines'; children: Inline[] }
  | { kind: 'quote'; children: Inline[] }
  | { kind: 'code'; text: string };

const FENCE = /```([\s\S]+?)```/g;
const QUOTED = /^(?:&gt;|>) ?/;
const TOKEN = /^<([^<>\n]+)>/;
const EMOJI = /^:([a-z0-9_+'-]+)(?:::skin-tone-[2-6])?:/i;
const BARE_LINK = /^https?:\/\/[^\s<>|`]*[^\s<>|`.,;:!?'")\]}*_~]/i;
const DATE = /^date\^(\d{1,12})\^([^^|]+)(?:\^([^|]*))?(?:\|([\s\S]*))?$/;
const MARKS = { '*': 'strong', _: 'emphasis', '~': 'strike' } as const;
type Mark = keyof typeof MARKS;

/** Turns Slack's three escapes back. */
export function unescapeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/**
 * Reads Slack's mrkdwn as Slack does: fences first, then quoted lines, then marks inside one line.
 * Whatever is not closed stays as it was typed. Takes time in proportion to the text, whatever it holds.
 */
export function parseMrkdwn(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    pieces.push(...linesOf(text.slice(from, fence.index)));
    pieces.push({ kind: 'code', text: codeOf(fence[1] ?? '') });
    from = fence.index + fence[0].length;
  }
  pieces.push(...linesOf(text.slice(from)));
  return pieces;
}

/** Emoji are the only markup of plain text. */
export function parsePlain(text: string): Inline[] {
  const runs: Inline[] = [];
  let from = 0;
  for (const found of text.matchAll(new RegExp(EMOJI.source.slice(1), 'gi'))) {
    if (found.index > from) runs.push({ kind: 'text', text: text.slice(from, found.index) });
    runs.push({ kind: 'emoji', name: found[1] ?? '' });
    from = found.index + found[0].length;
  }
  if (from < text.length) runs.push({ kind: 'text', text: text.slice(from) });
  return runs;
}

function codeOf(text: string): string {
  return unescapeEntities(text.replace(/^\n/, '').replace(/\n$/, ''));
}

function linesOf(text: string): Piece[] {
  const trimmed = text.replace(/^\n|\n$/g, '');
  if (trimmed === '') return [];
  const groups: { quoted: boolean; lines: string[] }[] = [];
  for (const line of trimmed.split('\n')) {
    const quoted = QUOTED.test(line);
    const bare = quoted ? line.replace(QUOTED, '') : line;
    const last = groups.at(-1);
    if (last?.quoted === quoted) last.lines.push(bare);
    else groups.push({ quoted, lines: [bare] });
  }
  return groups.map(({ quoted, lines }) => ({ kind: quoted ? 'quote' : 'lines', children: runsOf(lines) }));
}

/** Marks never reach over the end of a line, so each line is read alone. */
function runsOf(lines: string[]): Inline[] {
  const runs = lines.flatMap((line, at) => parseInline(at < lines.length - 1 ? `${line}\n` : line));
  return runs.reduce<Inline[]>((joined, run) => {
    const last = joined.at(-1);
    if (run.kind === 'text' && last?.kind === 'text') last.text += run.text;
    else joined.push(run);
    return joined;
  }, []);
}

/** Reads one line; `outer` are the marks that are already open around it. */
export function parseInline(line: string, outer: readonly Mark[] = []): Inline[] {
  const runs: Inline[] = [];
  // Once a mark has no closing partner to its right it has none further right either: this keeps the reading linear.
  const hopeless = new Set<string>(outer);
  let plain = '';
  let at = 0;
  const flush = () => {
    if (plain !== '') runs.push({ kind: 'text', text: unescapeEntities(plain) });
    plain = '';
  };
  while (at < line.length) {
    const found = runAt(line, at, hopeless, outer);
    if (found === null) {
      plain += line[at];
      at += 1;
    } else {
      flush();
      runs.push(found.run);
      at += found.length;
    }
  }
  flush();
  return runs;
}

interface Found {
  run: Inline;
  length: number;
}

function runAt(line: string, at: number, hopeless: Set<string>, outer: readonly Mark[]): Found | null {
  const sign = line[at];
  if (sign === '<') return tokenAt(line, at);
  if (sign === '`') return codeAt(line, at, hopeless);
  if (sign === ':') return emojiAt(line, at);
  if (sign === '*' || sign === '_' || sign === '~') return markAt(line, at, sign, hopeless, outer);
  if ((sign === 'h' || sign === 'H') && !isWord(line[at - 1])) return bareLinkAt(line, at);
  return null;
}

function codeAt(line: string, at: number, hopeless: Set<string>): Found | null {
  if (hopeless.has('`')) return null;
  const end = line.indexOf('`', at + 1);
  if (end === -1) hopeless.add('`');
  if (end <= at + 1) return null;
  return { run: { kind: 'code', text: unescapeEntities(line.slice(at + 1, end)) }, length: end - at + 1 };
}

function emojiAt(line: string, at: number): Found | null {
  const found = EMOJI.exec(line.slice(at, at + 100));
  if (found === null) return null;
  return { run: { kind: 'emoji', name: found[1] ?? '' }, length: found[0].length };
}

function bareLinkAt(line: string, at: number): Found | null {
  const found = BARE_LINK.exec(line.slice(at, at + 3000));
  if (found === null) return null;
  const href = unescapeEntities(found[0]);
  return { run: { kind: 'link', href, label: href }, length: found[0].length };
}

function markAt(line: string, at: number, mark: Mark, hopeless: Set<string>, outer: readonly Mark[]): Found | null {
  if (hopeless.has(mark) || isWord(line[at - 1]) || isSpace(line[at + 1]) || line[at + 1] === mark) return null;
  const end = closingOf(line, at, mark);
  if (end === -1) {
    hopeless.add(mark);
    return null;
  }
  const children = parseInline(line.slice(at + 1, end), [...outer, mark]);
  return { run: { kind: MARKS[mark], children }, length: end - at + 1 };
}

function closingOf(line: string, at: number, mark: Mark): number {
  for (let end = line.indexOf(mark, at + 2); end !== -1; end = line.indexOf(mark, end + 1)) {
    if (!isSpace(line[end - 1]) && !isWord(line[end + 1])) return end;
  }
  return -1;
}

function isSpace(sign: string | undefined): boolean {
  return sign === undefined || /\s/.test(sign);
}

function isWord(sign: string | undefined): boolean {
  return sign !== undefined && /[\p{L}\p{N}]/u.test(sign);
}

function tokenAt(line: string, at: number): Found | null {
  const found = TOKEN.exec(line.slice(at, at + 4000));
  const run = found === null ? null : tokenOf(found[1] ?? '');
  return found === null || run === null ? null : { run, length: found[0].length };
}

function tokenOf(token: string): Inline | null {
  const bar = token.indexOf('|');
  const head = bar === -1 ? token : token.slice(0, bar);
  const label = bar === -1 ? null : unescapeEntities(token.slice(bar + 1));
  if (/^@[A-Z0-9]+$/.test(head)) return { kind: 'user', id: head.slice(1), label };
  if (/^#[A-Z0-9]+$/.test(head)) return { kind: 'channel', id: head.slice(1), label };
  if (head.startsWith('!')) return specialOf(token.slice(1), head.slice(1), label);
  const href = unescapeEntities(head);
  return isSafeLink(href) ? { kind: 'link', href, label: label ?? href } : null;
}

function specialOf(token: string, head: string, label: string | null): Inline | null {
  const date = DATE.exec(token);
  if (date !== null) return dateOf(date);
  if (head === 'here' || head === 'channel' || head === 'everyone') return { kind: 'broadcast', range: head };
  if (head.startsWith('subteam^')) return { kind: 'group', id: head.slice('subteam^'.length), label };
  return label === null ? null : { kind: 'text', text: label };
}

function dateOf(found: RegExpExecArray): Inline {
  const href = found[3] === undefined ? null : unescapeEntities(found[3]);
  return {
    kind: 'date',
    seconds: Number(found[1]),
    format: found[2] ?? '',
    href: href !== null && isSafeLink(href) ? href : null,
    fallback: unescapeEntities(found[4] ?? ''),
  };
}

/** Only addresses that a click may open: never `javascript:` and its kin. */
export function isSafeLink(href: string): boolean {
  return /^(?:https?:\/\/|mailto:|tel:|\/(?!\/))/i.test(href);
}

import { tokenAt, unescapeEntities } from './mrkdwn-token.ts';

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
const EMOJI = /^:([a-z0-9_+'-]+)(?:::skin-tone-[2-6])?:/i;
const BARE_LINK = /^https?:\/\/[^\s<>|`]*[^\s<>|`.,;:!?'")\]}*_~]/i;
const MARKS = { '*': 'strong', _: 'emphasis', '~': 'strike' } as const;
type Mark = keyof typeof MARKS;

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

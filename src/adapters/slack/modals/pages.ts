/** One page of a long text: its chunks, each short enough for one block. */
export type TextPage = readonly string[];

export interface PageBounds {
  lines: number;
  characters: number;
  /** Of one chunk. */
  chunk: number;
}

/** So much is read on a phone without losing one's place. */
const DEFAULT: PageBounds = { lines: 60, characters: 6_000, chunk: 2_800 };

/** Splits lines into pages. At least one page, no line lost; one longer than a chunk goes on in the next. */
export function paginate(lines: readonly string[], bounds: PageBounds = DEFAULT): TextPage[] {
  const pages: string[][] = [];
  let page: string[] = [];
  let size = { lines: 0, characters: 0 };
  for (const line of lines.flatMap((long) => pieces(long, bounds.chunk - 1))) {
    if (size.lines === bounds.lines || (size.lines > 0 && size.characters + line.length + 1 > bounds.characters)) {
      pages.push(page);
      page = [];
      size = { lines: 0, characters: 0 };
    }
    const last = page.at(-1);
    if (last === undefined || last.length + line.length + 1 > bounds.chunk) page.push(line);
    else page[page.length - 1] = `${last}\n${line}`;
    size = { lines: size.lines + 1, characters: size.characters + line.length + 1 };
  }
  return page.length === 0 && pages.length > 0 ? pages : [...pages, page];
}

/** A line in pieces that split no character in two. */
function pieces(line: string, max: number): string[] {
  if (line.length <= max) return [line];
  const split: string[] = [];
  for (let from = 0; from < line.length; ) {
    const last = line.charCodeAt(from + max - 1);
    const end = from + (last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
    split.push(line.slice(from, end));
    from = end;
  }
  return split;
}

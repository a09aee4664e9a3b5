import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** A font file, and the letters for which it is read. */
interface Font {
  readonly package: string;
  readonly file: string;
  /** Null: always. */
  readonly letters: RegExp | null;
}

/**
 * Noto Sans in two weights, and what it lacks. A text with joined letters is drawn by one font that has all of it or shows empty
 * boxes, so the one for Arabic, Hebrew and signs such as ≥ has Latin too. The Chinese one weighs 8 MB and has kana too; it is read only when a
 * label needs it.
 */
const FONTS: readonly Font[] = [
  { package: '@embedpdf/fonts-latin', file: 'fonts/NotoSans-Regular.ttf', letters: null },
  { package: '@embedpdf/fonts-latin', file: 'fonts/NotoSans-SemiBold.ttf', letters: null },
  {
    package: 'dejavu-fonts-ttf',
    file: 'ttf/DejaVuSansCondensed.ttf',
    letters: /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Armenian}\p{Script=Georgian}[\p{S}--\p{ASCII}]]/v,
  },
  {
    package: '@embedpdf/fonts-sc',
    file: 'fonts/NotoSansHans-Regular.otf',
    letters: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF00-\uFFEF]/u,
  },
];

const read = new Map<string, Promise<Uint8Array>>();

/** The fonts that a text needs, each file read once. */
export function fontsFor(text: string): Promise<Uint8Array[]> {
  return Promise.all(FONTS.filter(({ letters }) => letters?.test(text) ?? true).map(readOnce));
}

function readOnce({ package: name, file }: Font): Promise<Uint8Array> {
  const known = read.get(file);
  if (known !== undefined) return known;
  const content = readFile(join(folderOf(name), file));
  read.set(file, content);
  return content;
}

function folderOf(name: string): string {
  const description = findPackageJSON(name, import.meta.url);
  if (description === undefined) throw new Error(`The package ${name} with its fonts is not installed.`);
  return dirname(description);
}

import { readFile } from 'node:fs/promises';

/** A font file, and the letters for which it is read. */
interface Font {
  readonly package: string;
  readonly file: string;
  /** Null: always. */
  readonly letters: RegExp | null;
}

/** Noto Sans in two weights, and what it lacks. The Chinese one weighs 8 MB and has kana too, so it is read only when a label needs it. */
const FONTS: readonly Font[] = [
  { package: '@embedpdf/fonts-latin', file: 'NotoSans-Regular.ttf', letters: null },
  { package: '@embedpdf/fonts-latin', file: 'NotoSans-SemiBold.ttf', letters: null },
  { package: '@embedpdf/fonts-arabic', file: 'NotoNaskhArabic-Regular.ttf', letters: /\p{Script=Arabic}/u },
  { package: '@embedpdf/fonts-hebrew', file: 'NotoSansHebrew-Regular.ttf', letters: /\p{Script=Hebrew}/u },
  {
    package: '@embedpdf/fonts-sc',
    file: 'NotoSansHans-Regular.otf',
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
  const content = readFile(new URL(`../fonts/${file}`, import.meta.resolve(name)));
  read.set(file, content);
  return content;
}

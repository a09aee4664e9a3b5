import type { SandboxPerson } from '../../protocol.ts';

/** One or two letters for a person's avatar; whole characters, so that an emoji or a composed letter is not cut. */
export function initialsOf({ realName, name }: Pick<SandboxPerson, 'realName' | 'name'>): string {
  const words = (realName.trim() === '' ? name : realName).trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map(firstCharacter).join('').toUpperCase();
}

function firstCharacter(word = ''): string {
  for (const { segment } of new Intl.Segmenter().segment(word)) return segment;
  return '';
}

/** Black or white, whichever is easier to read on the colour (`#rrggbb`; white on anything else). */
export function inkOn(colour: string): string {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (found === null) return '#fff';
  const [red = 0, green = 0, blue = 0] = found.slice(1).map((part) => linear(Number.parseInt(part, 16) / 255));
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  // Where both contrast alike (WCAG 2.2): (1.05 / (l + .05)) = ((l + .05) / .05)
  return light > 0.179 ? '#1d1c1d' : '#fff';
}

function linear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

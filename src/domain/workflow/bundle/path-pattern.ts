/** Stars beyond which a pattern is taken by the letter: each makes matching slower. */
const MOST_STARS = 6;

/** Whether a path fits a pattern: `*` stands for anything but a `/`, `**` for that too, `?` for one character, `{a,b}` for either. */
export function toPattern(pattern: string): (path: string) => boolean {
  const stars = pattern.match(/\*+/g)?.length ?? 0;
  if (stars > MOST_STARS) return (path) => path === pattern;
  const source = pattern.replace(/\*\*\/|\*+|\?|\{[^{}]*\}|[.+^$()|[\]\\{}]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part.startsWith('**')) return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.length > 2 ? eitherOf(part.slice(1, -1)) : `\\${part.split('').join('\\')}`;
  });
  const expression = new RegExp(`^${source}$`);
  return (path) => expression.test(path);
}

export function isPattern(reference: string): boolean {
  return /[*?]|\{[^{}]*,[^{}]*\}/.test(reference);
}

function eitherOf(names: string): string {
  const plain = names.split(',').map((name) => name.replace(/[^\w/-]/g, '\\$&'));
  return `(?:${plain.join('|')})`;
}

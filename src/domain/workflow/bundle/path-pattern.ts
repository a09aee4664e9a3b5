/** Stars beyond which a pattern is taken by the letter. */
const MOST_STARS = 6;
/** So is one that is longer than any path. */
const LONGEST = 300;

/** Where a part of a pattern may end in a path, of all the places where it may begin. */
type Part = (path: string, starts: ReadonlySet<number>) => Set<number>;

/**
 * Whether a path fits a pattern: `*` stands for anything but a `/`, `**` for that too, `?` for one character, `{a,b}` for either.
 * Part by part, from all places that the one before may end at: an expression tries every way to share a path out among the
 * stars, which takes hours for six of them.
 */
export function toPattern(pattern: string): (path: string) => boolean {
  const stars = pattern.match(/\*+/g)?.length ?? 0;
  if (stars > MOST_STARS || pattern.length > LONGEST) return (path) => path === pattern;
  const parts = (pattern.match(/\*\*\/|\*+|\?|\{[^{}]+\}|[^*?{]+|\{/g) ?? []).map(partOf);
  return (path) => {
    let places = new Set([0]);
    for (const part of parts) {
      if (places.size === 0) return false;
      places = part(path, places);
    }
    return places.has(path.length);
  };
}

export function isPattern(reference: string): boolean {
  return /[*?]|\{[^{}]*,[^{}]*\}/.test(reference);
}

function partOf(text: string): Part {
  if (text === '**/') return (path, starts) => reached(path, starts, { stops: '', only: '/' });
  if (text.startsWith('**')) return (path, starts) => reached(path, starts, { stops: '', only: '' });
  if (text === '*') return (path, starts) => reached(path, starts, { stops: '/', only: '' });
  if (text === '?')
    return (path, starts) =>
      new Set([...starts].filter((at) => ![undefined, '/'].includes(path[at])).map((at) => at + 1));
  const words = /^\{.+\}$/.test(text) ? text.slice(1, -1).split(',') : [text];
  return (path, starts) =>
    new Set(
      [...starts].flatMap((at) => words.flatMap((word) => (path.startsWith(word, at) ? [at + word.length] : []))),
    );
}

/** Any number of characters on from each start, none too: up to one of `stops`; of these places, those behind one of `only`. */
function reached(
  path: string,
  starts: ReadonlySet<number>,
  { stops, only }: { stops: string; only: string },
): Set<number> {
  const passed = new Set<number>();
  for (const start of starts) {
    for (let at = start; at <= path.length && !passed.has(at); at++) {
      passed.add(at);
      if (path[at] === stops) break;
    }
  }
  return only === '' ? passed : new Set([...passed].filter((at) => starts.has(at) || path[at - 1] === only));
}

/**
 * Why a document can't be filled. One for each name, with all the places where it stands. `invalid`: it can, but then says what
 * its format does not take, such as a timeout of “soon”.
 */
export interface FillProblem {
  readonly kind: 'unknown' | 'not_a_flag' | 'malformed' | 'masked' | 'invalid';
  /** Of the variable or secret. */
  readonly name?: string;
  /** Such as `steps[2].model`, in the order of the document. */
  readonly paths: readonly string[];
  /** For people: what is wrong, and what to do. One sentence, without the places. */
  readonly message: string;
}

const MOST_SHOWN = 20;
const MOST_PLACES = 3;
const LONGEST_PLACE = 120;

/** Problems as lines for people, each with its first few places; those beyond the twentieth are counted. Plain text. */
export function describeFillProblems(problems: readonly FillProblem[]): string[] {
  const lines = problems.slice(0, MOST_SHOWN).map(({ paths, message }) => {
    const places = paths.slice(0, MOST_PLACES).map(shortPlace).join(', ');
    const more = paths.length > MOST_PLACES ? ` and ${paths.length - MOST_PLACES} more` : '';
    return places === '' ? message : `${message} (${places}${more})`;
  });
  const left = problems.length - lines.length;
  return left > 0 ? [...lines, `and ${left.toLocaleString('en')} more`] : lines;
}

/** Keeps the end, which says most. */
function shortPlace(path: string): string {
  return path.length <= LONGEST_PLACE ? path : `…${path.slice(-LONGEST_PLACE)}`;
}

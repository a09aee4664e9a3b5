import { closest, distance } from 'fastest-levenshtein';
import type { FillProblem } from './fill-problem.ts';
import { shortName } from './placeholder-parts.ts';
import type { Settings } from './settings.ts';

/** A secret that a filled document names, and where. */
export interface NeededSecret {
  readonly name: string;
  readonly paths: readonly string[];
}

/** What filling finds out on its way. Places are given as functions, as most are never said. */
export interface FillNotes {
  secret(name: string, place: () => string): void;
  unknown(name: string, place: () => string): void;
  notAFlag(name: string, message: string, place: () => string): void;
  malformed(message: string, place: () => string): void;
  masked(place: string): void;
  /** Notes that so many characters came in. False where that is more than may. */
  grew(by: number): boolean;
  readonly secrets: () => NeededSecret[];
  readonly problems: () => FillProblem[];
}

/** Characters that filling may add to a document: as many as a document may have. */
const MOST_GROWTH = 10 * 1024 * 1024;
/** Characters of all places together. A place may be long, and a document may have a million of them. */
const MOST_PLACE_TEXT = 4 * 1024 * 1024;
const MOST_MALFORMED = 100;
/** Unknown names that are listed. Nobody has as many by mistake; a document that is no workflow has half a million. */
const MOST_UNKNOWN = 2_000;
/** Names for which a likely other one is looked for. */
const MOST_SUGGESTIONS = 20;

export function makeFillNotes(settings: Settings): FillNotes {
  let growth = 0;
  let placeText = 0;
  const secrets = new Map<string, Set<string>>();
  const unknown = new Map<string, Set<string>>();
  const others: FillProblem[] = [];
  const notFlags = new Map<string, { message: string; places: Set<string> }>();
  const masked = new Set<string>();
  const add = (places: Set<string>, place: () => string): void => {
    if (placeText > MOST_PLACE_TEXT) return;
    const path = place();
    if (!places.has(path)) placeText += path.length;
    places.add(path);
  };
  const addTo = (held: Map<string, Set<string>>, name: string, place: () => string): void => {
    const places = held.get(name) ?? new Set();
    held.set(name, places);
    add(places, place);
  };
  return {
    secret: (name, place) => addTo(secrets, name, place),
    unknown: (name, place) => addTo(unknown, name, place),
    notAFlag(name, message, place) {
      const problem = notFlags.get(name) ?? { message, places: new Set() };
      notFlags.set(name, problem);
      add(problem.places, place);
    },
    malformed(message, place) {
      if (others.length < MOST_MALFORMED) others.push({ kind: 'malformed', paths: [place()], message });
    },
    masked: (place) => masked.add(place),
    grew(by) {
      growth += by;
      return growth <= MOST_GROWTH;
    },
    secrets: () => [...secrets].map(([name, paths]) => ({ name, paths: [...paths] })),
    problems: () => [
      ...unknownProblems(unknown, settings),
      ...[...notFlags].map(([name, { message, places }]) => problem('not_a_flag', message, places, name)),
      ...others,
      ...(masked.size > 0 ? [problem('masked', maskedMessage(masked.size), masked)] : []),
      ...tooMuch(growth, placeText),
    ],
  };
}

function problem(kind: FillProblem['kind'], message: string, paths: Iterable<string>, name?: string): FillProblem {
  return { kind, ...(name !== undefined && { name }), paths: [...paths], message };
}

function unknownProblems(unknown: ReadonlyMap<string, ReadonlySet<string>>, settings: Settings): FillProblem[] {
  const known = [...Object.keys(settings.variables ?? {}), ...Object.keys(settings.secrets ?? {})];
  const listed = [...unknown].slice(0, MOST_UNKNOWN).map(([name, paths], index) => {
    const near = index < MOST_SUGGESTIONS ? suggestion(name, known) : '';
    return problem('unknown', `there is no variable or secret ${shortName(name)}${near}`, paths, name);
  });
  const left = (unknown.size - listed.length).toLocaleString('en');
  return left === '0' ? listed : [...listed, problem('unknown', `nothing has ${left} more names either`, [])];
}

function suggestion(name: string, known: readonly string[]): string {
  if (known.length === 0 || name.length > 128) return '';
  const near = closest(name, [...known]);
  return distance(name, near) <= Math.max(1, Math.floor(near.length / 4)) ? `; did you mean ${near}?` : '';
}

function maskedMessage(count: number): string {
  const what = count === 1 ? 'a value was' : `${count.toLocaleString('en')} values were`;
  return `${what} masked when it was pushed; bind each of them to a named secret`;
}

function tooMuch(growth: number, placeText: number): FillProblem[] {
  if (growth > MOST_GROWTH)
    return [
      problem('malformed', 'filled in, it would be more than 10 MB larger; use shorter values or fewer of them', []),
    ];
  if (placeText > MOST_PLACE_TEXT)
    return [problem('malformed', 'it names secrets in too many places to list; name each of them once', [])];
  return [];
}

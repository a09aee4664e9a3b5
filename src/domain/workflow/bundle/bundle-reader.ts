import { LIMITS } from '../limits.ts';
import type { PathProblem } from '../source/check-values.ts';
import type { Segment } from '../source/source-scan.ts';
import { type BundleFile, pathFrom } from './bundle-file.ts';
import { toPattern } from './path-pattern.ts';

/** The files of a bundle, as one that reads its main file sees them. Remembers what was read, and what was missing. */
export interface BundleReader {
  /** The main file, in whose folder all references begin. */
  readonly entry: string;
  /** Every file but the main one. */
  readonly files: readonly BundleFile[];
  /** The file that a reference in the main file leads to; null, and the bundle is refused, where there is none. */
  refer(reference: string, at: readonly Segment[]): BundleFile | null;
  /** The files that a pattern such as `prompts/*.txt` leads to, by path; none, and the bundle is refused, likewise. */
  referAll(pattern: string, at: readonly Segment[]): readonly BundleFile[];
  /** The first of several places that has a file; null where none has, which refuses nothing. */
  find(...references: readonly string[]): BundleFile | null;
  /** Says that a file's content is part of what was read, so that it is not compared as a file, too. */
  use(file: BundleFile): void;
}

export interface BundleTracker extends BundleReader {
  /** Paths of what the main file leads to. */
  readonly referred: ReadonlySet<string>;
  /** Paths of what is part of the definition. */
  readonly used: ReadonlySet<string>;
  readonly problems: readonly PathProblem[];
}

const TOO_OFTEN =
  'the files that it refers to come to more than 10 MB, each counted as often as it is named; name large ones less often';

/** Characters of paths that patterns are held against. */
const MOST_LOOKS = 4_000_000;
const TOO_MANY_PATTERNS =
  'it has too many patterns such as `*.txt` for so many files; name the files, or a folder, or push fewer of them';

/** What is used again and again counts each time: a few names could stand for more than any machine holds. */
export function readerOf(all: readonly BundleFile[], entry: string): BundleTracker {
  const files = all.filter(({ path }) => path !== entry);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const referred = new Set<string>();
  const used = new Set<string>();
  const problems: PathProblem[] = [];
  let left = LIMITS.bytes;
  // Each pattern is held against every path.
  const pathsLength = files.reduce((sum, { path }) => sum + path.length, 0);
  let looks = MOST_LOOKS;
  const refuse = (at: readonly Segment[], message: string): null => {
    const isNew = problems.length < LIMITS.problems && !problems.some((problem) => problem.message === message);
    if (isNew) problems.push({ path: at, message });
    return null;
  };
  const note = (file: BundleFile): BundleFile => {
    referred.add(file.path);
    return file;
  };
  const missing = (name: string) =>
    `refers to ‘${name.slice(0, 200)}’, which is not among the files; add it, or correct the name`;
  const outside = (name: string) =>
    `refers to ‘${name.slice(0, 200)}’, which is outside of the folder; bring the file into it, or push the folder around both`;
  return {
    entry,
    files,
    referred,
    used,
    problems,
    refer(reference, at) {
      if (left < 0) return refuse(at, TOO_OFTEN);
      const path = pathFrom(entry, reference);
      if (path === null) return refuse(at, outside(reference));
      const file = byPath.get(path);
      return file === undefined ? refuse(at, missing(reference)) : note(file);
    },
    referAll(pattern, at) {
      looks -= pathsLength;
      if (left < 0 || looks < 0) {
        refuse(at, left < 0 ? TOO_OFTEN : TOO_MANY_PATTERNS);
        return [];
      }
      const path = pathFrom(entry, pattern);
      const matches = path === null ? null : toPattern(path);
      const found = matches === null ? [] : files.filter((file) => matches(file.path));
      if (path === null) refuse(at, outside(pattern));
      else if (found.length === 0) refuse(at, missing(pattern));
      return found.map(note);
    },
    find(...references) {
      if (left < 0) return null;
      for (const reference of references) {
        const file = byPath.get(pathFrom(entry, reference) ?? '');
        if (file !== undefined) return note(file);
      }
      return null;
    },
    use(file) {
      used.add(note(file).path);
      left -= file.content.length;
    },
  };
}

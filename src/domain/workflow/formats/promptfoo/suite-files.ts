import type { BundleFile } from '../../bundle/bundle-file.ts';
import { isPattern } from '../../bundle/path-pattern.ts';
import { isList, isObject, type Json } from '../../json.ts';
import { parseData } from '../../source/parse-source.ts';
import type { Segment } from '../../source/source-scan.ts';
import type { ReadContext } from '../format.ts';

const SCHEME = 'file://';
/** Paths that may stand without `file://` where a prompt or a list of tests is expected. */
const BARE_PATH = /^[\w./*{},@-]{1,300}\.(?:txt|md|json|jsonl|ya?ml|csv|j2|m?js|cjs|ts|py)$/i;
/** Files that are run, perhaps from one function on: `check.py:score`. */
const FUNCTION = /(?<=\.(?:m?js|cjs|ts|py)):[\w.]{1,200}$/i;

/** The files that a suite refers to. */
export interface SuiteFiles {
  /** Whether files came along at all: without them, a reference is compared as it stands. */
  readonly areHere: boolean;
  /** The files behind a reference, whose content is then part of the suite; none where it is no reference. */
  behind(value: Json | undefined, at: readonly Segment[], mayBeBare?: boolean): readonly BundleFile[];
  /** A value with the text of a file in the place of a reference to it. */
  filled(value: Json, at: readonly Segment[]): Json;
  /** What a value says, or the one file of JSON or YAML that it refers to. */
  data(value: Json | undefined, at: readonly Segment[]): Json | undefined;
  /** Refuses references anywhere in a value that lead to no file. */
  check(value: Json, at: readonly Segment[]): void;
}

/** The path in a reference, as in `file://prompts/a.txt`; null where a value is none, or is filled in only when it runs. */
export function referenceIn(value: Json | undefined, mayBeBare = false): string | null {
  if (typeof value !== 'string' || value.includes('{{') || value.includes('\n') || value.length > 500) return null;
  if (value.startsWith(SCHEME)) return value.slice(SCHEME.length).replace(FUNCTION, '');
  return mayBeBare && BARE_PATH.test(value) ? value : null;
}

export function suiteFiles({ bundle }: ReadContext): SuiteFiles {
  const find = (path: string, at: readonly Segment[]): readonly BundleFile[] => {
    if (bundle === undefined) return [];
    if (path.endsWith('/')) return bundle.referAll(`${path}**`, at);
    if (isPattern(path)) return bundle.referAll(path, at);
    const file = bundle.refer(path, at);
    return file === null ? [] : [file];
  };
  const behind: SuiteFiles['behind'] = (value, at, mayBeBare = false) => {
    const path = referenceIn(value, mayBeBare);
    const files = path === null ? [] : find(path, at);
    for (const file of files) bundle?.use(file);
    return files;
  };
  const filled: SuiteFiles['filled'] = (value, at) => {
    if (typeof value === 'string') {
      const files = behind(value, at);
      return files.length === 0 ? value : files.map(({ content }) => content.trimEnd()).join('\n');
    }
    if (isList(value)) return value.map((item, index) => filled(item, [...at, index]));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, [...at, key])]));
  };
  const check: SuiteFiles['check'] = (value, at) => {
    const path = referenceIn(value);
    if (path !== null) find(path, at);
    else if (isList(value)) for (const [index, item] of value.entries()) check(item, [...at, index]);
    else if (isObject(value)) for (const [key, inner] of Object.entries(value)) check(inner, [...at, key]);
  };
  return {
    areHere: bundle !== undefined,
    behind,
    filled,
    check,
    data: (value, at) => {
      const [file] = behind(value, at, true);
      if (file === undefined) return value;
      const data = parseData(file.content);
      if (data !== null) check(data, at);
      return data ?? value;
    },
  };
}

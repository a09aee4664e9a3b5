import type { Definition } from '../definition.ts';
import type { Format, ReadContext } from '../formats/format.ts';
import { formats } from '../formats/index.ts';
import { InvalidDefinitionError } from '../invalid-definition-error.ts';
import type { JsonObject } from '../json.ts';
import { limitProblems } from '../limit-problems.ts';
import { type ParsedSource, parseSource } from '../source/parse-source.ts';
import type { BundleFile } from './bundle-file.ts';
import { type BundleTracker, readerOf } from './bundle-reader.ts';
import { filesOfBundle } from './parse-bundle.ts';

/** A file that could be the workflow which the others belong to. */
interface Candidate {
  readonly path: string;
  readonly format: Format;
  readonly parsed: ParsedSource;
}

const MOST_NAMES = 6;
/** Workflows whose references are looked at before a bundle counts as one of many workflows. A prompt refers to nothing. */
const MOST_REFERRING = 20;

/**
 * Reads the one workflow of a bundle: the file that a format knows as its own and that no other such file refers to.
 * @param asked the format that a person named, which then alone decides
 * @throws InvalidDefinitionError where there is no such file or more than one, and for all that is wrong with it
 */
export function readBundle(
  bundle: ParsedSource,
  context: ReadContext,
  asked: Format | null,
  fileName: string | undefined,
): Definition {
  const { files, problems } = filesOfBundle(bundle.document);
  if (problems !== undefined) return bundle.refuse(problems);
  const { path, format, parsed } = theOne(files, candidatesOf(files, asked), context, fileName);
  const tracker = readerOf(files, path);
  const reading = format.read(parsed.document, { ...context, bundle: tracker });
  const wrong = [...tracker.problems, ...(reading.problems ?? limitProblems(reading.definition))];
  if (wrong.length > 0 || reading.problems !== undefined) return parsed.refuse(wrong);
  return { ...reading.definition, ...othersOf(tracker), document: bundle.document };
}

function othersOf({ files, used }: BundleTracker): Pick<Definition, 'files'> {
  const others = files.filter(({ path }) => !used.has(path));
  if (others.length === 0) return {};
  return { files: Object.fromEntries(others.map(({ path, content }) => [path, content])) };
}

interface Found {
  readonly candidates: readonly Candidate[];
  /** Of files that look like a workflow by name and can't be read, the first one's refusal. */
  readonly broken: InvalidDefinitionError | null;
}

const WORKFLOW_NAME = /\.(?:ya?ml|jsonc?|prompty?)$/i;

function candidatesOf(files: readonly BundleFile[], asked: Format | null): Found {
  const known = formats.filter(({ id }) => id !== 'generic');
  const candidates: Candidate[] = [];
  const readable: Candidate[] = [];
  let broken: InvalidDefinitionError | null = null;
  for (const { path, content } of files) {
    try {
      const parsed = parseSource(content, path);
      const format = (asked === null ? known : [asked]).find((one) => one.recognizes(parsed.document));
      if (format !== undefined) candidates.push({ path, format, parsed });
      else if (asked !== null) readable.push({ path, format: asked, parsed });
    } catch (error) {
      if (!(error instanceof InvalidDefinitionError)) throw error;
      // Without a line it is well formed, but no workflow: a list of tests, say.
      const isMalformed = error.problems.some(({ line }) => line !== undefined);
      if (isMalformed && WORKFLOW_NAME.test(path)) broken ??= error;
    }
  }
  return { candidates: candidates.length > 0 ? candidates : readable, broken };
}

function theOne(
  files: readonly BundleFile[],
  { candidates, broken }: Found,
  context: ReadContext,
  fileName: string | undefined,
): Candidate {
  const left = candidates.length > 1 ? withoutReferred(files, candidates, context) : candidates;
  const [first, ...others] = left;
  if (first !== undefined && others.length === 0) return first;
  if (first === undefined && broken !== null) throw broken;
  const message =
    first === undefined
      ? 'none of its files is a workflow in a format that Towpath knows; push the file that is one by itself'
      : `it holds ${left.length} workflows, ${named(left)}, and a version is one; push each folder or file by itself`;
  throw new InvalidDefinitionError([{ path: '', message }], fileName);
}

/** A prompt file that a test suite names, say, is a part of that and not a workflow beside it. */
function withoutReferred(
  files: readonly BundleFile[],
  candidates: readonly Candidate[],
  context: ReadContext,
): readonly Candidate[] {
  const referring = candidates.filter(({ format }) => format.id !== 'prompt');
  if (referring.length > MOST_REFERRING) return candidates;
  const referred = new Map(referring.map((one) => [one.path, referredBy(one, files, context)]));
  const isPart = ({ path }: Candidate) =>
    candidates.some(
      (one) => one.path !== path && referred.get(one.path)?.has(path) && !referred.get(path)?.has(one.path),
    );
  return candidates.filter((candidate) => !isPart(candidate));
}

function referredBy({ path, format, parsed }: Candidate, files: readonly BundleFile[], context: ReadContext) {
  const tracker = readerOf(files, path);
  format.read(parsed.document as JsonObject, { ...context, bundle: tracker });
  return tracker.referred;
}

function named(candidates: readonly Candidate[]): string {
  const shown = candidates.slice(0, MOST_NAMES).map(({ path, format }) => `‘${path.slice(0, 100)}’ (${format.title})`);
  return `${shown.join(', ')}${candidates.length > MOST_NAMES ? ' …' : ''}`;
}

import { z } from 'zod';
import { isObject, type JsonObject } from '../json.ts';
import type { PathProblem } from '../source/check-values.ts';
import { parseData } from '../source/parse-source.ts';
import { BUNDLE_LIMITS, type BundleFile, problemOfPath } from './bundle-file.ts';
import { BUNDLE_KEY } from './format-bundle.ts';

const bundleSchema = z.strictObject({
  [BUNDLE_KEY]: z.literal(1),
  files: z.array(z.strictObject({ path: z.string(), content: z.string() })),
});

/** Whether a document says of itself that it is a bundle. */
export function isBundle(document: JsonObject): boolean {
  return Object.hasOwn(document, BUNDLE_KEY);
}

/** The files of a bundle's document, or all that is wrong with it. */
export function filesOfBundle(
  document: JsonObject,
): { files: readonly BundleFile[]; problems?: never } | { problems: readonly PathProblem[]; files?: never } {
  const result = bundleSchema.safeParse(document);
  if (!result.success) {
    return {
      problems: [
        { path: [], message: 'it is no bundle: that is {"towpathBundle":1,"files":[{"path":…,"content":…}]}' },
      ],
    };
  }
  const { files } = result.data;
  const problems = problemsOf(files);
  return problems.length > 0 ? { problems } : { files };
}

/** The files of a source, where it is a bundle; null where it is anything else, or a broken bundle. */
export function parseBundle(source: string): readonly BundleFile[] | null {
  if (!source.includes(BUNDLE_KEY)) return null;
  const document = parseData(source);
  return isObject(document) && isBundle(document) ? (filesOfBundle(document).files ?? null) : null;
}

function problemsOf(files: readonly BundleFile[]): PathProblem[] {
  if (files.length === 0) return [{ path: ['files'], message: 'there is no file in it' }];
  if (files.length > BUNDLE_LIMITS.files) {
    const most = BUNDLE_LIMITS.files.toLocaleString('en');
    return [{ path: ['files'], message: `there are ${files.length.toLocaleString('en')} files, and ${most} may be` }];
  }
  const seen = new Set<string>();
  return files.flatMap(({ path }, index): PathProblem[] => {
    const problem = seen.has(path) ? 'comes twice; keep one of them' : problemOfPath(path);
    seen.add(path);
    return problem === null ? [] : [{ path: ['files', index, 'path'], message: `‘${path.slice(0, 100)}’ ${problem}` }];
  });
}

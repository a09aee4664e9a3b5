/** One file of a bundle. */
export interface BundleFile {
  /** Below the folder that was pushed, with `/` between its parts, such as `prompts/answer.txt`. */
  readonly path: string;
  readonly content: string;
}

/** What a bundle may be at most, besides the 10 MB of its whole text. */
export const BUNDLE_LIMITS = { files: 1_000, pathLength: 300 } as const;

/** Names that reach into JavaScript's own objects where paths are keys. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Why a path can't be one of a bundle, as the end of a sentence that begins with it; null when it can. */
export function problemOfPath(path: string): string | null {
  if (path === '') return 'has no name';
  if (path.length > BUNDLE_LIMITS.pathLength) return `is longer than ${BUNDLE_LIMITS.pathLength} characters`;
  if (FORBIDDEN.has(path)) return 'is a name that can’t be used';
  if (/[\p{Cc}\\]/u.test(path)) return 'holds a backslash or a control character; write paths with /';
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'is absolute; give it from the folder on';
  const parts = path.split('/');
  if (parts.includes('..')) return 'leaves the folder; bring the file into it';
  return parts.some((part) => part === '' || part === '.') ? 'holds an empty part; write it plainly' : null;
}

/** Where a reference leads that stands in the file `from`, such as `../shared/a.txt`; null where that is outside of the folder. */
export function pathFrom(from: string, reference: string): string | null {
  if (reference.startsWith('/') || /^[a-z]:[\\/]/i.test(reference)) return null;
  const parts = from.split('/').slice(0, -1);
  for (const part of reference.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}

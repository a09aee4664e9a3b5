import { compareText } from '../compare-text.ts';
import type { BundleFile } from './bundle-file.ts';

/** The key that says that a JSON document is a bundle, and of which kind. */
export const BUNDLE_KEY = 'towpathBundle';
const BUNDLE_VERSION = 1;

/** Several files as the one text that is pushed and stored, the same whatever order they come in. */
export function formatBundle(files: readonly BundleFile[]): string {
  const sorted = files.map(({ path, content }) => ({ path, content })).sort((a, b) => compareText(a.path, b.path));
  return JSON.stringify({ [BUNDLE_KEY]: BUNDLE_VERSION, files: sorted });
}

import { Refusal } from '../domain/refusal.ts';
import { versionName } from '../domain/version.ts';
import { parseBundle } from '../domain/workflow/bundle/parse-bundle.ts';
import { getVersion, getWorkflow, quoted } from './find-things.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';

const MOST_NAMES = 20;

/** What was pushed, byte for byte but for its masked secrets. @throws Refusal unknown_file */
export function makeShowSource({ reading }: Ports): UseCases['showSource'] {
  return ({ workspaceId, workflow: slug, version: word, file }) =>
    reading(workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, slug);
      const version = await getVersion(tx, workflow, word);
      const { source, fileName } = await tx.versions.content(version.id);
      if (file === undefined) return { source, fileName, isBundle: parseBundle(source) !== null };
      const files = parseBundle(source) ?? [{ path: fileName ?? '', content: source }];
      const found = files.find(({ path }) => path === file);
      if (found !== undefined) return { source: found.content, fileName: found.path, isBundle: false };
      const names = files.map(({ path }) => path).filter((path) => path !== '');
      const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
      throw new Refusal(
        'unknown_file',
        `${versionName(version)} of ${workflow.slug} has no file ${quoted(file)}. ${names.length === 0 ? 'Leave `file` out: it is one file without a name.' : `It has ${names.slice(0, MOST_NAMES).join(', ')}${more}.`}`,
      );
    });
}

import type { TaggedAnswer } from './request-resolved.ts';
import { isObject, parseJson, parseResolved } from './resolved-workflow.ts';

/** Last known answers on disk, for a start while Towpath is not there. */
export interface KeptAnswers {
  /** Null when there is none, or what there is can't be trusted: damaged, of another form, or another user's. */
  read(workflow: string): Promise<TaggedAnswer | null>;
  /**
   * Replaces what was kept, whole or not at all.
   * @throws Error of the file system
   */
  write(workflow: string, answer: TaggedAnswer): Promise<void>;
}

/** Whose answers they are. The token is no part of it, and of nothing that is written. */
export interface Keeper {
  readonly directory: string;
  readonly url: string;
  readonly environment: string;
}

const FORMAT = 1;
const DRAFT = /^[0-9a-f]{64}\.json\.[0-9a-f-]{36}\.new$/;
/** Longer than any writing takes. */
const DRAFT_MS = 3_600_000;
const MOST_BYTES = 80 * 1024 * 1024;

/** Loads the file system only now: a client without a cache directory has no use for it. */
export async function openKeptAnswers(keeper: Keeper): Promise<KeptAnswers> {
  const [files, { createHash, randomUUID }, { join }] = await Promise.all([
    import('node:fs/promises'),
    import('node:crypto'),
    import('node:path'),
  ]);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const { directory, url, environment } = keeper;
  const pathOf = (workflow: string) => join(directory, `${sha256(JSON.stringify([url, environment, workflow]))}.json`);

  await removeDrafts(files, directory, join);
  return {
    async read(workflow) {
      const text = await readOwn(files, pathOf(workflow));
      const kept = parseJson(text ?? '');
      if (!isObject(kept) || kept['format'] !== FORMAT) return null;
      const { etag, text: answer } = kept;
      if (typeof etag !== 'string' || typeof answer !== 'string' || kept['sha256'] !== sha256(answer)) return null;
      if (kept['url'] !== url || kept['environment'] !== environment || kept['workflow'] !== workflow) return null;
      const resolved = parseResolved(answer);
      return resolved === null || resolved.workflow !== workflow ? null : { etag, resolved };
    },

    async write(workflow, { etag, resolved }) {
      const text = JSON.stringify(resolved);
      const path = pathOf(workflow);
      const draft = `${path}.${randomUUID()}.new`;
      const kept = { format: FORMAT, url, environment, workflow, etag, sha256: sha256(text), text };
      await files.mkdir(directory, { recursive: true, mode: 0o700 });
      try {
        await files.writeFile(draft, JSON.stringify(kept), { mode: 0o600, flag: 'wx' });
        await files.rename(draft, path);
      } catch (error) {
        await files.rm(draft, { force: true }).catch(() => undefined);
        throw error;
      }
    },
  };
}

/** What a process that was killed between writing and renaming has left. */
async function removeDrafts(
  files: typeof import('node:fs/promises'),
  directory: string,
  join: (...parts: string[]) => string,
): Promise<void> {
  const names = await files.readdir(directory).catch(() => []);
  for (const name of names.filter((each) => DRAFT.test(each))) {
    const draft = join(directory, name);
    const { mtimeMs } = await files.stat(draft).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > DRAFT_MS) await files.rm(draft, { force: true }).catch(() => undefined);
  }
}

/** A file that another user could have put there decides nothing: a workflow is instructions. */
async function readOwn(files: typeof import('node:fs/promises'), path: string): Promise<string | null> {
  const file = await files.open(path, files.constants.O_RDONLY | (files.constants.O_NOFOLLOW ?? 0)).catch(() => null);
  if (file === null) return null;
  try {
    const { uid, size, mode } = await file.stat();
    const ours = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return ours && size <= MOST_BYTES ? await file.readFile('utf8') : null;
  } catch {
    return null;
  } finally {
    await file.close().catch(() => undefined);
  }
}

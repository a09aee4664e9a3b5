import { randomBytes } from 'node:crypto';
import { access, chmod, cp, mkdir, readFile, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { type Binaries, binary } from './embedded-binaries.ts';
import { canEnter, canRun, chooseIdentity, type Identity } from './embedded-identity.ts';
import { EmbeddedRefusal } from './embedded-refusal.ts';
import { writeOnce } from './embedded-write-once.ts';

/** Where the server's files are and as whom it runs. */
export interface Place {
  /** Holds `data`, and the lock of the process that uses it. */
  folder: string;
  data: string;
  /** bin, lib and share of PostgreSQL. */
  native: string;
  /** Null: as whoever runs this process. */
  identity: Identity | null;
  /** What a person should know about it. */
  notice?: string;
}

/** In `dataDir`, where its data is when the server's user can't reach `dataDir` itself. Moves and is copied with it. */
const POINTER = 'postgres-is-in';

/**
 * In `dataDir` itself where that is possible. Root below a folder that others may not enter (mode 700) is where it is not:
 * the server runs as another user, who reaches neither the data nor the binaries there, so they go below `systemFolder`.
 * @param dataDir an existing folder, by its real path
 * @throws EmbeddedRefusal folder_unusable, unsupported_machine
 */
export async function choosePlace(dataDir: string, binaries: Binaries, systemFolder: string): Promise<Place> {
  const elsewhere = await readPointer(dataDir);
  const folder = elsewhere ?? dataDir;
  const identity = await chooseIdentity(join(folder, 'postgres'));
  if (identity === null)
    return {
      folder,
      data: join(folder, 'postgres'),
      native: binaries.native,
      identity,
    };
  return reachablePlace(dataDir, folder, identity, binaries, systemFolder);
}

async function reachablePlace(
  dataDir: string,
  wanted: string,
  identity: Identity,
  binaries: Binaries,
  systemFolder: string,
): Promise<Place> {
  const folder = (await canEnter(identity, wanted)) ? wanted : await moveOut(dataDir, wanted, systemFolder);
  const canUseBinaries = await canRun(identity, binary(binaries.native, 'postgres'), ['--version']);
  const native = canUseBinaries ? binaries.native : await copyBinaries(binaries, systemFolder);
  const moved = [
    ...(folder === dataDir ? [] : [`its data is in ${folder}`]),
    ...(canUseBinaries ? [] : [`its program in ${native}`]),
  ];
  const notice = `PostgreSQL does not run as root, and its user may not enter ${dataDir} or the folders above: ${moved.join(' and ')}.`;
  return {
    folder,
    data: join(folder, 'postgres'),
    native,
    identity,
    ...(moved.length === 0 ? {} : { notice }),
  };
}

/**
 * Only for a database yet to be made: one that is there already is not left behind for an empty one. Its folder's name is by
 * chance, so that a folder made anew where another one was removed or moved away doesn't come upon that one's data.
 */
async function moveOut(dataDir: string, wanted: string, systemFolder: string): Promise<string> {
  if (await exists(join(wanted, 'postgres'))) {
    throw new EmbeddedRefusal(
      'folder_unusable',
      `The database in ${wanted} belongs to a user who may no longer enter that folder. Allow it (chmod a+x on the folder and those above it), or start Towpath as that user.`,
    );
  }
  const folder = join(systemFolder, randomBytes(8).toString('hex'));
  await mkdir(folder, { recursive: true });
  for (const path of [systemFolder, folder]) await chmod(path, 0o711);
  const isOurs = await writeOnce(join(dataDir, POINTER), `${folder}\n`, 0o644);
  if (!isOurs) await rmdir(folder);
  return (await readPointer(dataDir)) ?? folder;
}

/** Root's own, so that the server's user can't change what root starts. One copy a version, put in place whole. */
async function copyBinaries(binaries: Binaries, systemFolder: string): Promise<string> {
  const native = join(systemFolder, `postgres-${binaries.version}`);
  if (await exists(native)) return native;
  await mkdir(systemFolder, { recursive: true });
  await chmod(systemFolder, 0o711);
  const draft = `${native}.${randomBytes(6).toString('hex')}`;
  try {
    await cp(binaries.native, draft, {
      recursive: true,
      verbatimSymlinks: true,
    });
    await chmod(draft, 0o755);
    await rename(draft, native).catch(async (error: unknown) => {
      if (!(await exists(native))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return native;
}

/** A pointer to a folder that is gone points nowhere, and makes room for another. */
async function readPointer(dataDir: string): Promise<string | null> {
  const path = join(dataDir, POINTER);
  const folder = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (isAbsolute(folder) && (await exists(folder))) return realpath(folder);
  await rm(path, { force: true });
  return null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

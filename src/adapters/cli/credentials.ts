import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { type Terminal, UsageError } from './terminal.ts';

/** What a login at one server left. */
const credentialSchema = z.object({
  token: z.string(),
  /** What the server calls the token. */
  name: z.string(),
  userId: z.string(),
  expiresAt: z.string(),
});
export type Credential = z.infer<typeof credentialSchema>;

const fileSchema = z.object({ servers: z.record(z.string(), credentialSchema) });
type Servers = z.infer<typeof fileSchema>['servers'];

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** Where logins are kept, as the XDG base directories have it. Null where there is no home. */
export function credentialsFile({ env }: Pick<Terminal, 'env'>): string | null {
  const { XDG_CONFIG_HOME: set = '', HOME: home = '', USERPROFILE: profile = '' } = env;
  // A path that is not absolute says nothing, says the specification.
  if (isAbsolute(set)) return join(set, 'towpath', 'credentials.json');
  const folder = [home, profile].find((one) => isAbsolute(one));
  return folder === undefined ? null : join(folder, '.config', 'towpath', 'credentials.json');
}

/** What was kept for a server, by its address. @throws UsageError where the file can't be read */
export function findCredential(terminal: Terminal, address: string): Credential | null {
  const file = credentialsFile(terminal);
  if (file === null) return null;
  const servers = readServers(file);
  return Object.hasOwn(servers, address) ? (servers[address] ?? null) : null;
}

/** Keeps a login, or none where it ended. @throws UsageError where the file can't be written */
export function keepCredential(terminal: Terminal, address: string, credential: Credential | null): void {
  const file = writableFile(terminal);
  const { [address]: _, ...others } = readServers(file);
  writeServers(file, credential === null ? others : { ...others, [address]: credential });
}

/** Fails before anything is asked for where a login could not be kept. @throws UsageError */
export function assertCanKeep(terminal: Terminal): void {
  const file = writableFile(terminal);
  writeServers(file, readServers(file));
}

function writableFile(terminal: Terminal): string {
  const file = credentialsFile(terminal);
  if (file !== null) return file;
  throw new UsageError(
    'There is no home folder to keep a login in. Set HOME or XDG_CONFIG_HOME, or use TOWPATH_API_TOKEN.',
  );
}

function readServers(file: string): Servers {
  try {
    // Made by something else, or copied: what others may read is none of theirs any more.
    if ((statSync(file).mode & OTHERS) !== 0) chmodSync(file, OWNER_ONLY);
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).servers;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {};
    // Never what stands in it: that may be a token.
    throw new UsageError(
      `${file} can’t be read (${codeOf(error) ?? 'it is not as it was written'}). Delete it, then log in again.`,
    );
  }
}

/** All at once: whoever reads meanwhile finds the old file or the new one, and nobody else finds either. */
function writeServers(file: string, servers: Servers): void {
  const next = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(next, `${JSON.stringify({ servers }, null, 2)}\n`, { mode: OWNER_ONLY, flag: 'wx' });
    renameSync(next, file);
  } catch (error) {
    rmSync(next, { force: true });
    throw new UsageError(
      `${file} can’t be written (${codeOf(error) ?? 'for a reason unknown'}). A login is kept there.`,
    );
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

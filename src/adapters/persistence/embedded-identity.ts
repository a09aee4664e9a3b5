import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EmbeddedRefusal } from './embedded-refusal.ts';

const run = promisify(execFile);

/** A system user, as `spawn` takes it. */
export interface Identity {
  uid: number;
  gid: number;
}

/**
 * As whom root runs the server, since PostgreSQL refuses root: the owner of the data if there is some, else the system user
 * `postgres`, which is made where it is missing. Null when this process isn't root: then it runs as whoever runs this.
 * @throws EmbeddedRefusal unsupported_machine
 */
export async function chooseIdentity(data: string): Promise<Identity | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(data).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const user = (await findUser('postgres')) ?? ((await makeUser('postgres')) && (await findUser('postgres')));
  if (user) return user;
  throw new EmbeddedRefusal(
    'unsupported_machine',
    'PostgreSQL does not run as root, and no system user “postgres” could be made for it. Start Towpath as an ordinary user, or name a PostgreSQL server in DATABASE_URL.',
  );
}

/** Whether a command ends well as that user: asked of the system, since modes, ACLs and mount options all have a say. */
export async function canRun(identity: Identity, command: string, args: readonly string[]): Promise<boolean> {
  return run(command, args, {
    ...identity,
    cwd: '/',
    env: { LC_ALL: 'C' },
    timeout: 30_000,
  }).then(
    () => true,
    () => false,
  );
}

/** Whether that user may pass into a folder. */
export function canEnter(identity: Identity, folder: string): Promise<boolean> {
  return canRun(identity, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder]);
}

async function findUser(name: string): Promise<Identity | null> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number.parseInt((await run('id', [flag, name])).stdout, 10)),
    );
    return uid === undefined || gid === undefined || Number.isNaN(uid + gid) ? null : { uid, gid };
  } catch {
    return null;
  }
}

/** By shadow's command, or by busybox's. */
async function makeUser(name: string): Promise<boolean> {
  const ways: [string, string[]][] = [
    [
      'useradd',
      [
        '--system',
        '--user-group',
        '--no-create-home',
        '--home-dir',
        '/nonexistent',
        '--shell',
        '/usr/sbin/nologin',
        name,
      ],
    ],
    ['adduser', ['-S', '-D', '-H', name]],
  ];
  for (const [command, args] of ways) {
    const made = await run(command, args, {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    }).catch(() => null);
    if (made !== null) return true;
  }
  return false;
}

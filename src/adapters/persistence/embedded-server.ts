import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Logger } from 'pino';
import { binary } from './embedded-binaries.ts';
import type { Place } from './embedded-place.ts';
import { isServerOf, signal, waitForEnd } from './embedded-process.ts';
import { EmbeddedRefusal } from './embedded-refusal.ts';

/** A server process that was started here. */
export interface Server {
  port: number;
  pid: number;
  /** Settled when the process has ended, however it did. */
  ended: Promise<void>;
  hasEnded(): boolean;
  /** The last lines it wrote. */
  tail(): string;
}

/** A fast shutdown's patience, then an immediate one's: data survives both, the second costs a recovery at the next start. */
const PATIENCE = [
  ['SIGINT', 4000],
  ['SIGQUIT', 2000],
  ['SIGKILL', 2000],
] as const;

/**
 * Starts the server on a free port of the loopback address, in a process group and session of its own: Ctrl+C in the
 * terminal reaches Towpath alone, which stops the server when it has finished.
 */
export async function spawnServer(
  place: Place,
  settings: Readonly<Record<string, string>>,
  log: Logger,
  port?: number,
): Promise<Server> {
  const chosen = port ?? (await freePort());
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(chosen),
    unix_socket_directories: '',
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(binary(place.native, 'postgres'), ['-D', place.data, ...flags], {
    ...place.identity,
    cwd: place.folder,
    env: { LC_ALL: 'C', TZ: 'UTC' },
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return watch(child, chosen, log);
}

function watch(child: ChildProcess, port: number, log: Logger): Server {
  const lines: string[] = [];
  let over = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', resolve);
    child.once('error', (error) => {
      lines.push(String(error));
      resolve();
    });
  }).then(() => {
    over = true;
  });
  // Whoever still needs the server holds connections; the process itself may end without it.
  child.unref();
  if (child.stderr instanceof Socket) child.stderr.unref();
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.splice(0, lines.length - 19);
      lines.push(line.slice(0, 500));
      log.debug({ postgres: line.slice(0, 2000) }, 'embedded PostgreSQL');
    });
  }
  return {
    port,
    pid: child.pid ?? 0,
    ended,
    hasEnded: () => over,
    tail: () => lines.join('\n'),
  };
}

/** Ends a server by ever stronger signals. @throws Error when even the last did not help */
export async function endServer(pid: number): Promise<void> {
  for (const [name, patience] of PATIENCE) {
    signal(pid, name);
    if (await waitForEnd(pid, patience)) return;
  }
  throw new Error(`The embedded PostgreSQL server (process ${pid}) does not end.`);
}

/**
 * Deals with what a killed Towpath left: its server, should it run on, is stopped; a `postmaster.pid` that names no such
 * server is made to name this process, the server's parent. PostgreSQL takes that for stale whoever else got the old pid
 * meanwhile, and still looks itself whether processes of the old server use the data. Deleting the file would skip that.
 */
export async function clearOldServer(place: Place, log: Logger): Promise<void> {
  const path = join(place.data, 'postmaster.pid');
  const [first, ...rest] = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  const pid = Number.parseInt(first ?? '', 10);
  if (!Number.isSafeInteger(pid) || pid <= 1) return;
  if (await isServerOf(pid, place.data)) {
    log.warn({ pid }, 'stopping the embedded PostgreSQL server that a Towpath before left running');
    await endServer(pid);
  }
  await replaceContent(path, [process.pid, ...rest].join('\n'));
}

/** In place: the file stays its owner's, whoever writes. */
async function replaceContent(path: string, text: string): Promise<void> {
  const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  try {
    await file?.truncate();
    await file?.writeFile(text);
  } finally {
    await file?.close();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(
              new EmbeddedRefusal(
                'database_not_started',
                'No free port on 127.0.0.1. Close some programs and start Towpath again.',
              ),
            ),
      );
    });
  });
}

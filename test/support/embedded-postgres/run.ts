import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client, type QueryResultRow } from 'pg';

export interface Running {
  child: ChildProcess;
  connectionString: string;
  dataDir: string;
  notice?: string;
  /** The next line it says. */
  said(): Promise<Record<string, unknown>>;
}

const SCRIPT = fileURLToPath(new URL('./start-in-process.ts', import.meta.url));

/** Starts `start-in-process.ts` (or a copy of it), leading a process group of its own as a terminal's foreground job does. */
export async function runInProcess(dataDir: string, systemFolder: string, script = SCRIPT): Promise<Running> {
  const child = spawn(process.execPath, [script, dataDir, systemFolder], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const said = async () => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`it ended, saying: ${errors}`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  const first = await said();
  return { child, ...(first as Pick<Running, 'connectionString' | 'dataDir' | 'notice'>), said };
}

/** Kills the process, and nothing that it started, as a crash does. */
export async function crash(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

export async function query<T extends QueryResultRow>(connectionString: string, text: string): Promise<T[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const CONNECTIONS = 50;

export interface Counted {
  perSecond: number;
  median: number;
  p95: number;
  p99: number;
  longest: number;
  others: number;
  answers: number;
  /** Microseconds of the server's processor for each answer: says the same however busy the machine is with other things. */
  cpu: number;
}
export interface Server {
  port: number;
  child: ChildProcess;
}

interface Taken {
  heapUsed: number;
  external: number;
  rss: number;
  cpu: { user: number; system: number };
}

/** What a server took so far. */
export async function taken({ child }: Server): Promise<Taken> {
  child.kill('SIGUSR2');
  const [text] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return JSON.parse(String(text)) as Taken;
}

/** A server of this folder in a process of its own. */
export async function start(file: string, args: string[], input?: Buffer): Promise<Server> {
  const child = spawn(process.execPath, [join('test/bench/resolve', file), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin?.end(input ?? '');
  const [text] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return { port: Number(String(text)), child };
}

/** Asks a server for these paths as fast as it answers. @throws where an answer is another one than expected */
export function load(
  server: Server,
  paths: string[],
  headers: Record<string, string>,
  expected: number,
  duration: number,
): Promise<Counted> {
  return askedBy(server, { paths, headers, expected, duration, connections: CONNECTIONS });
}

/** Asks for each of these paths once, one after the other. @throws where an answer is another one than 200 */
export function loadOnce(server: Server, paths: string[], headers: Record<string, string>): Promise<Counted> {
  return askedBy(server, { paths, headers, expected: 200, duration: null, connections: 1 });
}

interface Asked {
  paths: string[];
  headers: Record<string, string>;
  expected: number;
  /** Milliseconds; null: each path once. */
  duration: number | null;
  connections: number;
}

async function askedBy(server: Server, asked: Asked): Promise<Counted> {
  const { cpu: before } = await taken(server);
  const args = ['test/bench/resolve/generate-load.ts', JSON.stringify({ ...asked, port: server.port })];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  const counted = JSON.parse(text) as Counted;
  const { user, system } = (await taken(server)).cpu;
  counted.cpu = (user + system - before.user - before.system) / counted.answers;
  if (counted.others > 0) throw new Error(`${counted.others} answers were not ${asked.expected}.`);
  return counted;
}

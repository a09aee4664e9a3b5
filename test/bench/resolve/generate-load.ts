import { createConnection, type Socket } from 'node:net';
import { argv } from 'node:process';

// Asks one server for the given paths over keep-alive connections, each waiting for its answer before it asks again, and prints
// what it counted as JSON. A process of its own: what it costs is not the server's. Reads no more of an answer than it must, so
// that it is the server that is measured.

interface Asked {
  port: number;
  paths: string[];
  headers: Record<string, string>;
  connections: number;
  /** Milliseconds; those of the first fifth do not count. Null: each path once, the first fifty not counted. */
  duration: number | null;
  expected: number;
}

const NOT_COUNTED = 50;

const asked = JSON.parse(argv[2] ?? '{}') as Asked;
const began = performance.now();
const countFrom = began + (asked.duration ?? 0) / 5;
const until = asked.duration === null ? Number.POSITIVE_INFINITY : began + asked.duration;
const times: number[] = [];
let others = 0;
let answers = 0;

const requests = asked.paths.map((path) => {
  const lines = Object.entries({ host: `127.0.0.1:${asked.port}`, ...asked.headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
});
const END = Buffer.from('\r\n\r\n');

/** Whether the answer is whole, by its length. */
function isWhole(head: Buffer, length: number): boolean {
  const end = head.indexOf(END);
  if (end < 0) return false;
  const [, size = '0'] = /\r\ncontent-length: (\d+)/i.exec(head.toString('latin1', 0, end)) ?? [];
  return length >= end + 4 + Number(size);
}

function isCounted(now: number): boolean {
  return asked.duration === null ? answers > NOT_COUNTED : now > countFrom && now <= until;
}

function connect(first: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = createConnection(asked.port, '127.0.0.1');
    socket.setNoDelay(true);
    let turn = first;
    let sentAt = 0;
    let got: Buffer = Buffer.alloc(0);
    const ask = () => {
      sentAt = performance.now();
      socket.write(requests[turn++ % requests.length] as Buffer);
    };
    socket.on('connect', ask);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      got = got.length === 0 ? chunk : Buffer.concat([got, chunk]);
      if (!isWhole(got, got.length)) return;
      const now = performance.now();
      if (Number(got.toString('latin1', 9, 12)) !== asked.expected) {
        if (others === 0) process.stderr.write(`an answer was ${got.toString('latin1', 0, 300)}\n`);
        others += 1;
      }
      got = Buffer.alloc(0);
      answers += 1;
      if (isCounted(now)) times.push(now - sentAt);
      if (asked.duration === null ? turn < requests.length : now < until) return ask();
      socket.end();
      resolve();
    });
  });
}

const spread = Math.max(1, Math.floor(requests.length / asked.connections));
await Promise.all(Array.from({ length: asked.connections }, (_, n) => connect(n * spread)));
times.sort((a, b) => a - b);
const at = (quantile: number) => times[Math.min(times.length - 1, Math.floor(times.length * quantile))] ?? 0;
const seconds = asked.duration === null ? (performance.now() - began) / 1_000 : (asked.duration * 0.8) / 1_000;
process.stdout.write(
  JSON.stringify({
    perSecond: times.length / seconds,
    median: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    longest: at(1),
    others,
    answers,
  }),
);

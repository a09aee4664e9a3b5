#!/usr/bin/env node
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { styleText } from 'node:util';
import { runCli } from './run-cli.ts';

// Whoever reads the output may have read enough of it, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

/** Beside standard output, which may go into a file. Null when it is ended without an answer. */
function ask(question: string): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.once('close', () => resolve(null));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

/** No more than anything takes that is read here. */
const LONGEST_INPUT = 10 * 1024 * 1024;

async function stdin(): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of process.stdin) {
    length += piece.length;
    if (length > LONGEST_INPUT) break;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

process.exitCode = await runCli({
  arguments: process.argv.slice(2),
  env: process.env,
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  // By itself it leaves colours out where nobody sees them, or NO_COLOR asks for that.
  colour: (colour, text) => styleText(colour, text, { stream: process.stdout }),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  stdin,
  pause: (ms) => pause(ms),
  now: () => performance.now(),
});

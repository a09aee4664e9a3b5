#!/usr/bin/env node
import { styleText } from 'node:util';
import { runCli } from './run-cli.ts';

// Whoever reads the output may have read enough of it, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCli({
  arguments: process.argv.slice(2),
  env: process.env,
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  // By itself it leaves colours out where nobody sees them, or NO_COLOR asks for that.
  colour: (colour, text) => styleText(colour, text, { stream: process.stdout }),
});

#!/usr/bin/env node
import { runCli } from './run-cli.ts';

process.exitCode = await runCli({
  arguments: process.argv.slice(2),
  env: process.env,
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});

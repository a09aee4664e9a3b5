import { allocateYoung } from './allocate-young.ts';
import { startTowpath } from './compose.ts';
import { readConfig } from './config.ts';
import { describeStartFailure } from './describe-start-failure.ts';
import { createLogger } from './log.ts';
import { readArguments } from './read-arguments.ts';

/** Milliseconds after which an end that does not come by itself is forced. */
const PATIENCE = 9_500;

async function main(): Promise<void> {
  allocateYoung();
  const given = readArguments(process.argv.slice(2));
  const config = readConfig(process.env);
  const log = createLogger({ level: config.logLevel });
  const towpath = await startTowpath(config, (variable) => process.env[variable], log, given);
  for (const line of towpath.lines) process.stdout.write(`${line}\n`);
  log.info({ port: towpath.port }, 'started');

  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), PATIENCE).unref();
    await towpath.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, (name) => void stop(name));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`Towpath could not start. ${describeStartFailure(error)}\n`);
  process.exit(1);
}

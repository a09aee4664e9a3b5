import { startTowpath } from './compose.ts';
import { readConfig } from './config.ts';
import { RefusedError } from './domain/refused-error.ts';
import { createLogger } from './log.ts';

/** Milliseconds after which an end that does not come by itself is forced. */
const PATIENCE = 9_500;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLogger({ level: config.slack === null ? quieter(config.logLevel) : config.logLevel });
  const towpath = await startTowpath(config, (variable) => process.env[variable], log);
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

/** In the sandbox the terminal belongs to the newcomer: one address, and what goes wrong. */
function quieter(level: string) {
  return process.env['LOG_LEVEL'] === undefined
    ? ('warn' as const)
    : (level as ReturnType<typeof readConfig>['logLevel']);
}

try {
  await main();
} catch (error) {
  const text = error instanceof RefusedError ? error.userMessage : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`Towpath could not start. ${text}\n`);
  process.exit(1);
}

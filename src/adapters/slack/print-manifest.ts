import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fillManifest } from './fill-manifest.ts';

/*
 * `npm run manifest -- https://host` and `npm run manifest -- --socket`: prints manifest.yml filled in, to paste into Slack.
 */

const manifest = new URL('../../../manifest.yml', import.meta.url);

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { socket: { type: 'boolean', default: false } },
  });
  const [host] = positionals;
  process.stdout.write(
    fillManifest(readFileSync(manifest, 'utf8'), { socket: values.socket, ...(host !== undefined && { host }) }),
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

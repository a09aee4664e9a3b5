import type { Command } from 'commander';
import { z } from 'zod';
import { ask } from './api-client.ts';
import { dollars, milliseconds, named, versionSchema } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { readText } from './gather-files.ts';
import { apiPath, asksServer, openServer, type ServerOptions, type Session, tellFailure } from './session.ts';
import { complainLines, EXIT, type ExitCode, harmlessJson, printLines, type Terminal, UsageError } from './terminal.ts';

interface RunOptions extends ServerOptions {
  env: string;
  input: string;
  key?: string;
}

/** Milliseconds: what is run may wait for its turn, and take an hour. */
const PATIENCE = 121 * 60_000;

const answer = z.object({
  runId: z.string(),
  workflow: z.string(),
  version: versionSchema,
  environment: z.string(),
  output: z.unknown(),
  cost: z.number().nullable(),
  latencyMs: z.number(),
});

const HELP = `
The input is JSON, of whatever shape the workflow takes. Standard output gets what came out of it and nothing else: a text as it is,
anything else as JSON. Ctrl-C ends the run. A token of one environment needs the scope execute; logged in, whoever may push the
workflow may run it.

${exitCodes({ refused: 'the server refused it, or what was run came to nothing' })}

Examples:
  towpath run summarize-flow --env staging --input ticket.json
  echo '{"ticket":"It is down"}' | towpath run summarize-flow --env staging --input - --json`;

/** `towpath run WORKFLOW --env ENVIRONMENT --input FILE` */
export function runCommand(program: Command, session: Session): void {
  const command = program
    .command('run')
    .description('run what is live in an environment once, and print what comes out')
    .argument('<workflow>', 'its name, such as summarize-flow')
    .requiredOption('--env <environment>', 'where it runs, with what is live and set there')
    .requiredOption('--input <file>', 'a file with what it is given, as JSON; - for standard input')
    .option('--key <key>', 'whom the run is for, such as a user: decides between both sides of a canary');
  asksServer(command)
    .addHelpText('after', HELP)
    .action(async (workflow: string, options: RunOptions) => session.done(await run(workflow, options, session)));
}

async function run(workflow: string, options: RunOptions, { terminal }: Session): Promise<ExitCode> {
  const server = openServer(options, terminal);
  const inputs = await readInput(options.input, terminal);
  const { key } = options;
  const reply = await ask(server, apiPath(['workflows', workflow, 'execute'], { environment: options.env }), answer, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs, ...(key !== undefined && { key }) }),
    patience: PATIENCE,
  });
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  if (options.json === true) terminal.print(`${harmlessJson(reply.document)}\n`);
  else tellOutput(terminal, reply.answer);
  return EXIT.ok;
}

function tellOutput(
  terminal: Terminal,
  { output, cost, latencyMs, version, environment, runId }: z.infer<typeof answer>,
) {
  printLines(terminal, (typeof output === 'string' ? output : JSON.stringify(output, null, 2)).split('\n'));
  const figures = [milliseconds(Math.round(latencyMs)), ...(cost === null ? [] : [dollars(cost)])].join(', ');
  complainLines(terminal, [`${named(version)} in ${environment}: ${figures}, run ${runId}`]);
}

/** @throws UsageError */
async function readInput(file: string, terminal: Terminal): Promise<unknown> {
  const text = file === '-' ? await terminal.stdin?.() : await readText(file);
  if (text == null)
    throw new UsageError(
      file === '-' ? 'There is no standard input to read here.' : `${file} is not UTF-8 text. Save it as UTF-8.`,
    );
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    const what = file === '-' ? 'Standard input' : file;
    throw new UsageError(
      `${what} is no JSON. Write what the workflow takes as JSON: an object such as {"text": "…"}, or "a text".`,
    );
  }
}

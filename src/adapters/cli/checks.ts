import type { Command } from 'commander';
import { z } from 'zod';
import { ask } from './api-client.ts';
import { named, versionSchema } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { readText } from './gather-files.ts';
import { apiPath, asksServer, openServer, type ServerOptions, type Session, tell, tellFailure } from './session.ts';
import { EXIT, type ExitCode, type Line, UsageError } from './terminal.ts';

interface UploadOptions extends ServerOptions {
  workflow: string;
  version: string;
  environment: string;
  name?: string;
}

const figure = z.number().nullable();
const answer = z.object({
  workflow: z.string(),
  version: versionSchema,
  environment: z.string(),
  results: z.array(
    z.object({
      ...{ kind: z.string(), name: z.string(), state: z.string() },
      ...{ passed: figure, failed: figure, notJudged: figure, score: figure, of: figure },
      ...{ costPerRun: figure, latency: figure, detail: z.string().nullable() },
    }),
  ),
});
type Result = z.infer<typeof answer>['results'][number];

const HELP = `
A result file of promptfoo, JUnit XML, or JSON in the shape that the API describes. It takes a token with the scope checks, in
TOWPATH_API_TOKEN: an admin makes one with “towpath token create ci --scope checks”.

${exitCodes()}

Examples:
  promptfoo eval --output results.json
  towpath checks upload results.json --workflow summarize-flow --version 12 --environment production
  towpath checks upload junit.xml --workflow summarize-flow --version v12 --environment staging --name smoke`;

/** `towpath checks upload FILE` */
export function checksCommand(program: Command, session: Session): void {
  const checks = program.command('checks').description('report what was found out about a version');
  const upload = checks
    .command('upload')
    .description('report what was found out about a version, from a file')
    .argument('<file>', 'results of promptfoo (JSON), JUnit XML, or a report in Towpath’s own shape (JSON)')
    .requiredOption('--workflow <name>', 'the workflow, such as summarize-flow')
    .requiredOption('--version <version>', 'its version: 12, v12 or a label')
    .requiredOption('--environment <name>', 'the environment that it was found out for')
    .option('--name <name>', 'takes the place of the name that the file gives itself');
  asksServer(upload)
    .addHelpText('after', HELP)
    .action(async (file: string, options: UploadOptions) => session.done(await uploadFile(file, options, session)));
}

async function uploadFile(file: string, options: UploadOptions, { terminal }: Session): Promise<ExitCode> {
  const server = openServer(options, terminal);
  const text = await readText(file);
  if (text === null) throw new UsageError(`${file} is not UTF-8 text of at most 10 MB. Save it as UTF-8.`);
  const { workflow, version, environment, name } = options;
  const path = apiPath(['workflows', workflow, 'versions', version, 'checks'], { environment, name });
  const isXml = text
    .replace(/^\uFEFF/, '')
    .trimStart()
    .startsWith('<');
  const headers = { 'content-type': isXml ? 'application/xml' : 'application/json' };
  const reply = await ask(server, path, answer, { method: 'POST', headers, body: text });
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  tell(terminal, options, reply.document, () => linesOf(reply.answer));
  return EXIT.ok;
}

function linesOf({ workflow, version, environment, results }: z.infer<typeof answer>): Line[] {
  return [
    ['bold', `Kept for ${named(version)} of ${workflow} in ${environment}:`],
    ...results.map((result) => `  ${result.kind} ${result.name}: ${figuresText(result)}`),
  ];
}

function figuresText({ state, passed, failed, notJudged, score, of, costPerRun, latency, detail }: Result): string {
  const parts = [
    passed === null ? null : `${passed} passed, ${failed ?? 0} failed${notJudged ? `, ${notJudged} not judged` : ''}`,
    score === null ? null : `${round(score)}${of === null ? '' : ` of ${of}`}`,
    costPerRun === null ? null : `$${round(costPerRun)} a run`,
    latency === null ? null : `${Math.round(latency)} ms`,
  ].filter((part) => part !== null);
  const figures = parts.length === 0 ? state : parts.join(', ');
  return detail === null ? figures : `${figures} (${detail})`;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

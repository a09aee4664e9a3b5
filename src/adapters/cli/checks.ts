import type { Command } from 'commander';
import { z } from 'zod';
import { counterpartOf } from '../../domain/check-result.ts';
import { ask } from './api-client.ts';
import { moment, named, table, versionSchema } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { readText } from './gather-files.ts';
import {
  apiPath,
  asksServer,
  openServer,
  type ServerOptions,
  type Session,
  show,
  tell,
  tellFailure,
} from './session.ts';
import { EXIT, type ExitCode, type Line, UsageError } from './terminal.ts';

interface UploadOptions extends ServerOptions {
  workflow: string;
  version: string;
  environment: string;
  name?: string;
}

const figure = z.number().nullable();
const checkResult = z.object({
  ...{ kind: z.string(), name: z.string(), state: z.string() },
  ...{ passed: figure, failed: figure, notJudged: figure, score: figure, of: figure },
  ...{ costPerRun: figure, latency: figure, detail: z.string().nullable() },
});
type Result = z.infer<typeof checkResult>;
const answer = z.object({
  ...{ workflow: z.string(), version: versionSchema, environment: z.string() },
  results: z.array(checkResult),
});
const listed = checkResult.extend({ id: z.string(), at: z.string(), source: z.string() });
type Listed = z.infer<typeof listed>;
const list = z.object({
  ...{ workflow: z.string(), version: versionSchema },
  items: z.array(
    z.object({
      ...{ environment: z.string(), results: z.array(listed) },
      live: z.object({ version: versionSchema, results: z.array(listed) }).nullable(),
    }),
  ),
});

const HELP = `
A result file of promptfoo, JUnit XML, or JSON in the shape that the API describes. It takes a token with the scope checks, in
TOWPATH_API_TOKEN: an admin makes one with “towpath token create ci --scope checks”.

${exitCodes()}

Examples:
  promptfoo eval --output results.json
  towpath checks upload results.json --workflow summarize-flow --version 12 --environment production
  towpath checks upload junit.xml --workflow summarize-flow --version v12 --environment staging --name smoke`;

const GROUP_HELP = `
${exitCodes()}

Examples:
  towpath checks list summarize-flow v12
  towpath checks upload results.json --workflow summarize-flow --version 12 --environment production`;

const LIST_HELP = `
The newest result of each kind and name, beside the same of what is live. With --json each has its id: the API has its cases
below /api/v1/checks.

${exitCodes()}

Examples:
  towpath checks list summarize-flow v12
  towpath checks list summarize-flow 12 production --json | jq '.items[].results[] | select(.state != "passed")'`;

/** `towpath checks upload FILE`, `towpath checks list WORKFLOW VERSION` */
export function checksCommand(program: Command, session: Session): void {
  const checks = program
    .command('checks')
    .description('report or show what was found out about a version')
    .addHelpText('after', GROUP_HELP);
  listCommand(checks, session);
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

function listCommand(checks: Command, session: Session): void {
  const command = checks
    .command('list')
    .description('show what was found out about a version, beside what is live')
    .argument('<workflow>', 'its name, such as summarize-flow')
    .argument('<version>', '12, v12 or a label')
    .argument('[environment]', 'one environment (default: all)');
  asksServer(command)
    .addHelpText('after', LIST_HELP)
    .action((workflow: string, version: string, environment: string | undefined, options: ServerOptions) =>
      show(session, options, {
        path: apiPath(['workflows', workflow, 'versions', version, 'checks'], { environment }),
        schema: list,
        lines: listLines,
      }),
    );
}

function listLines({ workflow, version, items }: z.infer<typeof list>): Line[] {
  const found = items.filter(({ results }) => results.length > 0);
  if (found.length === 0) return [`Nothing was found out about ${named(version)} of ${workflow} yet.`];
  return found.flatMap(({ environment, results, live }): Line[] => {
    const beside = live === null ? '' : `, beside ${named(live.version)}, which is live there`;
    const rows = results.map((result) => [
      ...[`${result.kind} ${result.name}`, result.state, figuresText({ ...result, detail: null })],
      ...[liveText(result, live?.results ?? []), moment(result.at), result.detail ?? ''],
    ]);
    return [['bold', `${named(version)} of ${workflow} in ${environment}${beside}`], ...table(rows, '  ')];
  });
}

function liveText(result: Listed, live: readonly Listed[]): string {
  const other = counterpartOf(result, live);
  return other === undefined ? '' : `live: ${figuresText({ ...other, detail: null })}`;
}

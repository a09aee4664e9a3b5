import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { ask, type Reply, type Server } from './api-client.ts';
import { caseLines, countsSchema, countsText, type ShownCase } from './case-lines.ts';
import { dollars, moment, named, versionSchema, who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { readText } from './gather-files.ts';
import {
  actsForSomebody,
  apiPath,
  asksServer,
  openServer,
  type ServerOptions,
  type Session,
  show,
  tell,
  tellFailure,
} from './session.ts';
import { complainLines, EXIT, type ExitCode, type Line, UsageError } from './terminal.ts';

interface SuiteOptions extends ServerOptions {
  onBehalfOf?: string;
  version?: string;
  env?: string;
}

const savedSchema = z.object({
  ...{ workflow: z.string(), number: z.number(), name: z.string(), cases: z.number(), created: z.boolean() },
  masked: z.object({ secrets: z.array(z.unknown()), more: z.number() }),
});
const suiteSchema = z.object({
  ...{ workflow: z.string(), number: z.number(), cases: z.number(), source: z.string() },
  ...{ savedBy: z.string(), savedAt: z.string() },
});
const runSchema = countsSchema.extend({
  ...{ id: z.string(), workflow: z.string(), version: versionSchema, environment: z.string(), state: z.string() },
  ...{ done: z.number(), detail: z.string().nullable() },
  cases: z.array(
    z.object({
      ...{ name: z.string(), state: z.string(), message: z.string().nullable() },
      ...{ cost: z.number().nullable(), latencyMs: z.number().nullable() },
    }),
  ),
});
type Run = z.infer<typeof runSchema>;

/** Milliseconds between looks at a run. */
const LOOK_EVERY = 1_000;

const HELP = `
${exitCodes()}

Examples:
  towpath suite set summarize-flow flows/summarize.suite.yaml
  towpath suite show summarize-flow > summarize.suite.yaml
  towpath suite run summarize-flow --env staging`;

const RUN_HELP = `
It goes on though this ends: Ctrl-C leaves it running.

${exitCodes({ ok: 'every case passed', refused: 'the server refused it, or a case did not pass' })}

Examples:
  towpath suite run summarize-flow
  towpath suite run summarize-flow --version 12 --env staging --json`;

/** `towpath suite set|show|run WORKFLOW` */
export function suiteCommand(program: Command, session: Session): void {
  const suite = program
    .command('suite')
    .description('save, show or run the suite of a workflow')
    .addHelpText('after', HELP);
  const set = suite
    .command('set')
    .description('save the suite of a workflow, in the place of the one before')
    .argument('<workflow>', 'its name, such as summarize-flow')
    .argument('<file>', 'the suite, YAML or JSON');
  actsForSomebody(asksServer(set))
    .addHelpText('after', HELP)
    .action(async (workflow: string, file: string, options: SuiteOptions) =>
      session.done(await setSuite(workflow, file, options, session)),
    );
  const shows = suite
    .command('show')
    .description('print the suite of a workflow as it was saved')
    .argument('<workflow>', 'its name, such as summarize-flow');
  asksServer(shows)
    .addHelpText('after', HELP)
    .action((workflow: string, options: SuiteOptions) => showSuite(workflow, options, session));
  const runs = suite
    .command('run')
    .description('have the suite run on a version, and wait until it has')
    .argument('<workflow>', 'its name, such as summarize-flow')
    .option('--version <version>', 'which one (default: the one that is proposed there, else the newest)')
    .option('--env <environment>', 'with what is set there (default: the first)');
  actsForSomebody(asksServer(runs))
    .addHelpText('after', RUN_HELP)
    .action(async (workflow: string, options: SuiteOptions) =>
      session.done(await runSuite(workflow, options, session)),
    );
}

async function setSuite(
  workflow: string,
  file: string,
  options: SuiteOptions,
  { terminal }: Session,
): Promise<ExitCode> {
  const server = openServer(options, terminal);
  const source = await readText(file);
  if (source === null) throw new UsageError(`${file} is not UTF-8 text. Save it as UTF-8.`);
  const body = { source, fileName: basename(resolve(file)).slice(0, 500), onBehalfOf: options.onBehalfOf };
  const reply = await sendTo(server, ['workflows', workflow, 'suite'], savedSchema, 'PUT', body);
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  tell(terminal, options, reply.document, () => savedLines(reply.answer));
  return EXIT.ok;
}

function savedLines({ workflow, number, cases, created, masked }: z.infer<typeof savedSchema>): Line[] {
  const secrets = masked.secrets.length + masked.more;
  const size = cases === 1 ? '1 case' : `${cases} cases`;
  return [
    created
      ? `Saved as suite ${number} of ${workflow}: ${size}.`
      : `That is the suite of ${workflow} already (${number}, ${size}), nothing new.`,
    ...(secrets === 0 ? [] : [`${secrets} secrets were masked before anything was kept; replace what is real.`]),
  ];
}

function showSuite(workflow: string, options: SuiteOptions, session: Session): Promise<void> {
  return show(session, options, {
    path: apiPath(['workflows', workflow, 'suite']),
    schema: suiteSchema,
    lines: ({ source, number, savedBy, savedAt }) => {
      complainLines(session.terminal, [`Suite ${number}, saved by ${who(savedBy)} ${moment(savedAt)}`]);
      return source.replace(/\n$/, '').split('\n');
    },
  });
}

async function runSuite(workflow: string, options: SuiteOptions, { terminal }: Session): Promise<ExitCode> {
  const server = openServer(options, terminal);
  const { version, env: environment, onBehalfOf } = options;
  const asked = await sendTo(server, ['workflows', workflow, 'tests'], runSchema, 'POST', {
    version,
    environment,
    onBehalfOf,
  });
  if (asked.kind !== 'answered') return tellFailure(terminal, options, asked);
  let reply: Reply<Run> = asked;
  let done = -1;
  while (reply.kind === 'answered' && ['queued', 'running'].includes(reply.answer.state)) {
    if (options.json !== true && reply.answer.done !== done) complainLines(terminal, [farText(reply.answer)]);
    done = reply.answer.done;
    await terminal.pause(LOOK_EVERY);
    reply = await ask(server, apiPath(['workflows', asked.answer.workflow, 'tests', asked.answer.id]), runSchema);
  }
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  const run = reply.answer;
  tell(terminal, options, reply.document, () => runLines(run));
  return run.state === 'completed' && run.passed === run.total ? EXIT.ok : EXIT.refused;
}

function farText({ state, done, total, version, environment }: Run): string {
  const where = `${named(version)} in ${environment}`;
  return state === 'queued' ? `${where}: waits for its turn` : `${where}: ${done} of ${total} so far`;
}

function runLines(run: Run): Line[] {
  const cases = run.cases.map(({ message, ...one }): ShownCase => ({ ...one, why: message }));
  const isGood = run.state === 'completed' && run.passed === run.total;
  const cost = run.cost === 0 ? '' : `, ${dollars(run.cost)} in all`;
  return [
    ...caseLines(cases),
    ...(run.detail === null ? [] : [['yellow', run.detail] as const]),
    [
      isGood ? 'green' : 'red',
      `${named(run.version)} of ${run.workflow} in ${run.environment}: ${countsText(run)}${cost}`,
    ],
  ];
}

function sendTo<Answer>(
  server: Server,
  parts: readonly string[],
  schema: z.ZodType<Answer>,
  method: 'PUT' | 'POST',
  body: Readonly<Record<string, string | undefined>>,
): Promise<Reply<Answer>> {
  const headers = { 'content-type': 'application/json' };
  return ask(server, apiPath(parts), schema, { method, headers, body: JSON.stringify(body) });
}

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { askLines } from './api-client.ts';
import { caseLines, countsSchema, countsText } from './case-lines.ts';
import { dollars, milliseconds } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { readText } from './gather-files.ts';
import { readFileOrFolder } from './read-sources.ts';
import { asksServer, openServer, type ServerOptions, type Session, tellFailure } from './session.ts';
import {
  complainLines,
  EXIT,
  type ExitCode,
  harmlessJson,
  type Line,
  printLines,
  type Terminal,
  UsageError,
} from './terminal.ts';

interface TestOptions extends ServerOptions {
  suite?: string;
  workflow?: string;
  format?: string;
}

/** Milliseconds: longer than all cases of a suite may take. */
const PATIENCE = 46 * 60_000;
/** Milliseconds between words on how far it is. */
const TELL_EVERY = 2_000;

const progressLine = countsSchema.extend({ kind: z.literal('progress'), done: z.number() });
const outcomeLine = z.object({
  kind: z.literal('outcome'),
  workflow: z.string(),
  environment: z.string(),
  outcome: countsSchema.extend({
    ...{ end: z.string(), costPerRun: z.number().nullable(), p95: z.number().nullable() },
    cases: z.array(
      z.object({
        ...{ name: z.string(), state: z.string(), cost: z.number().nullable(), latencyMs: z.number().nullable() },
        error: z.object({ message: z.string() }).nullable(),
        assertions: z.array(z.object({ state: z.string(), reason: z.string().optional() })),
      }),
    ),
  }),
});
const problemLine = z.object({ kind: z.literal('problem'), code: z.string(), detail: z.string() });
const line = z.discriminatedUnion('kind', [progressLine, outcomeLine, problemLine]);
type Outcome = z.infer<typeof outcomeLine>;

const HELP = `
Nothing is pushed and nothing is kept: the file runs as it would in the first environment, with what its workflow is given there.
The suite is --suite, else NAME.suite.yaml beside the file, else the one that the workflow keeps. Ctrl-C ends it.

${exitCodes({ ok: 'every case passed', refused: 'the server refused it, or a case did not pass' })}

Examples:
  towpath test flows/summarize.yaml
  towpath test flows/summarize.yaml --suite flows/edge-cases.yaml --json`;

/** `towpath test FILE` */
export function testCommand(program: Command, session: Session): void {
  const command = program
    .command('test')
    .description('run the suite of a workflow file without pushing it')
    .argument('<file>', 'a workflow file, or a folder that is one workflow')
    .option(
      '--suite <file>',
      'the suite (default: NAME.suite.yaml beside the file, else the one that the workflow keeps)',
    )
    .option('--workflow <name>', 'whose settings it runs with (default: the name that the file gives itself)')
    .option('--format <format>', 'read the file as this format instead of judging by its content');
  asksServer(command)
    .addHelpText('after', HELP)
    .action(async (file: string, options: TestOptions) => session.done(await test(file, options, session)));
}

async function test(file: string, options: TestOptions, { terminal }: Session): Promise<ExitCode> {
  const server = openServer(options, terminal);
  const { source, fileName } = await readFileOrFolder(file);
  const suite = await readSuite(options.suite ?? suiteBeside(file));
  const { workflow, format } = options;
  let ended: z.infer<typeof outcomeLine> | z.infer<typeof problemLine> | null = null;
  let document: unknown;
  const tellProgress = progressTo(terminal);
  const failure = await askLines(
    server,
    '/api/v1/tests',
    {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ source, fileName, ...suite, workflow, format }),
      patience: PATIENCE,
    },
    (given) => {
      const told = line.safeParse(given);
      if (!told.success) return;
      if (told.data.kind === 'progress') return options.json === true ? undefined : tellProgress(told.data);
      ended = told.data;
      document = given;
    },
  );
  if (failure !== null) return tellFailure(terminal, options, failure);
  return tellEnd(terminal, options, ended, document);
}

function tellEnd(
  terminal: Terminal,
  options: TestOptions,
  ended: Outcome | z.infer<typeof problemLine> | null,
  document: unknown,
): ExitCode {
  if (ended === null)
    return tellFailure(terminal, options, { kind: 'unreachable', detail: 'The server ended in the middle of it.' });
  if (ended.kind === 'problem')
    return tellFailure(terminal, options, { kind: 'refused', code: ended.code, detail: ended.detail });
  if (options.json === true) terminal.print(`${harmlessJson(document)}\n`);
  else printLines(terminal, outcomeLines(ended));
  const { end, passed, total } = ended.outcome;
  return end === 'completed' && passed === total ? EXIT.ok : EXIT.refused;
}

const ENDS: Readonly<Record<string, string>> = {
  budget: 'Its budget was spent before all had their turn.',
  time: 'Its time was up before all had their turn.',
  stopped: 'It was stopped.',
};

function outcomeLines({ workflow, environment, outcome }: Outcome): Line[] {
  const { cases, end, p95, costPerRun } = outcome;
  const shown = cases.map(({ error, assertions, ...one }) => {
    const failed = assertions.find(({ state }) => state !== 'passed');
    return { ...one, why: error?.message ?? failed?.reason ?? null };
  });
  const figures = [
    countsText(outcome),
    ...(p95 === null ? [] : [`p95 ${milliseconds(Math.round(p95))}`]),
    ...(costPerRun === null ? [] : [`${dollars(costPerRun)} a run`]),
  ].join(', ');
  const isGood = outcome.passed === outcome.total && end === 'completed';
  return [
    ...caseLines(shown),
    ...(ENDS[end] === undefined ? [] : [['yellow', ENDS[end]] as const]),
    [isGood ? 'green' : 'red', `${workflow} with what ${environment} gives it: ${figures}`],
  ];
}

function progressTo(terminal: Terminal): (progress: z.infer<typeof progressLine>) => void {
  let told = terminal.now();
  return ({ done, total, failed, errored }) => {
    if (done === total || terminal.now() - told < TELL_EVERY) return;
    told = terminal.now();
    const bad = failed + errored;
    complainLines(terminal, [`${done} of ${total} so far${bad === 0 ? '' : `, ${bad} did not pass`}`]);
  };
}

async function readSuite(path: string | null): Promise<{ suite: string; suiteFileName: string } | null> {
  if (path === null) return null;
  const suite = await readText(path);
  if (suite === null) throw new UsageError(`${path} is not UTF-8 text. Save it as UTF-8.`);
  return { suite, suiteFileName: path.slice(-500) };
}

/** `flow.suite.yaml` beside `flow.yaml`, or beside the folder `flow`; null where there is none. */
export function suiteBeside(file: string): string | null {
  const whole = resolve(file);
  const stem = whole.replace(/\.[a-z0-9]+$/i, '');
  const found = ['yaml', 'yml', 'json'].map((ending) => `${stem}.suite.${ending}`).find((path) => existsSync(path));
  return found === undefined || found === whole ? null : found;
}

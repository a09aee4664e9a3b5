import { type Command, Option } from 'commander';
import { z } from 'zod';
import { RUN_OUTCOMES } from '../../domain/run-record.ts';
import { dollars, milliseconds, moment, moreLines, named, pageOf, table, versionSchema } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { limitOf, listsPages, type PagingOptions } from './paging.ts';
import { parsePatience } from './parse-patience.ts';
import { apiPath, asksServer, type ServerOptions, type Session, show } from './session.ts';
import { type Line, UsageError } from './terminal.ts';

const runSchema = z.object({
  runId: z.string(),
  workflow: z.string(),
  environment: z.string(),
  version: versionSchema,
  started: z.string(),
  durationMs: z.number(),
  outcome: z.string(),
  error: z.string().nullable(),
  cost: z.number().nullable(),
});
const summarySchema = z.object({
  workflow: z.string(),
  since: z.string(),
  items: z.array(
    z.object({
      environment: z.string(),
      version: versionSchema,
      runs: z.number(),
      errorRate: z.number().nullable(),
      latencyMs: z.object({ p50: z.number(), p95: z.number() }),
      cost: z.number().nullable(),
    }),
  ),
});

const HELP = `
${exitCodes()}

Examples:
  towpath runs summarize-flow production --summary
  towpath runs summarize-flow --outcome failed --since 24h
  towpath runs --json | jq '.items[] | select(.durationMs > 5000)'`;

interface RunsOptions extends ServerOptions, PagingOptions {
  version?: string;
  outcome?: string;
  since?: string;
  summary?: boolean;
}

/** `towpath runs [WORKFLOW] [ENVIRONMENT]`: what ran, newest first, or how it went by version. */
export function runsCommand(program: Command, session: Session): void {
  const command = program
    .command('runs')
    .description('show what ran, newest first, or with --summary how it went by version and environment')
    .argument('[workflow]', 'one workflow (default: all)')
    .argument('[environment]', 'one environment (default: all)')
    .option('--summary', 'error rate, latency and cost by version and environment instead of single runs')
    .option('--version <version>', 'only runs of this version: 12, v12 or a label')
    .addOption(new Option('--outcome <outcome>', 'only runs that ended so').choices(RUN_OUTCOMES))
    .option('--since <when>', 'only what started since: 24h, 7d or a moment such as 2026-03-01T10:00:00Z');
  asksServer(listsPages(command))
    .addHelpText('after', HELP)
    .action((workflow: string | undefined, environment: string | undefined, options: RunsOptions) => {
      const asked = { workflow, environment, version: options.version, since: sinceOf(options) };
      return options.summary === true ? showSummary(session, asked, options) : showRuns(session, asked, options);
    });
}

type Asked = Readonly<Record<'workflow' | 'environment' | 'version' | 'since', string | undefined>>;

function showRuns(session: Session, asked: Asked, options: RunsOptions): Promise<void> {
  const { outcome, cursor } = options;
  return show(session, options, {
    path: apiPath(['runs'], { ...asked, outcome, cursor, limit: limitOf(options) }),
    schema: pageOf(runSchema),
    lines: ({ items, cursor: next }) =>
      items.length === 0
        ? ['No run of that kind was reported. Runners report them to POST /api/v1/runs.']
        : [...table(items.map(runRow)), ...moreLines(next)],
  });
}

function showSummary(session: Session, asked: Asked, options: RunsOptions): Promise<void> {
  if (asked.workflow === undefined)
    throw new UsageError('--summary is of one workflow: towpath runs WORKFLOW --summary.');
  if (options.outcome !== undefined || options.cursor !== undefined)
    throw new UsageError('--outcome and --cursor are for single runs. Leave them out with --summary.');
  return show(session, options, {
    path: apiPath(['runs', 'summary'], asked),
    schema: summarySchema,
    lines: summaryLines,
  });
}

function runRow({
  runId,
  workflow,
  environment,
  version,
  started,
  durationMs,
  outcome,
  error,
  cost,
}: z.infer<typeof runSchema>) {
  const what = error === null ? '' : error.slice(0, 80);
  return [
    moment(started),
    workflow,
    environment,
    named(version),
    outcome,
    milliseconds(durationMs),
    dollars(cost),
    runId,
    what,
  ];
}

function summaryLines({ workflow, since, items }: z.infer<typeof summarySchema>): Line[] {
  if (items.length === 0) return [`No run of ${workflow} was reported since ${moment(since)}.`];
  const head = ['environment', 'version', 'runs', 'errors', 'p50', 'p95', 'cost'];
  const rows = items.map(({ environment, version, runs, errorRate, latencyMs, cost }) => [
    ...[environment, named(version), String(runs), errorRate === null ? '–' : `${(errorRate * 100).toFixed(1)}%`],
    ...[milliseconds(latencyMs.p50), milliseconds(latencyMs.p95), dollars(cost)],
  ]);
  return [['bold', `${workflow} since ${moment(since)}`], ...table([head, ...rows], '  ')];
}

/** A moment, or how long ago. @throws UsageError */
function sinceOf({ since }: RunsOptions): string | undefined {
  if (since === undefined) return undefined;
  if (/^\d+[smhd]$/.test(since)) return new Date(Date.now() - parsePatience(since)).toISOString();
  const date = new Date(since);
  if (/^\d{4}-\d\d-\d\d/.test(since) && !Number.isNaN(date.getTime())) return date.toISOString();
  throw new UsageError(`--since “${since}” is neither a moment nor a time. Write 24h, 7d or 2026-03-01T10:00:00Z.`);
}

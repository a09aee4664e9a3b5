import type { Command } from 'commander';
import { z } from 'zod';
import { moment, moreLines, named, pageOf, table, versionSchema, who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { whoOf } from './parse-share.ts';
import { apiPath, asksServer, type ServerOptions, type Session, show } from './session.ts';
import type { Line } from './terminal.ts';

const workflowSchema = z.object({
  name: z.string(),
  department: z.string().nullable(),
  owner: z.string(),
  newest: versionSchema.extend({ stage: z.string() }),
  environments: z.array(
    z.object({
      environment: z.string(),
      live: z.object({ version: versionSchema, deployedBy: z.string(), since: z.string() }).nullable(),
      candidate: z.object({ version: versionSchema, share: z.number() }).nullish(),
      open: z.object({ version: versionSchema, requestedBy: z.string() }).nullable(),
    }),
  ),
  quarantined: z.array(versionSchema),
});
type Workflow = z.infer<typeof workflowSchema>;

const HELP = `
${exitCodes()}

Examples:
  towpath status
  towpath status summarize-flow
  towpath status --json | jq -r '.items[].name'`;

/** `towpath status [WORKFLOW]`: what is live where, and what is under review. */
export function statusCommand(program: Command, session: Session): void {
  const command = program
    .command('status')
    .description('show what is live where, and what is under review')
    .argument('[workflow]', 'one workflow (default: all, page by page)')
    .option('--cursor <cursor>', 'the next page of all, as the page before names it');
  asksServer(command)
    .addHelpText('after', HELP)
    .action((workflow: string | undefined, options: ServerOptions & { cursor?: string }) =>
      workflow === undefined
        ? show(session, options, {
            path: apiPath(['workflows'], { cursor: options.cursor }),
            schema: pageOf(workflowSchema),
            lines: ({ items, cursor }) =>
              items.length === 0
                ? ['There is no workflow yet. “towpath push FILE” brings the first.']
                : [...items.flatMap(workflowLines), ...moreLines(cursor)],
          })
        : show(session, options, {
            path: apiPath(['workflows', workflow]),
            schema: workflowSchema,
            lines: workflowLines,
          }),
    );
}

function workflowLines({ name, department, owner, newest, environments, quarantined }: Workflow): Line[] {
  const rows = environments.map(({ environment, live, candidate, open }) => [
    environment,
    live === null ? 'nothing' : named(live.version),
    live === null ? '' : `since ${moment(live.since)} by ${who(live.deployedBy)}`,
    [canary(candidate), review(open)].filter((part) => part !== '').join('; '),
  ]);
  const of = [department, who(owner)].filter((part) => part !== null).join(', ');
  return [
    ['bold', `${name} (${of}), newest ${named(newest)}: ${newest.stage}`],
    ...table(rows, '  '),
    ...(quarantined.length === 0 ? [] : [`  barred from promotion: ${quarantined.map(named).join(', ')}`]),
  ];
}

type There = Workflow['environments'][number];

function canary(candidate: There['candidate']): string {
  return candidate == null ? '' : `canary ${named(candidate.version)} for ${whoOf(candidate.share)}`;
}

function review(open: There['open']): string {
  return open === null ? '' : `${named(open.version)} under review, asked for by ${who(open.requestedBy)}`;
}

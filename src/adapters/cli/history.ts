import type { Command } from 'commander';
import { z } from 'zod';
import { moment, moreLines, named, pageOf, people, versionSchema, who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { limitOf, listsPages, type PagingOptions } from './paging.ts';
import { apiPath, asksServer, type ServerOptions, type Session, show } from './session.ts';
import type { Line } from './terminal.ts';

const pastSchema = z.object({
  environment: z.string(),
  version: versionSchema,
  status: z.string(),
  share: z.number().nullish(),
  deployedBy: z.string(),
  deployedAt: z.string(),
  approvals: z.array(z.object({ by: z.string() })),
  changes: z.array(z.string()),
  reason: z.string().nullable(),
});

const MOST_CHANGES = 3;
const HELP = `
${exitCodes()}

Examples:
  towpath history summarize-flow
  towpath history summarize-flow production --limit 5
  towpath history summarize-flow prod --json | jq -r '.items[].version.number'`;

/** `towpath history WORKFLOW [ENVIRONMENT]`: what was live, newest first. */
export function historyCommand(program: Command, session: Session): void {
  const command = program
    .command('history')
    .description('show what was live, newest first, and who approved it')
    .argument('<workflow>', 'its name, such as summarize-flow')
    .argument('[environment]', 'one environment (default: all of them)');
  asksServer(listsPages(command))
    .addHelpText('after', HELP)
    .action((workflow: string, environment: string | undefined, options: ServerOptions & PagingOptions) => {
      const where = environment === undefined ? [] : ['environments', environment];
      return show(session, options, {
        path: apiPath(['workflows', workflow, ...where, 'deployments'], {
          limit: limitOf(options),
          cursor: options.cursor,
        }),
        schema: pageOf(pastSchema),
        lines: ({ items, cursor }) =>
          items.length === 0
            ? [`Nothing of ${workflow} was live there yet.`]
            : [...items.flatMap(pastLines), ...moreLines(cursor)],
      });
    });
}

function pastLines(past: z.infer<typeof pastSchema>): Line[] {
  const { environment, version, status, share, deployedBy, deployedAt, approvals, changes, reason } = past;
  const approved = approvals.length === 0 ? '' : `, approved by ${people(approvals.map(({ by }) => by))}`;
  const left = changes.length - MOST_CHANGES;
  return [
    [
      status === 'active' || status === 'candidate' ? 'bold' : 'dim',
      `${moment(deployedAt)}  ${environment}  ${named(version)}  ${statusInWords(status, share)}, by ${who(deployedBy)}${approved}`,
    ],
    ...(reason === null ? [] : [`    “${reason}”`]),
    ...changes.slice(0, MOST_CHANGES).map((change) => `    ${change}`),
    ...(left > 0 ? [`    and ${left} more`] : []),
  ];
}

function statusInWords(status: string, share: number | null | undefined): string {
  const words: Record<string, string> = { candidate: 'a canary, running', aborted: 'a canary, aborted' };
  return `${words[status] ?? status.replaceAll('_', ' ')}${share == null ? '' : ` at ${share}%`}`;
}

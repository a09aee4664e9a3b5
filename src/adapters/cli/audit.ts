import type { Command } from 'commander';
import { z } from 'zod';
import { moment, moreLines, pageOf, table, who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { limitOf, listsPages, type PagingOptions } from './paging.ts';
import { apiPath, asksServer, type ServerOptions, type Session, show } from './session.ts';

const eventSchema = z.object({
  seq: z.string(),
  at: z.string(),
  actor: z.string(),
  via: z.string(),
  token: z.string().nullable().default(null),
  action: z.string(),
  subject: z.string(),
});

const HELP = `
With --json each event comes with the state before and after.

${exitCodes()}

Examples:
  towpath audit --workflow summarize-flow --environment production
  towpath audit --action promotion.approved --limit 100
  towpath audit --json | jq '.items[] | {at, actor, action}'`;

interface AuditOptions extends ServerOptions, PagingOptions {
  workflow?: string;
  environment?: string;
  action?: string;
}

/** `towpath audit`: who did what to what, newest first. */
export function auditCommand(program: Command, session: Session): void {
  const command = program
    .command('audit')
    .description('show who did what to what, newest first')
    .option('--workflow <name>', 'only what concerns this workflow')
    .option('--environment <name>', 'only what concerns this environment')
    .option('--action <action>', 'only this, such as promotion.approved');
  asksServer(listsPages(command))
    .addHelpText('after', HELP)
    .action(({ workflow, environment, action, cursor, ...options }: AuditOptions) =>
      show(session, options, {
        path: apiPath(['audit'], { workflow, environment, action, before: cursor, limit: limitOf(options) }),
        schema: pageOf(eventSchema),
        lines: ({ items, cursor: next }) =>
          items.length === 0
            ? ['Nothing of that kind was done.']
            : [
                ...table(items.map((event) => [moment(event.at), by(event), event.action, event.subject])),
                ...moreLines(next),
              ],
      }),
    );
}

function by({ actor, via, token }: z.infer<typeof eventSchema>): string {
  const way = token === null ? via : `${via}, ${token}`;
  return actor === via ? actor : `${who(actor)} (${way})`;
}

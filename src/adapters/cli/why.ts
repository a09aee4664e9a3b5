import type { Command } from 'commander';
import { z } from 'zod';
import { moment, named, versionSchema, who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { requirementLines, requirementsSchema } from './promotion-answer.ts';
import { actsForSomebody, apiPath, asksServer, type ServerOptions, type Session, show } from './session.ts';
import type { Line } from './terminal.ts';

const whySchema = z.object({
  workflow: z.string(),
  environment: z.string(),
  live: versionSchema.nullable(),
  version: versionSchema.nullable(),
  promotion: z.object({ requestedBy: z.string(), deployAt: z.string().nullable() }).nullable(),
  bar: z.string().nullable(),
  requirements: requirementsSchema,
});

const HELP = `
Of the promotion under review, or of what asking for one now would need.

${exitCodes()}

Examples:
  towpath why summarize-flow production
  towpath why summarize-flow production --json | jq -r '.requirements[] | select(.state != "met") | .summary'`;

/** `towpath why WORKFLOW ENVIRONMENT`: what stands between the two. */
export function whyCommand(program: Command, session: Session): void {
  const command = program
    .command('why')
    .description('show what stands between a workflow and an environment')
    .argument('<workflow>', 'its name, such as summarize-flow')
    .argument('<environment>', 'where to: its name, an alias, or the beginning of one');
  asksServer(actsForSomebody(command))
    .addHelpText('after', HELP)
    .action((workflow: string, environment: string, options: ServerOptions & { onBehalfOf?: string }) =>
      show(session, options, {
        path: apiPath(['workflows', workflow, 'environments', environment, 'why'], { onBehalfOf: options.onBehalfOf }),
        schema: whySchema,
        lines: whyLines,
      }),
    );
}

function whyLines({
  workflow,
  environment,
  live,
  version,
  promotion,
  bar,
  requirements,
}: z.infer<typeof whySchema>): Line[] {
  const there = live === null ? 'Nothing is live there' : `${named(live)} is live there`;
  if (bar !== null) return [['bold', `${workflow} and ${environment}: ${there}.`], bar];
  const what = version === null ? 'a version' : named(version);
  const later = promotion?.deployAt == null ? '' : `, to go live ${moment(promotion.deployAt)}`;
  const asked =
    promotion === null
      ? `Nobody asked for ${what} yet: “towpath promote ${workflow} ${environment}” does.`
      : `${what} is under review, asked for by ${who(promotion.requestedBy)}${later}.`;
  const isMissing = requirements.some(({ state }) => state !== 'met');
  return [
    ['bold', `${workflow} and ${environment}: ${there}.`],
    asked,
    isMissing ? 'It needs:' : 'Nothing is missing.',
    ...requirementLines(requirements),
  ];
}

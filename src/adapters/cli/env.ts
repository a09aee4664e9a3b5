import type { Command } from 'commander';
import { z } from 'zod';
import { moment, table, who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { apiPath, asksServer, type ServerOptions, type Session, show } from './session.ts';
import { type Line, UsageError } from './terminal.ts';

const layerSchema = z.object({
  number: z.number(),
  changedBy: z.string(),
  at: z.string(),
  listed: z.array(z.object({ name: z.string(), value: z.string(), managedByFile: z.boolean() })),
  more: z.number(),
});
const settingsSchema = z.object({
  environment: z.string(),
  number: z.number(),
  own: layerSchema.nullable(),
  workflows: z.array(layerSchema.extend({ workflow: z.string() })),
  moreWorkflows: z.boolean(),
});
const comparisonSchema = z.object({
  from: z.string(),
  to: z.string(),
  differences: z.array(
    z.object({
      workflow: z.string().nullable(),
      name: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
    }),
  ),
  more: z.number(),
});

const HELP = `
Settings are changed in towpath.yaml or by \`/towpath env\` in Slack. Of secrets it is shown where they come from, never what they are.

${exitCodes()}

Examples:
  towpath env production
  towpath env diff staging production
  towpath env production --json | jq -r '.own.listed[] | "\\(.name): \\(.value)"'`;

/** `towpath env ENVIRONMENT` and `towpath env diff A B`: what environments give workflows. */
export function envCommand(program: Command, session: Session): void {
  const command = program
    .command('env')
    .description('show what an environment gives workflows, or with “diff” what two give otherwise')
    .argument('<words...>', 'an environment; or “diff” and two of them')
    .usage('[options] <environment>\n       towpath env [options] diff <environment> <environment>');
  asksServer(command)
    .addHelpText('after', HELP)
    .action((words: string[], options: ServerOptions) => {
      const [first = '', from = '', to = ''] = words;
      if (words.length === 1)
        return show(session, options, {
          path: apiPath(['environments', first, 'settings']),
          schema: settingsSchema,
          lines: settingsLines,
        });
      if (words.length !== 3 || first !== 'diff')
        throw new UsageError('Name one environment, or compare two: towpath env ENVIRONMENT, or towpath env diff A B.');
      return show(session, options, {
        path: apiPath(['settings', 'diff'], { from, to }),
        schema: comparisonSchema,
        lines: comparisonLines,
      });
    });
}

function settingsLines({ environment, number, own, workflows, moreWorkflows }: z.infer<typeof settingsSchema>): Line[] {
  return [
    ['bold', `Settings of ${environment}${number === 0 ? '' : `, number ${number}`}`],
    ...(own === null ? ['For every workflow: nothing was given yet.'] : layerLines('For every workflow', own)),
    ...workflows.flatMap((layer) => layerLines(`Only for ${layer.workflow}`, layer)),
    ...(moreWorkflows ? ['More workflows have settings of their own.'] : []),
  ];
}

function layerLines(title: string, { number, changedBy, at, listed, more }: z.infer<typeof layerSchema>): Line[] {
  const rows = listed.map(({ name, value, managedByFile }) => [name, value, managedByFile ? '(by the file)' : '']);
  return [
    `${title} (number ${number}, by ${who(changedBy)} ${moment(at)}):`,
    ...(rows.length === 0 ? ['  nothing any more'] : table(rows, '  ')),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function comparisonLines({ from, to, differences, more }: z.infer<typeof comparisonSchema>): Line[] {
  if (differences.length === 0) return [`${from} and ${to} give the same, to every workflow and to single ones.`];
  const rows = differences.map(({ workflow, name, from: was, to: is }) => [
    workflow === null ? name : `${workflow}: ${name}`,
    was ?? 'not given',
    is ?? 'not given',
  ]);
  return [...table([['', from, to], ...rows], ''), ...(more > 0 ? [`and ${more} more`] : [])];
}

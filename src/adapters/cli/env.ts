import type { Command } from 'commander';
import { z } from 'zod';
import { CHANGES, type ChangeOptions, changeSettings } from './change-settings.ts';
import { moment, table, who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { actsForSomebody, apiPath, asksServer, type Session, show } from './session.ts';
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
Of secrets it is shown where they come from, never what they are. What towpath.yaml gives is changed there only. “set” and “unset”
change variables, “propose” the whole of what an environment gives every workflow, or with --workflow what one gets there: at once, or
as a proposal where the environment asks for approvals.

${exitCodes()}

Examples:
  towpath env production
  towpath env diff staging production
  towpath env staging set SUMMARY_MODEL=claude-haiku RETRIES=3 --reason "Cheaper"
  towpath env staging unset RETRIES --workflow summarize-flow
  towpath env staging propose staging-settings.yaml
  towpath env production --json | jq -r '.own.listed[] | "\\(.name): \\(.value)"'`;

/** `towpath env ENVIRONMENT` and `towpath env diff A B`: what environments give workflows. */
export function envCommand(program: Command, session: Session): void {
  const command = program
    .command('env')
    .description('show what an environment gives workflows, or with “diff” what two give otherwise; or change it')
    .argument('<words...>', 'an environment, and what to change; or “diff” and two of them')
    .usage(
      [
        '[options] <environment>',
        'diff <environment> <environment>',
        '<environment> set <NAME=value...>',
        '<environment> unset <NAME...>',
        '<environment> propose <file>',
      ].join('\n       towpath env [options] '),
    )
    .option('--workflow <name>', 'set, unset, propose: what this workflow gets there')
    .option('--reason <text>', 'set, unset, propose: why, for those who review it');
  asksServer(actsForSomebody(command))
    .addHelpText('after', HELP)
    .action(async (words: string[], options: ChangeOptions) => {
      const [first = '', from = '', to = ''] = words;
      const act = first === 'diff' ? undefined : CHANGES.find((one) => one === from);
      if (act !== undefined)
        return session.done(
          await changeSettings({ environment: first, act, words: words.slice(2) }, options, session.terminal),
        );
      assertOnlyShows(options);
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

/** @throws UsageError */
function assertOnlyShows({ workflow, reason, onBehalfOf }: ChangeOptions): void {
  if (workflow ?? reason ?? onBehalfOf)
    throw new UsageError('--workflow, --reason and --on-behalf-of are for set, unset and propose.');
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

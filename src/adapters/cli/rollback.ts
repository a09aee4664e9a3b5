import type { Command } from 'commander';
import { z } from 'zod';
import { ask, send } from './api-client.ts';
import { assertCanAsk, confirm } from './confirm.ts';
import { changeLines, diffSchema, moment, named, versionSchema, who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { abortedLines, changeSchema } from './rollout-answer.ts';
import {
  actsForSomebody,
  apiPath,
  asksServer,
  openServer,
  type ServerOptions,
  type Session,
  tell,
  tellFailure,
} from './session.ts';
import { EXIT, type ExitCode, type Line } from './terminal.ts';

const preview = z.object({
  workflow: z.string(),
  environment: z.string(),
  kind: z.enum(['rolls-back', 'aborts']).default('rolls-back'),
  alsoAborts: versionSchema.nullish(),
  deployment: z.string(),
  removed: versionSchema,
  restored: versionSchema,
  diff: diffSchema,
});
const rolledBack = z.object({
  workflow: z.string(),
  environment: z.string(),
  removed: versionSchema,
  restored: versionSchema,
  by: z.string(),
  lacks: z.string().nullable(),
  undoUntil: z.string().nullable(),
  aborted: versionSchema.nullish(),
});
const answer = z.union([changeSchema, rolledBack]);

const HELP = `
A rollback needs no approval and works at once. What it takes out is barred from promotion until an admin lifts that, and what asks
for it is closed. While a canary runs, that alone goes; --to takes out both. On a terminal you are shown what would go and come back, and asked; elsewhere say --yes.

${exitCodes({ ok: 'it is rolled back' })}

Examples:
  towpath rollback summarize-flow production --reason "It answers in French"
  towpath rollback summarize-flow production --to v12 --yes --on-behalf-of U012ABCDEF`;

interface RollbackOptions extends ServerOptions {
  to?: string;
  reason?: string;
  onBehalfOf?: string;
  yes?: boolean;
}

/** `towpath rollback WORKFLOW ENVIRONMENT`: takes out what is live and brings back what was before. */
export function rollbackCommand(program: Command, session: Session): void {
  const command = program
    .command('rollback')
    .description('take out what is live in an environment and bring back what was before')
    .argument('<workflow>', 'its name, such as summarize-flow')
    .argument('<environment>', 'where: its name, an alias, or the beginning of one')
    .option('--to <version>', 'the version to bring back, which was live there before (default: the newest that can)')
    .option('--reason <text>', 'why, for whoever looks later')
    .option('--yes', 'do not ask first; needed where nobody can be asked');
  asksServer(actsForSomebody(command))
    .addHelpText('after', HELP)
    .action(async (workflow: string, environment: string, options: RollbackOptions) =>
      session.done(await rollback(['workflows', workflow, 'environments', environment, 'rollback'], options, session)),
    );
}

async function rollback(path: string[], options: RollbackOptions, { terminal }: Session): Promise<ExitCode> {
  assertCanAsk(terminal, options.yes, 'roll back');
  const server = openServer(options, terminal);
  const { to, reason, onBehalfOf } = options;
  let shown: { to?: string; deployment?: string } = to === undefined ? {} : { to };
  if (options.yes !== true) {
    const reply = await ask(server, apiPath(path, { to, onBehalfOf }), preview);
    if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
    if ((await confirm(terminal, previewLines(reply.answer), 'Roll back?')) === 'no') {
      tell(terminal, options, { outcome: 'declined' }, () => ['Nothing was rolled back.']);
      return EXIT.refused;
    }
    const { kind, restored, deployment } = reply.answer;
    // What was shown is what is done: where something else is live by now, or something else would come back, nothing is.
    shown = kind === 'aborts' ? { deployment } : { to: `v${restored.number}`, deployment };
  }
  const reply = await send(server, apiPath(path), answer, { ...shown, reason, onBehalfOf });
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  const { answer: done } = reply;
  tell(terminal, options, reply.document, () => ('restored' in done ? doneLines(done) : abortedLines(done, true)));
  return EXIT.ok;
}

function previewLines({
  kind,
  alsoAborts,
  workflow,
  environment,
  removed,
  restored,
  diff,
}: z.infer<typeof preview>): Line[] {
  if (kind === 'aborts')
    return [
      `${workflow} in ${environment}: the canary of ${named(removed)} would go. ${named(restored)} stays live, for everybody.`,
      ...changeLines(diff),
    ];
  return [
    `${workflow} in ${environment}: ${named(removed)} would go, ${named(restored)} would come back.`,
    ...changeLines(diff),
    ...(alsoAborts == null ? [] : [`The canary of ${named(alsoAborts)} would go, too.`]),
    `${named(removed)} could not be promoted again until an admin lifts that.`,
  ];
}

function doneLines({
  workflow,
  environment,
  removed,
  restored,
  by,
  lacks,
  undoUntil,
  aborted,
}: z.infer<typeof rolledBack>): Line[] {
  const undo = undoUntil === null || by === 'api' ? '' : ` ${who(by)} can undo it in Slack until ${moment(undoUntil)}.`;
  return [
    ['green', `${named(restored)} of ${workflow} is live in ${environment} again.`],
    ...(lacks === null ? [] : [`With the settings of today ${lacks}. It runs with those that it last ran with.`]),
    ...(aborted == null ? [] : [`The canary of ${named(aborted)} went, too.`]),
    `${named(removed)} went, and can’t be promoted until an admin lifts that.${undo}`,
  ];
}

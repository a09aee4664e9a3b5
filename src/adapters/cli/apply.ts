import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Server, send } from './api-client.ts';
import { answerSchema, changesAnything, doneLines, endLines, planLines } from './apply-answer.ts';
import { assertCanAsk, confirm } from './confirm.ts';
import { exitCodes } from './exit-codes.ts';
import { unreadable } from './gather-files.ts';
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
import { complainLines, EXIT, type ExitCode, UsageError } from './terminal.ts';

const LONGEST = 512 * 1024;

const HELP = `
Of the file, what it gives environments and workflows (settings, workflows) is brought into force: at once where an environment asks
for no approval, as a proposal that people approve in Slack where it does. Fields that it does not name stay as they are. All else in
it, such as environments, approvals and people, is applied when the server starts with it; here it is only named where it differs.

You are shown what would be done, and asked. Elsewhere, in CI for instance, nobody can be asked: say --yes, or --dry-run.

${exitCodes({ ok: 'it is applied or waits for approval; with --dry-run: it could be' })}

Examples:
  towpath apply towpath.yaml --dry-run --on-behalf-of U012ABCDEF
  towpath apply towpath.yaml --on-behalf-of U012ABCDEF
  towpath apply towpath.yaml --yes --json   # in CI`;

interface ApplyOptions extends ServerOptions {
  reason?: string;
  onBehalfOf?: string;
  yes?: boolean;
  dryRun?: boolean;
}

/** `towpath apply FILE`: brings the settings of a towpath.yaml into force, shown as a plan first. */
export function applyCommand(program: Command, session: Session): void {
  const command = program
    .command('apply')
    .description('bring the settings of a towpath.yaml into force, shown as a plan first')
    .argument('<file>', 'a towpath.yaml')
    .option('--reason <text>', 'why, for those who review it')
    .option('--yes', 'do not ask first; needed where nobody can be asked')
    .option('--dry-run', 'only say what would be done');
  asksServer(actsForSomebody(command))
    .addHelpText('after', HELP)
    .action(async (file: string, options: ApplyOptions) => session.done(await apply(file, options, session)));
}

async function apply(path: string, options: ApplyOptions, { terminal }: Session): Promise<ExitCode> {
  const { dryRun = false, yes = false, json = false } = options;
  if (!dryRun) assertCanAsk(terminal, yes, 'apply');
  const server = openServer(options, terminal);
  const file = await readWhole(path);
  const planned = await ask(server, { file, dryRun: true }, options);
  if (planned.kind !== 'answered') return tellFailure(terminal, options, planned);
  const { answer: plan } = planned;
  const isRefused = plan.layers.some(({ refusal }) => refusal !== null);
  if (dryRun || isRefused || !changesAnything(plan)) {
    tell(terminal, options, planned.document, () => [...planLines(plan), ...endLines(plan)]);
    return isRefused ? EXIT.refused : EXIT.ok;
  }
  if (yes) complainLines(terminal, json ? [] : planLines(plan));
  else if ((await confirm(terminal, planLines(plan), 'Apply this?')) === 'no') {
    tell(terminal, options, { outcome: 'declined' }, () => ['Nothing was applied.']);
    return EXIT.refused;
  }
  const reply = await ask(server, { file, dryRun: false, plan: plan.plan }, options);
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  tell(terminal, options, reply.document, () => doneLines(reply.answer));
  return EXIT.ok;
}

function ask(
  server: Server,
  body: { file: string; dryRun: boolean; plan?: string },
  { reason, onBehalfOf }: ApplyOptions,
) {
  return send(server, apiPath(['apply']), answerSchema, { ...body, reason, onBehalfOf });
}

/** @throws UsageError */
async function readWhole(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > LONGEST)
      throw new UsageError(`${path} is longer than 512 KB, which no towpath.yaml needs. Is it the right file?`);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(path, error);
  }
}

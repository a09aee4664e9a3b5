import type { Command } from 'commander';
import { z } from 'zod';
import { ask, send } from './api-client.ts';
import { who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { holdLines, holdsSchema, lockSchema, scopeOf, untilText } from './hold-answer.ts';
import { endOfTyped } from './parse-when.ts';
import {
  actsForSomebody,
  apiPath,
  asksServer,
  openServer,
  type ServerOptions,
  type Session,
  show,
  tell,
  tellFailure,
} from './session.ts';
import { EXIT, type ExitCode } from './terminal.ts';

interface LockOptions extends ServerOptions {
  for?: string;
  until?: string;
  onBehalfOf?: string;
}
interface UnlockOptions extends ServerOptions {
  force?: boolean;
  onBehalfOf?: string;
}

const SCOPE = 'a workflow, an environment, or all';
const HELP = (text: string) => `
Nothing goes live in what is locked, by a promotion or a deploy; rollbacks always work.

${exitCodes()}

Examples:
${text}`;

/** `towpath lock SCOPE REASON` */
export function lockCommand(program: Command, session: Session): void {
  const command = program
    .command('lock')
    .description('let nothing go live in a workflow, an environment, or anywhere')
    .argument('<scope>', SCOPE)
    .argument('<words...>', 'why, for whoever is stopped by it')
    .usage('[options] <scope> <reason>')
    .option('--for <duration>', 'how long, such as 2h or "1d 12h" (default: until somebody unlocks)')
    .option('--until <time>', 'until when, such as "monday 09:00", in the time zone of this machine');
  asksServer(actsForSomebody(command))
    .addHelpText(
      'after',
      HELP(
        '  towpath lock production "We move the database" --for 2h\n  towpath lock all An audit --until "monday 09:00"',
      ),
    )
    .action(async (scope: string, words: string[], options: LockOptions) =>
      session.done(await lock(scope, words.join(' '), options, session)),
    );
}

async function lock(scope: string, reason: string, options: LockOptions, { terminal }: Session): Promise<ExitCode> {
  const body = { scope, reason, onBehalfOf: options.onBehalfOf, ...endOfTyped(options) };
  const reply = await send(openServer(options, terminal), apiPath(['locks']), lockSchema, body);
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  const { answer } = reply;
  tell(terminal, options, reply.document, () => [
    `Locked: ${scopeOf(answer)}, ${untilText(answer.until)}. “towpath unlock ${scope}” ends it.`,
  ]);
  return EXIT.ok;
}

/** `towpath unlock SCOPE` */
export function unlockCommand(program: Command, session: Session): void {
  const command = program
    .command('unlock')
    .description('end the locks of a workflow, an environment, or everything')
    .argument('<scope>', SCOPE)
    .option('--force', 'also those of somebody else, who is told');
  asksServer(actsForSomebody(command))
    .addHelpText('after', HELP('  towpath unlock production\n  towpath unlock summarize-flow --force'))
    .action(async (scope: string, options: UnlockOptions) => session.done(await unlock(scope, options, session)));
}

async function unlock(scope: string, options: UnlockOptions, { terminal }: Session): Promise<ExitCode> {
  const { force, onBehalfOf } = options;
  const path = apiPath(['locks'], { scope, onBehalfOf, ...(force === true && { others: 'true' }) });
  const ended = z.object({ ended: z.array(lockSchema) });
  const reply = await ask(openServer(options, terminal), path, ended, { method: 'DELETE' });
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  tell(terminal, options, reply.document, () =>
    reply.answer.ended.map((one) => `Unlocked: ${scopeOf(one)}, locked by ${who(one.by)}: “${one.reason}”`),
  );
  return EXIT.ok;
}

/** `towpath locks` */
export function locksCommand(program: Command, session: Session): void {
  asksServer(program.command('locks').description('show what is locked and frozen, by whom, since when and why'))
    .addHelpText('after', HELP('  towpath locks\n  towpath locks --json | jq -r ".locks[].reason"'))
    .action((options: ServerOptions) =>
      show(session, options, { path: apiPath(['holds']), schema: holdsSchema, lines: holdLines }),
    );
}

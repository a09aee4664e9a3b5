import type { Command } from 'commander';
import { z } from 'zod';
import { ask, send } from './api-client.ts';
import { who } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { freezeSchema, untilText } from './hold-answer.ts';
import { endOfTyped } from './parse-when.ts';
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
import { EXIT, type ExitCode } from './terminal.ts';

interface FreezeOptions extends ServerOptions {
  for?: string;
  until?: string;
  onBehalfOf?: string;
}

const HELP = (text: string) => `
Nothing goes live in a frozen environment, by a promotion or a deploy; rollbacks always work.

${exitCodes()}

Examples:
${text}`;

/** `towpath freeze ENVIRONMENT REASON` */
export function freezeCommand(program: Command, session: Session): void {
  const command = program
    .command('freeze')
    .description('let nothing go live in an environment until a time')
    .argument('<environment>', 'its name, an alias, or the beginning of one')
    .argument('<words...>', 'why, for whoever is stopped by it')
    .usage('[options] <environment> <reason>')
    .option('--until <time>', 'until when, such as "monday 09:00", in the time zone of this machine')
    .option('--for <duration>', 'how long, such as 2d or 36h (default: until somebody ends it)');
  asksServer(actsForSomebody(command))
    .addHelpText('after', HELP('  towpath freeze production "End of the quarter" --until "monday 09:00"'))
    .action(async (environment: string, words: string[], options: FreezeOptions) =>
      session.done(await freeze(environment, words.join(' '), options, session)),
    );
}

async function freeze(
  environment: string,
  reason: string,
  options: FreezeOptions,
  { terminal }: Session,
): Promise<ExitCode> {
  const body = { reason, onBehalfOf: options.onBehalfOf, ...endOfTyped(options) };
  const path = apiPath(['environments', environment, 'freezes']);
  const reply = await send(openServer(options, terminal), path, freezeSchema, body);
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  const { environment: name, until } = reply.answer;
  tell(terminal, options, reply.document, () => [
    `Frozen: ${name}, ${untilText(until)}. “towpath unfreeze ${name}” ends it.`,
  ]);
  return EXIT.ok;
}

/** `towpath unfreeze ENVIRONMENT` */
export function unfreezeCommand(program: Command, session: Session): void {
  const command = program
    .command('unfreeze')
    .description('end what was frozen by hand in an environment')
    .argument('<environment>', 'its name, an alias, or the beginning of one');
  asksServer(actsForSomebody(command))
    .addHelpText('after', HELP('  towpath unfreeze production'))
    .action(async (environment: string, options: FreezeOptions) =>
      session.done(await unfreeze(environment, options, session)),
    );
}

async function unfreeze(environment: string, options: FreezeOptions, { terminal }: Session): Promise<ExitCode> {
  const path = apiPath(['environments', environment, 'freezes'], { onBehalfOf: options.onBehalfOf });
  const ended = z.object({ ended: z.array(freezeSchema) });
  const reply = await ask(openServer(options, terminal), path, ended, { method: 'DELETE' });
  if (reply.kind !== 'answered') return tellFailure(terminal, options, reply);
  tell(terminal, options, reply.document, () =>
    reply.answer.ended.map((one) => `Not frozen any more: ${one.environment}, by ${who(one.by)}: “${one.reason}”`),
  );
  return EXIT.ok;
}

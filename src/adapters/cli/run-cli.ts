import { Command, CommanderError } from 'commander';
import { applyCommand } from './apply.ts';
import { auditCommand } from './audit.ts';
import { checksCommand } from './checks.ts';
import { completionCommand } from './completion.ts';
import { approveCommand, rejectCommand } from './decide.ts';
import { deployCommand } from './deploy.ts';
import { diffCommand } from './diff.ts';
import { envCommand } from './env.ts';
import { EVERY_MEANING, exitCodes } from './exit-codes.ts';
import { freezeCommand, unfreezeCommand } from './freeze.ts';
import { historyCommand } from './history.ts';
import { lockCommand, locksCommand, unlockCommand } from './lock.ts';
import { loginCommand } from './login.ts';
import { logoutCommand } from './logout.ts';
import { promoteCommand } from './promote.ts';
import { pushCommand } from './push.ts';
import { resolveCommand } from './resolve.ts';
import { rollbackCommand } from './rollback.ts';
import { rolloutCommand } from './rollout.ts';
import { runCommand } from './run.ts';
import { runsCommand } from './runs.ts';
import type { Session } from './session.ts';
import { statusCommand } from './status.ts';
import { suiteCommand } from './suite.ts';
import { EXIT, type ExitCode, type Terminal, UsageError } from './terminal.ts';
import { testCommand } from './test.ts';
import { tickCommand, untickCommand } from './tick.ts';
import { tokenCommand } from './token.ts';
import { whoAmICommand } from './whoami.ts';
import { whyCommand } from './why.ts';

/** In the order of a workflow's life; the help lists them so. */
const COMMANDS = [
  pushCommand,
  diffCommand,
  testCommand,
  suiteCommand,
  checksCommand,
  deployCommand,
  promoteCommand,
  approveCommand,
  rejectCommand,
  tickCommand,
  untickCommand,
  whyCommand,
  lockCommand,
  unlockCommand,
  locksCommand,
  freezeCommand,
  unfreezeCommand,
  rolloutCommand,
  rollbackCommand,
  statusCommand,
  historyCommand,
  auditCommand,
  resolveCommand,
  runCommand,
  runsCommand,
  envCommand,
  applyCommand,
  tokenCommand,
  loginCommand,
  logoutCommand,
  whoAmICommand,
  completionCommand,
];

const HELP = `
Variables:
  TOWPATH_API_TOKEN  a token, in place of “towpath login”; never an option, since other users of the machine could see it there
  TOWPATH_SERVER     the server, where --server does not say which
  NO_COLOR           set to 1, leaves colours out

${exitCodes({ ...EVERY_MEANING, expired: 'the promotion expired, or can’t be had any more' })}
Of these, 4 to 6 are of “promote --wait” alone. “diff” ends as diff does: 0 alike, 1 different, 2 could not be compared.

Examples:
  towpath login
  towpath push flows/summarize.yaml
  towpath deploy summarize-flow --on-behalf-of U012ABCDEF
  towpath promote summarize-flow staging --on-behalf-of U012ABCDEF
  towpath status summarize-flow`;

/** Runs one command line. @returns what the process should end with */
export async function runCli(terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = makeProgram({
    terminal,
    done: (result) => {
      code = result;
    },
  });
  try {
    await program.parseAsync(terminal.arguments, { from: 'user' });
  } catch (error) {
    // Commander has said by itself what was wrong with the command line; asking for help is nothing wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof UsageError)) throw error;
    terminal.complain(`${error.message}\n`);
    return EXIT.usage;
  }
  return code;
}

/** Every command with its options: what is run, explained and completed. */
export function makeProgram(session: Session): Command {
  const { print, complain } = session.terminal;
  const program = new Command('towpath')
    .description('Takes AI workflows from development through staging to production.')
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: complain })
    .showHelpAfterError('Add --help to see how it is used.')
    .addHelpText('after', HELP);
  for (const add of COMMANDS) add(program, session);
  return program;
}

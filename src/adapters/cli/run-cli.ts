import { Command, CommanderError } from 'commander';
import { type DiffOptions, diff } from './diff.ts';
import { type PushOptions, push } from './push.ts';
import { EXIT, type ExitCode, type Terminal, UsageError } from './terminal.ts';

const LOCAL_SERVER = 'http://127.0.0.1:3000';

const HELP = `
The token is read from TOWPATH_API_TOKEN, never from the command line, where other users of the machine could see it.

Exit codes:
  0  everything was pushed, or was there already
  1  the server refused a file
  2  the command line, a file or a variable is wrong; nothing was pushed
  3  the server could not be reached, or could not work just now; running it again is harmless

Of a folder, dot files, node_modules and what is no text are left out; all of it may have 10 MB.

Examples:
  towpath push flows/summarize.yaml --label add-urgency-classifier --commit "$(git rev-parse HEAD)"
  towpath push evals/
  towpath push config/agents.yaml config/tasks.yaml --workflow research-crew`;

/** Runs one command line. @returns what the process should end with */
export async function runCli(terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = new Command('towpath')
    .description('Takes AI workflows from development through staging to production.')
    .exitOverride()
    .configureOutput({ writeOut: terminal.print, writeErr: terminal.complain });
  const done = (result: ExitCode) => {
    code = result;
  };
  pushCommand(program, terminal, done);
  diffCommand(program, terminal, done);
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

function pushCommand(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  program
    .command('push')
    .description(
      'push workflow files or folders, each as a new version; pushing identical content again changes nothing',
    )
    .argument('<file...>', 'workflow files, or folders whose files are one version; with --workflow, all of them are')
    .option('--label <label>', 'a name for this version, such as add-urgency-classifier')
    .option('--note <text>', 'what changed and why')
    .option('--server <url>', `the Towpath server (default: TOWPATH_SERVER, else ${LOCAL_SERVER})`)
    .option('--workflow <slug>', 'the workflow it is a version of (default: the name in the file, else of the file)')
    .option('--department <name>', "a new workflow's department; required where departments are configured")
    .option('--owner <user id>', "a new workflow's owner, as a Slack user id")
    .option('--commit <sha>', 'the commit that the file comes from')
    .option('--format <format>', 'read the file as this format instead of judging by its content')
    .option('--json', 'print one JSON object a file and line')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: PushOptions) => {
      done(await push(files, { ...options, server: serverOf(options, terminal) }, terminal));
    });
}

const DIFF_HELP = `
With two arguments, files are compared here, without a server. With three, the first is a workflow, the others are versions (12,
v12 or a label) or environments of it, and the server compares them; the token is read from TOWPATH_API_TOKEN. Secrets in files are
masked before anything is printed. NO_COLOR=1 leaves colours out.

Exit codes:
  0  both do the same: nothing differs, or nothing that changes what the workflow does
  1  they differ in what they do
  2  they could not be compared: the command line, a file, the server

Examples:
  towpath diff old/summarize.yaml new/summarize.yaml
  towpath diff summarize-flow production staging`;

function diffCommand(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  program
    .command('diff')
    .description('say what differs between two workflow files, or two versions of a workflow on the server')
    .argument('<what...>', 'two files or folders; or a workflow and two versions or environments')
    .option('--server <url>', `the Towpath server (default: TOWPATH_SERVER, else ${LOCAL_SERVER})`)
    .option('--format <format>', 'read the files as this format instead of judging by their content')
    .option('--json', 'print one JSON object')
    .addHelpText('after', DIFF_HELP)
    .action(async (words: string[], options: Partial<DiffOptions>) => {
      done(await diff(words, { ...options, server: serverOf(options, terminal) }, terminal));
    });
}

function serverOf({ server }: { server?: string }, { env }: Terminal): string {
  return server ?? (env['TOWPATH_SERVER'] || LOCAL_SERVER);
}

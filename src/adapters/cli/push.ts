import { relative } from 'node:path';
import type { Command } from 'commander';
import { RefusedError } from '../../domain/refused-error.ts';
import { readDefinition } from '../../domain/workflow/parse-document.ts';
import { slugify } from '../../domain/workflow/slug.ts';
import { type Outcome, postVersion } from './api-client.ts';
import { exitCodes } from './exit-codes.ts';
import { readSources } from './read-sources.ts';
import { reportOutcome, sayGathered } from './report-outcome.ts';
import { LOCAL_SERVER, openServer, type Session, serverOf } from './session.ts';
import { complainLines, EXIT, type ExitCode, type Terminal } from './terminal.ts';
import { suiteBeside } from './test.ts';

export interface PushOptions {
  server?: string;
  label?: string;
  note?: string;
  workflow?: string;
  department?: string;
  owner?: string;
  commit?: string;
  format?: string;
  onBehalfOf?: string;
  json?: boolean;
}

const HELP = `
The token is that of TOWPATH_API_TOKEN, else of “towpath login”; never one of the command line, where other users of the machine
could see it.

${exitCodes({
  ok: 'everything was pushed, or was there already',
  refused: 'the server refused a file',
  usage: 'the command line, a file or a variable is wrong; nothing was pushed',
  unreachable: 'the server could not be reached, or could not work just now; running it again is harmless',
})}

Of a folder, dot files, node_modules and what is no text are left out; all of it may have 10 MB.

Examples:
  towpath push flows/summarize.yaml --label add-urgency-classifier --commit "$(git rev-parse HEAD)"
  towpath push evals/
  towpath push config/agents.yaml config/tasks.yaml --workflow research-crew`;

export function pushCommand(program: Command, { terminal, done }: Session): void {
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
    .option('--on-behalf-of <user id>', 'the Slack user id of whoever made this version')
    .option('--json', 'print one JSON object a file and line')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: PushOptions) => {
      done(await push(files, { ...options, server: serverOf(options, terminal) }, terminal));
    });
}

/**
 * `towpath push`: everything is read before the first is pushed, so that a misspelt name leaves nothing half done. A refused
 * file does not keep the next from being pushed; a server that can't be reached does. A folder is one version, and so are
 * several files that are said to be one workflow.
 *
 * @throws UsageError
 */
async function push(
  paths: readonly string[],
  options: PushOptions & { server: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const server = openServer(options, terminal);
  const sources = await readSources(paths, options.workflow !== undefined);

  const { label, note, department, owner, commit, format, onBehalfOf } = options;
  const outcomes: Outcome[] = [];
  for (const { path, source, fileName, gathered } of sources) {
    const workflow = options.workflow ?? nameOf(source, fileName, gathered !== null);
    if (gathered !== null && options.json !== true) terminal.print(sayGathered(path, gathered));
    const outcome = await postVersion(server, workflow, {
      source,
      fileName,
      label,
      note,
      department,
      owner,
      sourceCommit: commit,
      format,
      onBehalfOf,
    });
    reportOutcome(terminal, {
      path,
      workflow,
      outcome,
      gathered,
      isOneOfSeveral: sources.length > 1,
      asJson: options.json === true,
    });
    outcomes.push(outcome);
    if (outcome.kind === 'pushed' && options.json !== true) tellOfSuite(path, outcome.answer.workflow.name, terminal);
    if (outcome.kind === 'unreachable') break;
  }
  return exitCodeOf(outcomes);
}

/** A suite beside a file is no part of its version. */
function tellOfSuite(path: string, workflow: string, terminal: Terminal): void {
  const suite = suiteBeside(path);
  if (suite === null) return;
  const shown = relative('', suite);
  complainLines(terminal, [`Beside it is a suite: towpath suite set ${workflow} ${shown}`]);
}

function exitCodeOf(outcomes: readonly Outcome[]): ExitCode {
  if (outcomes.some(({ kind }) => kind === 'unreachable')) return EXIT.unreachable;
  return outcomes.some(({ kind }) => kind === 'refused') ? EXIT.refused : EXIT.ok;
}

/** The workflow's name as the file says it, else as the file is called. What is wrong with the file is the server's to say. */
function nameOf(source: string, fileName: string, isFolder: boolean): string {
  const stem = isFolder ? fileName : fileName.replace(/\.[a-z0-9]+$/i, '');
  try {
    return slugify(readDefinition(source, { fileName }).name ?? stem);
  } catch (error) {
    if (error instanceof RefusedError) return slugify(stem);
    throw error;
  }
}

import { basename } from 'node:path';
import { RefusedError } from '../../domain/refused-error.ts';
import { readDefinition } from '../../domain/workflow/parse-document.ts';
import { slugify } from '../../domain/workflow/slug.ts';
import { type Outcome, postVersion, toServer } from './api-client.ts';
import { readSource } from './read-source.ts';
import { reportOutcome } from './report-outcome.ts';
import { EXIT, type ExitCode, type Terminal, UsageError } from './terminal.ts';

export interface PushOptions {
  server?: string;
  label?: string;
  note?: string;
  workflow?: string;
  department?: string;
  owner?: string;
  commit?: string;
  json?: boolean;
}

/**
 * `towpath push`: every file is read before the first is pushed, so that a misspelt name leaves nothing half done. A refused
 * file does not keep the next from being pushed; a server that can't be reached does.
 *
 * @throws UsageError
 */
export async function push(
  paths: readonly string[],
  options: PushOptions & { server: string },
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.workflow !== undefined && paths.length > 1) {
    throw new UsageError(`--workflow names one workflow, and there are ${paths.length} files. Push them one by one.`);
  }
  const server = toServer(options.server, terminal.env['TOWPATH_API_TOKEN']);
  const files = [];
  for (const path of paths) files.push({ path, source: await readSource(path) });
  if (server.isOpen)
    terminal.complain(`The token goes to ${server.address} unencrypted. Use https where others may listen.\n`);

  const { label, note, department, owner, commit } = options;
  const outcomes: Outcome[] = [];
  for (const { path, source } of files) {
    const fileName = basename(path);
    const workflow = options.workflow ?? nameOf(source, fileName);
    const outcome = await postVersion(server, workflow, {
      source,
      fileName,
      label,
      note,
      department,
      owner,
      sourceCommit: commit,
    });
    reportOutcome(terminal, {
      path,
      workflow,
      outcome,
      isOneOfSeveral: paths.length > 1,
      asJson: options.json === true,
    });
    outcomes.push(outcome);
    if (outcome.kind === 'unreachable') break;
  }
  return exitCodeOf(outcomes);
}

function exitCodeOf(outcomes: readonly Outcome[]): ExitCode {
  if (outcomes.some(({ kind }) => kind === 'unreachable')) return EXIT.unreachable;
  return outcomes.some(({ kind }) => kind === 'refused') ? EXIT.refused : EXIT.ok;
}

/** The workflow's name as the file says it, else as the file is called. What is wrong with the file is the server's to say. */
function nameOf(source: string, fileName: string): string {
  const stem = fileName.replace(/\.[a-z0-9]+$/i, '');
  try {
    return slugify(readDefinition(source, { fileName }).name ?? stem);
  } catch (error) {
    if (error instanceof RefusedError) return slugify(stem);
    throw error;
  }
}

import { RefusedError } from '../../domain/refused-error.ts';
import { readDefinition } from '../../domain/workflow/parse-document.ts';
import { slugify } from '../../domain/workflow/slug.ts';
import { type Outcome, postVersion, toServer } from './api-client.ts';
import { readSources } from './read-sources.ts';
import { reportOutcome, sayGathered } from './report-outcome.ts';
import { EXIT, type ExitCode, type Terminal } from './terminal.ts';

export interface PushOptions {
  server?: string;
  label?: string;
  note?: string;
  workflow?: string;
  department?: string;
  owner?: string;
  commit?: string;
  format?: string;
  json?: boolean;
}

/**
 * `towpath push`: everything is read before the first is pushed, so that a misspelt name leaves nothing half done. A refused
 * file does not keep the next from being pushed; a server that can't be reached does. A folder is one version, and so are
 * several files that are said to be one workflow.
 *
 * @throws UsageError
 */
export async function push(
  paths: readonly string[],
  options: PushOptions & { server: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const server = toServer(options.server, terminal.env['TOWPATH_API_TOKEN']);
  const sources = await readSources(paths, options.workflow !== undefined);
  if (server.isOpen)
    terminal.complain(`The token goes to ${server.address} unencrypted. Use https where others may listen.\n`);

  const { label, note, department, owner, commit, format } = options;
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
    if (outcome.kind === 'unreachable') break;
  }
  return exitCodeOf(outcomes);
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

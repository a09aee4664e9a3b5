import type { Outcome, PushAnswer } from './api-client.ts';
import type { Gathered } from './gather-files.ts';
import { harmless, type Terminal } from './terminal.ts';

const MOST_SENTENCES = 10;
const MOST_FILES = 12;

/** Which files of a folder are part of the version, and which are not. */
export function sayGathered(path: string, { files, leftOut }: Gathered): string {
  const took = `Took ${files.length === 1 ? '1 file' : `${files.length} files`} of ${harmless(path)}: ${named(files)}\n`;
  const reasons = leftOut.map(({ path: name, reason }) => `${name} (${reason})`);
  return leftOut.length === 0 ? took : `${took}Left out: ${named(reasons)}\n`;
}

function named(names: readonly string[]): string {
  const more = names.length > MOST_FILES ? ` and ${names.length - MOST_FILES} more` : '';
  return `${names.slice(0, MOST_FILES).map(harmless).join(', ')}${more}`;
}

/** Says what became of one file: answers to standard output, refusals to standard error, with `--json` all as JSON. */
export function reportOutcome(
  terminal: Terminal,
  report: {
    path: string;
    workflow: string;
    outcome: Outcome;
    gathered: Gathered | null;
    isOneOfSeveral: boolean;
    asJson: boolean;
  },
): void {
  const { path, workflow, outcome, gathered, isOneOfSeveral, asJson } = report;
  if (asJson) {
    const { kind, ...rest } =
      outcome.kind === 'pushed'
        ? { kind: outcome.kind, ...outcome.answer }
        : { ...outcome, workflow: { name: workflow } };
    terminal.print(`${JSON.stringify({ file: path, outcome: kind, ...rest, ...gathered })}\n`);
    return;
  }
  const where = isOneOfSeveral ? `${harmless(path)}: ` : '';
  if (outcome.kind === 'pushed') terminal.print(`${where}${inWords(outcome.answer)}\n`);
  else terminal.complain(`${where}${harmless(outcome.detail)}\n`);
}

function inWords({ workflow, version, created, workflowCreated, diff }: PushAnswer): string {
  const name = version.label === null ? `v${version.number}` : `v${version.number} (${harmless(version.label)})`;
  if (!created) return `identical to ${name} of ${harmless(workflow.name)}, nothing new`;
  const headline = `${name} of ${harmless(workflow.name)} (${workflowCreated ? 'created, a new workflow' : 'created'})`;
  const sentences = (diff?.sentences ?? []).slice(0, MOST_SENTENCES);
  const more = (diff === null ? 0 : diff.sentences.length + diff.more) - sentences.length;
  return [headline, ...sentences.map(harmless), ...(more > 0 ? [`and ${more} more`] : [])].join('\n  ');
}

import { maskedInWords } from '../../domain/workflow/secrets/masked-in-words.ts';
import type { Outcome, PushAnswer } from './api-client.ts';
import type { Gathered } from './gather-files.ts';
import { harmless, harmlessJson, type Terminal } from './terminal.ts';

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
    terminal.print(`${harmlessJson({ file: path, outcome: kind, ...rest, ...gathered })}\n`);
    return;
  }
  const where = isOneOfSeveral ? `${harmless(path)}: ` : '';
  if (outcome.kind === 'pushed') terminal.print(`${where}${inWords(outcome.answer)}\n`);
  else terminal.complain(`${where}${harmless(outcome.detail)}\n`);
}

function inWords({ workflow, version, created, workflowCreated, diff, masked }: PushAnswer): string {
  const name = version.label === null ? `v${version.number}` : `v${version.number} (${harmless(version.label)})`;
  const secrets = maskedLines(masked);
  if (!created) return [`identical to ${name} of ${harmless(workflow.name)}, nothing new`, ...secrets].join('\n  ');
  const headline = `${name} of ${harmless(workflow.name)} (${workflowCreated ? 'created, a new workflow' : 'created'})`;
  const sentences = (diff?.sentences ?? []).slice(0, MOST_SENTENCES);
  const more = (diff === null ? 0 : diff.sentences.length + diff.more) - sentences.length;
  return [headline, ...sentences.map(harmless), ...(more > 0 ? [`and ${more} more`] : []), ...secrets].join('\n  ');
}

/** Where secrets stood: what was masked in the server is still readable in the file. */
function maskedLines({ secrets, more }: PushAnswer['masked']): string[] {
  if (secrets.length === 0) return [];
  const all = secrets.length + more;
  const headline = `${all === 1 ? '1 secret was' : `${all} secrets were`} masked before anything was kept; replace what is real`;
  const lines = secrets.map(
    ({ file, ...secret }) => `  ${harmless(maskedInWords(file === null ? secret : { file, ...secret }))}`,
  );
  return [headline, ...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
}

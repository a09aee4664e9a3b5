import type { Outcome, PushAnswer } from './api-client.ts';
import { harmless, type Terminal } from './terminal.ts';

const MOST_SENTENCES = 10;

/** Says what became of one file: answers to standard output, refusals to standard error, with `--json` all as JSON. */
export function reportOutcome(
  terminal: Terminal,
  report: { path: string; workflow: string; outcome: Outcome; isOneOfSeveral: boolean; asJson: boolean },
): void {
  const { path, workflow, outcome, isOneOfSeveral, asJson } = report;
  if (asJson) {
    const { kind, ...rest } =
      outcome.kind === 'pushed'
        ? { kind: outcome.kind, ...outcome.answer }
        : { ...outcome, workflow: { name: workflow } };
    terminal.print(`${JSON.stringify({ file: path, outcome: kind, ...rest })}\n`);
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

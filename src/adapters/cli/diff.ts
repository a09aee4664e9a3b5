import { createHmac, randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { blocksView } from '../../domain/diff/blocks-view.ts';
import { codeView } from '../../domain/diff/code-view.ts';
import { diffDefinitions } from '../../domain/diff/diff-definitions.ts';
import { summarize } from '../../domain/diff/sentences.ts';
import { versionName } from '../../domain/version.ts';
import type { Definition } from '../../domain/workflow/definition.ts';
import { InvalidDefinitionError } from '../../domain/workflow/invalid-definition-error.ts';
import { readDefinition } from '../../domain/workflow/parse-document.ts';
import { type KeyedHash, maskSource } from '../../domain/workflow/secrets/mask-source.ts';
import { type Comparison, getComparison } from './get-comparison.ts';
import { readFileOrFolder } from './read-sources.ts';
import { printComparison } from './report-diff.ts';
import { LOCAL_SERVER, openServer, type Session, serverOf } from './session.ts';
import { DIFF_EXIT, type DiffExitCode, harmless, harmlessJson, type Terminal, UsageError } from './terminal.ts';

export interface DiffOptions {
  server: string;
  /** Forces a format instead of judging by content. */
  format?: string;
  json?: boolean;
}

/** Of everything that is listed and shown. */
const BOUNDS = { changes: 1_000, characters: 1_000_000, lines: 6_000, code: 1_000_000 };

const HELP = `
With two arguments, files are compared here, without a server. With three, the first is a workflow, the others are versions (12,
v12 or a label) or environments of it, and the server compares them; the token is that of TOWPATH_API_TOKEN, else of
“towpath login”. Secrets in files are masked before anything is printed. NO_COLOR=1 leaves colours out.

Exit codes:
  0  both do the same: nothing differs, or nothing that changes what the workflow does
  1  they differ in what they do
  2  they could not be compared: the command line, a file, the server

Examples:
  towpath diff old/summarize.yaml new/summarize.yaml
  towpath diff summarize-flow production staging`;

export function diffCommand(program: Command, { terminal, done }: Session): void {
  program
    .command('diff')
    .description('say what differs between two workflow files, or two versions of a workflow on the server')
    .argument('<what...>', 'two files or folders; or a workflow and two versions or environments')
    .option('--server <url>', `the Towpath server (default: TOWPATH_SERVER, else ${LOCAL_SERVER})`)
    .option('--format <format>', 'read the files as this format instead of judging by their content')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (words: string[], options: Partial<DiffOptions>) => {
      done(await diff(words, { ...options, server: serverOf(options, terminal) }, terminal));
    });
}

/**
 * `towpath diff A B`: two files or folders, without a server. `towpath diff WORKFLOW A B`: two versions or environments of a
 * workflow on the server. Ends with 0 where both do the same, 1 where they differ in what they do, as `diff` does.
 *
 * @throws UsageError
 */
async function diff(words: readonly string[], options: DiffOptions, terminal: Terminal): Promise<DiffExitCode> {
  const [first = '', second = '', third] = words;
  if (words.length < 2 || words.length > 3)
    throw new UsageError(
      'Two files are compared, or a workflow and two of its versions: towpath diff A B, or towpath diff WORKFLOW A B.',
    );
  return third === undefined
    ? report(terminal, options, {
        title: `${first} → ${second}`,
        comparison: await compareFiles(first, second, options),
      })
    : compareOnServer({ workflow: first, from: second, to: third }, options, terminal);
}

async function compareOnServer(
  asked: { workflow: string; from: string; to: string },
  options: DiffOptions,
  terminal: Terminal,
): Promise<DiffExitCode> {
  if (options.format !== undefined)
    throw new UsageError('--format is for files. A version on the server has its format.');
  const server = openServer(options, terminal);
  const reply = await getComparison(server, asked);
  if (reply.kind !== 'answered') {
    terminal.complain(`${harmless(reply.detail)}\n`);
    return DIFF_EXIT.trouble;
  }
  const { workflow, from, to } = reply.answer;
  const title = `${workflow}: ${from === null ? 'nothing' : versionName(from)} → ${versionName(to)}`;
  return report(terminal, options, { title, comparison: reply.answer });
}

function report(
  terminal: Terminal,
  { json }: DiffOptions,
  { title, comparison }: { title: string; comparison: Comparison },
): DiffExitCode {
  if (json === true) terminal.print(`${harmlessJson(comparison)}\n`);
  else printComparison(terminal, title, comparison);
  return comparison.total > 0 && comparison.diff.functional ? DIFF_EXIT.differs : DIFF_EXIT.same;
}

async function compareFiles(first: string, second: string, options: DiffOptions): Promise<Comparison> {
  // Good for this one comparison: what a log keeps of it tells nothing of a secret, only that it changed.
  const key = randomBytes(32);
  const hash: KeyedHash = (secret) => createHmac('sha256', key).update(secret).digest('hex');
  const before = await read(first, options, hash);
  const after = await read(second, options, hash);
  const found = diffDefinitions(before, after);
  const { lines, more } = summarize(found, { limit: BOUNDS.changes, maxChars: BOUNDS.characters });
  const { text, truncated } = codeView(before, after, found, { maxChars: BOUNDS.code });
  return {
    workflow: after.name ?? null,
    from: { file: first },
    to: { file: second },
    diff: { sentences: lines, more, functional: found.functional, risk: found.risk },
    total: found.counts.total,
    changes: found.changes
      .slice(0, BOUNDS.changes)
      .map(({ class: changeClass, kind, path, sentence, before: was, after: is }) => ({
        ...{ class: changeClass, kind, path, sentence },
        ...{ before: was ?? null, after: is ?? null },
      })),
    blocks: blocksView(before, after, found, { maxLines: BOUNDS.lines }),
    code: { text, truncated },
  };
}

async function read(path: string, { format }: DiffOptions, hash: KeyedHash): Promise<Definition> {
  const { source: whole, fileName } = await readFileOrFolder(path);
  try {
    const { source } = await maskSource(whole, hash, fileName);
    return readDefinition(source, { fileName, ...(format === undefined ? {} : { format }) });
  } catch (error) {
    if (error instanceof InvalidDefinitionError) throw new UsageError(problemsOf(path, error));
    throw error;
  }
}

const MOST_PROBLEMS = 10;

function problemsOf(path: string, { problems }: InvalidDefinitionError): string {
  const lines = problems.slice(0, MOST_PROBLEMS).map(({ path: at, line, message }) => {
    const where = [line === undefined ? '' : `line ${line}`, at].filter((part) => part !== '').join(', ');
    return `  ${where === '' ? '' : `${where}: `}${message}`;
  });
  const left = problems.length - lines.length;
  return [`${path} can’t be compared:`, ...lines.map(harmless), ...(left > 0 ? [`  and ${left} more`] : [])].join('\n');
}

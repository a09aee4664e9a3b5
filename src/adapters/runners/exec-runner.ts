import { lookUp } from '../../domain/look-up.ts';
import { runMessage } from '../../use-cases/execution/run-message.ts';
import { type RunAnswer, RunnerFailure, type RunRequest } from '../../use-cases/ports/runners.ts';
import type { KindOf } from './kind-of.ts';
import { readAnswer } from './read-answer.ts';
import { runProcess } from './run-process.ts';

/** A command that the operator lets workflows be run by. Settings name it, and can change nothing about it. */
export interface ExecCommand {
  /** An absolute path, and its arguments; no shell looks at them. */
  readonly command: readonly [program: string, ...parameters: string[]];
  /** Secrets of the environment that it finds as variables of these names. */
  readonly secrets?: readonly string[];
  /** Where it runs; `/` unless said. */
  readonly folder?: string | undefined;
}

/** By name. Empty: no command may be run at all. */
export type ExecCommands = Readonly<Record<string, ExecCommand>>;

/** A command finds nothing of this process's variables but where programs are. */
const PATH = '/usr/local/bin:/usr/bin:/bin';

/** Runs one of the operator's commands: it reads what an `http` runner is posted, and writes what that answers. */
export async function runByExec(
  request: RunRequest,
  runner: KindOf<'exec'>,
  commands: ExecCommands,
): Promise<RunAnswer> {
  const allowed = lookUp(commands, runner.command);
  if (allowed === undefined)
    throw new RunnerFailure(
      'unsupported',
      `The operator allows no command “${runner.command.slice(0, 100)}”. Commands are named in Towpath’s own configuration.`,
    );
  const secrets = await Promise.all(
    (allowed.secrets ?? []).map(async (name) => [name, await request.secrets.read(name)] as const),
  );
  const begun = performance.now();
  const written = await runProcess({
    command: allowed.command,
    folder: allowed.folder ?? '/',
    variables: { PATH, LANG: 'C.UTF-8', ...Object.fromEntries(secrets) },
    input: JSON.stringify(runMessage(request)),
    outputBytes: request.limits.answerBytes,
    signal: request.signal,
  });
  return readAnswer(written, performance.now() - begun);
}

import type { Argument, Command } from 'commander';

/** What can be completed of a command, read from the program itself. */
export interface CompletableCommand {
  name: string;
  description: string;
  options: CompletableOption[];
  /** What may stand where no option does, where that is known. */
  words: readonly string[];
  /** Files may stand there. */
  takesFiles: boolean;
}
export interface CompletableOption {
  /** With its dashes, the long form. */
  flag: string;
  short: string | null;
  description: string;
  takesValue: boolean;
}

/** Every command that a program's help lists, with every option that theirs do. */
export function completableCommands(program: Command): CompletableCommand[] {
  const help = program.createHelp();
  return help.visibleCommands(program).map((command) => ({
    name: command.name(),
    description: command.description(),
    options: help
      .visibleOptions(command)
      .flatMap(({ long, short, description, required, optional }) =>
        long == null ? [] : [{ flag: long, short: short ?? null, description, takesValue: required || optional }],
      ),
    words: wordsOf(command, program),
    takesFiles: command.registeredArguments.some(isOfFiles),
  }));
}

/** Files are called so, or come by the dozen, as nothing else does but the few words that say what they are. */
function isOfFiles(argument: Argument): boolean {
  return argument.name() === 'file' || (argument.variadic && argument.name() !== 'words');
}

function wordsOf(command: Command, program: Command): readonly string[] {
  if (command.name() === 'help') return program.commands.map((one) => one.name());
  return command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
}

import type { CompletableCommand, CompletableOption } from './completable.ts';

/** A completion script for fish, to be a file among its completions or to be sourced. */
export function completeFish(program: string, commands: readonly CompletableCommand[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c ${program} -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.description)}`,
    ...linesOf(program, command),
  ]);
  return `# Completes ${program} in fish.\ncomplete -c ${program} -f\n${lines.join('\n')}\n`;
}

function linesOf(program: string, { name, options, words, takesFiles }: CompletableCommand): string[] {
  const start = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`;
  return [
    ...options.map((option) => `${start} ${optionOf(option)}`),
    ...(words.length > 0 ? [`${start} -a ${quoted(words.join(' '))}`] : []),
    ...(takesFiles ? [`${start} -F`] : []),
  ];
}

function optionOf({ flag, short, description, takesValue }: CompletableOption): string {
  const parts = [`-l ${flag.replace(/^--/, '')}`, ...(short === null ? [] : [`-s ${short.replace(/^-/, '')}`])];
  return [...parts, ...(takesValue ? ['-x'] : []), `-d ${quoted(description)}`].join(' ');
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

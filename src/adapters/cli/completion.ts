import { Argument, type Command } from 'commander';
import { completableCommands } from './completable.ts';
import { completeBash } from './complete-bash.ts';
import { completeFish } from './complete-fish.ts';
import { completeZsh } from './complete-zsh.ts';
import type { Session } from './session.ts';

const SHELLS = { bash: completeBash, zsh: completeZsh, fish: completeFish };

const HELP = `
The script is made from the commands and options of this very program. Make it anew after an update.

Examples:
  source <(towpath completion bash)                                       # in ~/.bashrc
  towpath completion zsh > "\${fpath[1]}/_towpath"                          # once, then start zsh anew
  towpath completion fish > ~/.config/fish/completions/towpath.fish        # once`;

/** `towpath completion SHELL`: prints a script that completes what is typed. */
export function completionCommand(program: Command, { terminal }: Session): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SHELLS)))
    .addHelpText('after', HELP)
    .action((shell: keyof typeof SHELLS) =>
      terminal.print(SHELLS[shell](program.name(), completableCommands(program))),
    );
}

import type { CompletableCommand } from './completable.ts';

/** A completion script for bash, from 3.2 on. Names of commands and options are words of letters and dashes: nothing is quoted. */
export function completeBash(program: string, commands: readonly CompletableCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# Completes ${program} in bash: source it, for instance by: source <(${program} completion bash)
_${program}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local options='' valued='' words='' files=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${names} --help'
  else
    case "\${COMP_WORDS[1]}" in
${commands.map(caseOf).join('\n')}
    esac
  fi
  # Files come by the shell's own completion, where nothing else is offered and it is left on.
  if [ -z "$files" ]; then compopt +o default 2>/dev/null; fi
  case " $valued " in *" $previous "*) return ;; esac
  case "$current" in
    -*) if [ -n "$options" ]; then words="$options"; fi ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${program} ${program}
`;
}

function caseOf({ name, options, words, takesFiles }: CompletableCommand): string {
  const flags = (list: CompletableCommand['options']) =>
    list.flatMap(({ flag, short }) => (short === null ? [flag] : [flag, short])).join(' ');
  const parts = [
    `options='${flags(options)}'`,
    `valued='${flags(options.filter(({ takesValue }) => takesValue))}'`,
    ...(words.length > 0 ? [`words='${words.join(' ')}'`] : []),
    ...(takesFiles ? ['files=yes'] : []),
  ];
  return `      ${name}) ${parts.join('; ')} ;;`;
}

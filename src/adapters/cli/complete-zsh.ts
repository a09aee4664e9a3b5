import type { CompletableCommand, CompletableOption } from './completable.ts';

/** A completion script for zsh, to be a file on its fpath or to be sourced. */
export function completeZsh(program: string, commands: readonly CompletableCommand[]): string {
  const described = commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`);
  return `#compdef ${program}
# Completes ${program} in zsh.
_${program}() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case "$words[1]" in
${commands.map(caseOf).join('\n')}
  esac
}
if [ "$funcstack[1]" = "_${program}" ]; then
  _${program} "$@"
else
  compdef _${program} ${program}
fi
`;
}

function caseOf({ name, options, words, takesFiles }: CompletableCommand): string {
  const last = [
    ...(words.length > 0 ? [quoted(`1:word:(${words.join(' ')})`)] : []),
    ...(takesFiles ? [quoted('*:file:_files')] : []),
  ];
  return `    ${name}) _arguments ${[...options.map(optionOf), ...last].join(' ')} ;;`;
}

function optionOf({ flag, short, description, takesValue }: CompletableOption): string {
  const explained = `[${description.replace(/[[\]\\:]/g, '\\$&')}]${takesValue ? ':value:' : ''}`;
  return short === null
    ? quoted(`${flag}${explained}`)
    : `${quoted(`(${short} ${flag})${short}${explained}`)} ${quoted(`(${short} ${flag})${flag}${explained}`)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

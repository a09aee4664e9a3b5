import { type PatternNode, UnsupportedPatternError } from './parse-pattern.ts';

/** One step of a compiled pattern; numbers are places in the program. */
export type Instruction =
  | { readonly op: 'character'; readonly matches: (codePoint: number) => boolean }
  | { readonly op: 'assertion'; readonly at: 'start' | 'end' | 'boundary' | 'no-boundary' }
  | { readonly op: 'split'; readonly to: readonly number[] }
  | { readonly op: 'done' };

/** A counted repetition stands in the program as often as it counts, so its size is what bounds the work of a character. */
const MOST_INSTRUCTIONS = 3_000;

/** @throws UnsupportedPatternError where the pattern comes to too many instructions */
export function compilePattern(pattern: PatternNode, flags: string): Instruction[] {
  const program: Instruction[] = [];
  const known = new Map<string, (codePoint: number) => boolean>();
  const matcher = (source: string) => {
    const made = known.get(source) ?? makeMatcher(source, flags);
    known.set(source, made);
    return made;
  };
  const add = (instruction: Instruction): number => {
    if (program.length >= MOST_INSTRUCTIONS)
      throw new UnsupportedPatternError('is too large once its repetitions are written out; count less');
    return program.push(instruction) - 1;
  };
  const emit = (node: PatternNode): void => {
    if (node.kind === 'character') add({ op: 'character', matches: matcher(node.source) });
    else if (node.kind === 'assertion') add({ op: 'assertion', at: node.at });
    else if (node.kind === 'sequence') for (const part of node.parts) emit(part);
    else if (node.kind === 'choice') emitChoice(node.options);
    else emitRepeat(node);
  };
  const emitChoice = (options: readonly PatternNode[]): void => {
    const ends: number[] = [];
    const fork = add({ op: 'split', to: [] });
    const starts = options.map((option) => {
      const start = program.length;
      emit(option);
      ends.push(add({ op: 'split', to: [] }));
      return start;
    });
    program[fork] = { op: 'split', to: starts };
    for (const end of ends) program[end] = { op: 'split', to: [program.length] };
  };
  const emitRepeat = ({ part, least, most }: Extract<PatternNode, { kind: 'repeat' }>): void => {
    // Written out one by one, so a large count meets the limit before anything is allocated.
    for (let count = 0; count < least; count++) emit(part);
    if (most === Number.POSITIVE_INFINITY) {
      const fork = add({ op: 'split', to: [] });
      emit(part);
      add({ op: 'split', to: [fork] });
      program[fork] = { op: 'split', to: [fork + 1, program.length] };
      return;
    }
    const forks: number[] = [];
    for (let count = least; count < most; count++) {
      forks.push(add({ op: 'split', to: [] }));
      emit(part);
    }
    for (const fork of forks) program[fork] = { op: 'split', to: [fork + 1, program.length] };
  };
  emit(pattern);
  add({ op: 'done' });
  return program;
}

/** Asks `RegExp` about one character at a time, which can't take long; what ASCII answers is remembered. */
function makeMatcher(source: string, flags: string): (codePoint: number) => boolean {
  const one = new RegExp(`^(?:${source})$`, flags);
  const ascii = new Int8Array(128);
  return (codePoint) => {
    const known = ascii[codePoint];
    if (known === 1 || known === 2) return known === 1;
    const does = one.test(String.fromCodePoint(codePoint));
    if (known === 0) ascii[codePoint] = does ? 1 : 2;
    return does;
  };
}

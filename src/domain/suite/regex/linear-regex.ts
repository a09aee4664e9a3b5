import { compilePattern, type Instruction } from './compile-pattern.ts';
import { LONGEST_PATTERN, parsePattern, UnsupportedPatternError } from './parse-pattern.ts';

export { UnsupportedPatternError } from './parse-pattern.ts';

/** How much matching may still be done: counted in steps, never in time, so that the same text always ends the same. */
export interface Effort {
  left: number;
}

/** A text and a pattern together ask for more steps than there are. */
export class TooMuchEffortError extends Error {
  constructor() {
    super('The pattern takes too long on a text of this length.');
    this.name = 'TooMuchEffortError';
  }
}

/** About a quarter of a second at worst. */
export const MATCHING_STEPS = 10_000_000;

export interface LinearRegex {
  /** Of its compiled form. */
  readonly instructions: number;
  /**
   * Whether the pattern matches anywhere in the text.
   * @throws TooMuchEffortError
   */
  test(text: string, effort?: Effort): boolean;
}

/**
 * A regular expression whose matching takes steps in proportion to the text times the pattern, by following all its ways at once
 * (Thompson's construction) in place of one after the other. What that can't do, lookarounds and backreferences, is refused.
 * @param flags of `i`, `m`, `s` and `u`
 * @throws UnsupportedPatternError also for what is no regular expression
 */
export function makeLinearRegex(pattern: string, flags = ''): LinearRegex {
  if (pattern.length > LONGEST_PATTERN)
    throw new UnsupportedPatternError(`is longer than ${LONGEST_PATTERN} characters`);
  const taken = takenFlags(pattern, flags);
  const program = compilePattern(parsePattern(pattern), taken.replace('m', ''));
  const isMultiline = flags.includes('m');
  const instructions = program.length;
  return {
    instructions,
    test: (text, effort = { left: MATCHING_STEPS }) => runProgram(program, text, isMultiline, effort),
  };
}

/** With `u` where the pattern allows it, so that characters beyond 16 bits are one. */
function takenFlags(pattern: string, flags: string): string {
  if (/[^imsu]/.test(flags)) throw new UnsupportedPatternError('has flags other than i, m, s and u');
  const others = flags.replaceAll('u', '');
  try {
    new RegExp(pattern, `${others}u`);
    return `${others}u`;
  } catch {
    // Older patterns escape what needs no escape, which `u` refuses.
  }
  try {
    new RegExp(pattern, others);
    return others;
  } catch {
    throw new UnsupportedPatternError('is no regular expression');
  }
}

function runProgram(program: readonly Instruction[], text: string, isMultiline: boolean, effort: Effort): boolean {
  let current: number[] = [];
  let next: number[] = [];
  const seenAt = new Int32Array(program.length).fill(-1);
  let position = 0;
  let before = -1;

  /** Follows all that takes no character. True where the end of the pattern is reached. */
  const follow = (start: number, list: number[], generation: number, code: number): boolean => {
    const open = [start];
    while (open.length > 0) {
      const at = open.pop() as number;
      if (seenAt[at] === generation) continue;
      seenAt[at] = generation;
      if (--effort.left < 0) throw new TooMuchEffortError();
      const instruction = program[at] as Instruction;
      if (instruction.op === 'done') return true;
      if (instruction.op === 'split') open.push(...instruction.to);
      else if (instruction.op === 'character') list.push(at);
      else if (holds(instruction.at, before, code, isMultiline)) open.push(at + 1);
    }
    return false;
  };

  for (let generation = 0; ; generation++) {
    const code = text.codePointAt(position) ?? -1;
    // What waits here from the character before is followed on, beside a new beginning.
    const waiting = current;
    next.length = 0;
    for (const at of waiting) if (follow(at, next, generation, code)) return true;
    if (follow(0, next, generation, code)) return true;
    if (code === -1) return false;
    waiting.length = 0;
    for (const at of next) {
      const instruction = program[at] as Instruction;
      if (instruction.op === 'character' && instruction.matches(code)) waiting.push(at + 1);
    }
    current = waiting;
    next = next === waiting ? [] : next;
    before = code;
    position += code > 0xffff ? 2 : 1;
  }
}

function holds(at: string, before: number, after: number, isMultiline: boolean): boolean {
  if (at === 'start') return before === -1 || (isMultiline && isLineEnd(before));
  if (at === 'end') return after === -1 || (isMultiline && isLineEnd(after));
  return (isWord(before) !== isWord(after)) === (at === 'boundary');
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029;
}

function isWord(code: number): boolean {
  return code >= 0 && code < 128 && /\w/.test(String.fromCharCode(code));
}

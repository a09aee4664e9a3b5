import { lookUp } from '../../look-up.ts';
import type { Segment } from '../source/source-scan.ts';
import type { Filling } from './format.ts';

/**
 * How a text of a `towpath/v1` document is filled: every one but code, which is full of `${…}` of its own, and but what other parts
 * of a document and of Towpath go by: `apiVersion`, the workflow's `name`, `executionMode`, `emits`, ids, types, `dependsOn`, the
 * names of parallel branches, which event or environments a trigger is for, and `layout`, which is part of nothing. Where the
 * format takes text only, such as a model's name, it stays text; where it takes a number or anything, it takes the type of what
 * it is filled with.
 */
export function fillsTowpath(path: readonly Segment[]): Filling | null {
  const [first] = path;
  if (first === 'steps') return fillsStep(path, 2);
  if (first === 'triggers') return path[2] === 'schedule' ? 'text' : null;
  if (first === 'description') return 'text';
  return first === 'inputs' || first === 'outputs' || first === 'bindings' ? 'value' : null;
}

/** Lists of steps in a step: the path to each, with `#` for an index. */
const NESTED = [
  ['condition', 'then', '#'],
  ['condition', 'else', '#'],
  ['loop', 'steps', '#'],
  ['parallel', 'branches', '#', 'steps', '#'],
];

/** @param from where the path goes on within a step */
function fillsStep(path: readonly Segment[], from: number): Filling | null {
  const nested = NESTED.find((inner) => begins(path, from, inner));
  if (nested !== undefined) return fillsStep(path, from + nested.length);
  const key = String(path[from]);
  if (TEXTS.has(key)) return 'text';
  if (VALUES.has(key)) return 'value';
  const rule = lookUp(BLOCKS, key);
  return rule === undefined ? null : rule(path.slice(from + 1));
}

function begins(path: readonly Segment[], from: number, inner: readonly string[]): boolean {
  return inner.every((part, index) =>
    part === '#' ? typeof path[from + index] === 'number' : path[from + index] === part,
  );
}

/** Keys of a step whose texts stay text. */
const TEXTS: ReadonlySet<string> = new Set([
  ...[
    'label',
    'description',
    'provider',
    'model',
    'llm',
    'systemPrompt',
    'instruction',
    'instructions',
    'task',
    'recipe',
  ],
  ...['expectedOutput', 'expected_output', 'tools', 'mcpServers', 'dataSources', 'timeout', 'tool'],
]);

/** Keys of a step that hold, or may be, something else than text. */
const VALUES: ReadonlySet<string> = new Set([
  ...['modelParameters', 'temperature', 'maxTokens', 'max_tokens', 'maxIterations', 'max_iterations'],
  ...['inputs', 'outputs', 'arguments'],
]);

type BlockRule = (path: readonly Segment[]) => Filling | null;

const of =
  (texts: readonly string[], values: readonly string[]): BlockRule =>
  ([key]) =>
    texts.includes(String(key)) ? 'text' : values.includes(String(key)) ? 'value' : null;

const criterion = of(['model', 'provider', 'description'], ['value', 'weight', 'threshold']);

/** Blocks of a step with fields of both kinds, or with some that are never filled. `code` is none of them. */
const BLOCKS: Readonly<Record<string, BlockRule>> = {
  retry: of(['delay'], ['maxAttempts']),
  condition: of(['if'], []),
  loop: of(['over', 'breakWhen'], ['maxIterations', 'max_iterations']),
  parallel: of([], ['maxConcurrency']),
  evaluation: ([key, , ...rest]) => (key === 'criteria' ? criterion(rest) : key === 'threshold' ? 'value' : null),
  http: of(['method', 'url'], ['headers', 'query', 'body']),
  approval: of(['message', 'role', 'approvers'], ['count']),
  workflow: of(['name'], ['version', 'inputs']),
};

import type { Step, StepGroup, StepProperties } from '../definition.ts';
import { LIMITS } from '../limits.ts';
import type { PathProblem } from '../source/check-values.ts';
import { pathText, type Segment } from '../source/source-scan.ts';
import { schemaProblems } from './schema-problems.ts';
import { propertiesOf } from './towpath-aliases.ts';
import { type RawStep, stepSchema } from './towpath-schema.ts';

/** A step and where it was read, for the checks that need all steps at once. */
export interface ReadStep {
  readonly step: Step;
  readonly at: readonly Segment[];
}

export interface StepsReading {
  readonly steps: readonly Step[];
  /** Nested ones included, in document order. */
  readonly all: readonly ReadStep[];
  readonly problems: readonly PathProblem[];
}

/** The types whose block says what they do: without it they are nothing, and other types may not have it. */
const BLOCK_TYPES = [
  'condition',
  'loop',
  'parallel',
  'evaluation',
  'tool',
  'http',
  'code',
  'approval',
  'workflow',
] as const;
const REQUIRED_BLOCKS: ReadonlySet<string> = new Set(['condition', 'loop', 'parallel', 'evaluation']);

/** Reads the steps of a `towpath/v1` document, nested ones with their own paths. Steps that are wrong are left out and reported. */
export function readSteps(raw: readonly unknown[]): StepsReading {
  const all: ReadStep[] = [];
  const problems: PathProblem[] = [];
  let seen = 0;

  const readList = (list: readonly unknown[], at: readonly Segment[], depth: number): Step[] => {
    if (depth > LIMITS.stepNesting) {
      problems.push({ path: at, message: `steps are nested deeper than ${LIMITS.stepNesting}` });
      return [];
    }
    return list.flatMap((item, index) => readOne(item, [...at, index], depth) ?? []);
  };

  const readOne = (item: unknown, at: readonly Segment[], depth: number): Step | null => {
    if (++seen > LIMITS.steps) {
      if (seen === LIMITS.steps + 1)
        problems.push({ path: at, message: `there are more than ${LIMITS.steps.toLocaleString('en')} steps` });
      return null;
    }
    const result = stepSchema.safeParse(item, { reportInput: true });
    if (!result.success) {
      if (problems.length < LIMITS.problems) problems.push(...schemaProblems(result.error, stepSchema, at));
      return null;
    }
    const raw = result.data;
    problems.push(...blockProblems(raw, at));
    const { properties, problems: aliasProblems } = propertiesOf(raw, at);
    problems.push(...aliasProblems);
    const place = all.push({ step: placeholder, at }) - 1;
    const groups = nestedLists(raw).map(
      ({ role, steps, path }): StepGroup => ({ role, steps: readList(steps, [...at, ...path], depth + 1) }),
    );
    const step = stepOf(raw, properties, groups, at);
    all[place] = { step, at };
    return step;
  };

  const steps = readList(raw, ['steps'], 1);
  return { steps, all, problems };
}

/** Keeps a container before its nested steps while these are read. */
const placeholder: Step = { id: '', kind: '', properties: {}, dependsOn: [], children: [], path: '' };

function stepOf(
  raw: RawStep,
  properties: StepProperties,
  children: readonly StepGroup[],
  at: readonly Segment[],
): Step {
  return {
    id: raw.id,
    kind: raw.type,
    ...(raw.label !== undefined && { label: raw.label }),
    ...(raw.description !== undefined && { description: raw.description }),
    properties,
    dependsOn: raw.dependsOn ?? [],
    children,
    path: pathText(at),
  };
}

interface NestedList {
  readonly role: string;
  readonly steps: readonly unknown[];
  readonly path: readonly Segment[];
}

function nestedLists(raw: RawStep): NestedList[] {
  const lists: NestedList[] = [];
  if (raw.condition?.then) lists.push({ role: 'then', steps: raw.condition.then, path: ['condition', 'then'] });
  if (raw.condition?.else) lists.push({ role: 'else', steps: raw.condition.else, path: ['condition', 'else'] });
  if (raw.loop) lists.push({ role: 'steps', steps: raw.loop.steps, path: ['loop', 'steps'] });
  for (const [index, { name, steps }] of (raw.parallel?.branches ?? []).entries()) {
    lists.push({ role: name, steps, path: ['parallel', 'branches', index, 'steps'] });
  }
  return lists;
}

function blockProblems(raw: RawStep, at: readonly Segment[]): PathProblem[] {
  const problems: PathProblem[] = [];
  for (const block of BLOCK_TYPES) {
    if (raw[block] !== undefined && raw.type !== block) {
      problems.push({
        path: [...at, block],
        message: `‘${block}’ belongs to steps of type ${block}, and this one is ${raw.type}`,
      });
    } else if (raw[block] === undefined && raw.type === block && REQUIRED_BLOCKS.has(block)) {
      problems.push({ path: at, message: `a step of type ${block} needs ‘${block}’` });
    }
  }
  return problems
    .concat(
      repeated(
        raw.parallel?.branches.map(({ name }) => name),
        [...at, 'parallel', 'branches'],
        'branch',
      ),
    )
    .concat(
      repeated(
        raw.evaluation?.criteria.map(({ id }) => id),
        [...at, 'evaluation', 'criteria'],
        'criterion',
      ),
    );
}

/** Names that come twice in a list that is told apart by them. */
export function repeated(names: readonly string[] | undefined, at: readonly Segment[], noun: string): PathProblem[] {
  const seen = new Set<string>();
  const problems: PathProblem[] = [];
  for (const [index, name] of (names ?? []).entries()) {
    if (seen.has(name) && problems.length < LIMITS.problems) {
      problems.push({ path: [...at, index], message: `there is already a ${noun} ‘${name}’` });
    }
    seen.add(name);
  }
  return problems;
}

import { compareText } from '../workflow/compare-text.ts';
import type { Definition, Step } from '../workflow/definition.ts';
import type { Json, JsonObject } from '../workflow/json.ts';
import type { WorkflowDiff } from './change.ts';
import { type CodeLine, makeCodeLines } from './code-lines.ts';
import { makeTextBudget } from './compare-text.ts';
import { makeEffort } from './effort.ts';
import { followBindings } from './follow-bindings.ts';
import { type FollowReferences, followReferences } from './follow-references.ts';
import { isSame, makeLikeness } from './likeness.ts';
import { matchSteps } from './match-steps.ts';
import { type MergedStep, mergeSteps } from './merged-steps.ts';
import { type Renderer, renderChange, renderKeys, renderValue } from './render-change.ts';
import { nameSteps } from './step-names.ts';
import { weakWordsByStep } from './weak-matches.ts';

export interface CodeView {
  /**
   * Lines that begin with `+`, `-`, `>` (moved here) or a space, then YAML-like text, with `[-words-]` that went and
   * `{+words+}` that came. Empty where nothing differs.
   */
  readonly text: string;
  /** The same lines without these brackets, for who can mark words otherwise. */
  readonly lines: readonly CodeLine[];
  readonly truncated: boolean;
}

const DEFAULT_CHARS = 100_000;

/** What differs between two versions as unified text: the changed parts below the keys that lead to them, texts by line. */
export function codeView(
  before: Definition | null,
  after: Definition,
  diff: WorkflowDiff,
  { maxChars }: { readonly maxChars: number } = { maxChars: DEFAULT_CHARS },
): CodeView {
  const lines = makeCodeLines(maxChars);
  const matching = matchSteps(before, after);
  const weak = weakWordsByStep(matching);
  const renderer: StepRenderer = {
    lines,
    likeness: makeLikeness(),
    effort: makeEffort(),
    budget: makeTextBudget(),
    weak,
  };
  const names = nameSteps(before === null ? [after] : [before, after]);
  const arrows = (definition: Definition, idOf: (id: string) => string) =>
    edgesOf(definition, (id) => names.byId(idOf(id)));
  renderChange(
    0,
    '',
    before === null
      ? {}
      : wholeOf(
          { ...before, bindings: followBindings(before.bindings, after.bindings, matching) },
          arrows(before, matching.idAfter),
        ),
    wholeOf(
      after,
      arrows(after, (id) => id),
    ),
    renderer,
  );
  if (!isSame(before?.rest ?? {}, after.rest)) renderKeys(0, '', before?.rest ?? {}, after.rest, renderer);
  const moved = new Set(
    diff.changes.flatMap(({ kind, stepId }) => (kind === 'moved' && stepId !== undefined ? [stepId] : [])),
  );
  const follow = followReferences(before, after, matching);
  const tree = mergeSteps(before?.steps ?? [], after.steps, matching, moved).map((merged) => following(merged, follow));
  if (tree.some((merged) => isTouched(merged, renderer))) {
    lines.add(' ', 0, 'steps:');
    renderSteps(tree, 1, renderer);
  }
  return lines.finish();
}

/** What rendering steps needs besides. */
interface StepRenderer extends Renderer {
  /** How a step (after) was found again, where that is worth saying. */
  readonly weak: ReadonlyMap<Step, string>;
}

/** Stated arrows, by what people call the steps: those that follow from the order of steps are not shown. */
function edgesOf({ edges }: Definition, nameOf: (id: string) => string): Json[] {
  return edges
    .filter(({ implied }) => !implied)
    .map(({ from, to, port }) => `${nameOf(from)} → ${nameOf(to)}${port === undefined ? '' : ` (${port})`}`)
    .sort(compareText);
}

/** A text that only follows the new name of a step is shown as unchanged, for so it is told. */
function following(merged: MergedStep, follow: FollowReferences): MergedStep {
  const before = merged.before === null ? null : follow(merged.before, merged.step);
  const groups = merged.groups.map(({ role, steps }) => ({
    role,
    steps: steps.map((inner) => following(inner, follow)),
  }));
  return { ...merged, before, groups };
}

/** A definition without its steps. */
function wholeOf(
  { name, description, executionMode, inputs, outputs, triggers, emits, bindings, files }: Definition,
  edges: readonly Json[],
): JsonObject {
  const parts: Record<string, Json | undefined> = {
    name,
    description,
    executionMode: executionMode === 'unspecified' ? undefined : executionMode,
    inputs,
    outputs,
    triggers: triggers.length === 0 ? undefined : triggers.map((trigger) => ({ ...trigger })),
    emits: emits.length === 0 ? undefined : emits,
    bindings: Object.keys(bindings).length === 0 ? undefined : bindings,
    files,
    edges: edges.length === 0 ? undefined : edges,
  };
  return present(parts);
}

/** A step without the steps in it. */
function ownPartOf({ id, kind, label, description, dependsOn, properties }: Step): JsonObject {
  const own = { id, type: kind, label, description, dependsOn: dependsOn.length === 0 ? undefined : dependsOn };
  return { ...present(own), ...(properties as JsonObject) };
}

function present(object: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

function isTouched({ step, state, before, groups }: MergedStep, renderer: Renderer): boolean {
  if (state !== 'kept' || before === null) return true;
  if (!isSame(withoutId(ownPartOf(before)), withoutId(ownPartOf(step)))) return true;
  return groups.some(({ steps }) => steps.some((inner) => isTouched(inner, renderer)));
}

function renderSteps(steps: readonly MergedStep[], indent: number, renderer: StepRenderer): void {
  for (const merged of steps) {
    if (renderer.lines.isFull()) return;
    if (isTouched(merged, renderer)) renderStep(merged, indent, renderer);
  }
}

function renderStep({ step, state, before, groups }: MergedStep, indent: number, renderer: StepRenderer): void {
  const own = ownPartOf(step);
  if (state === 'added') renderValue('+', indent, '- ', own, renderer);
  else if (state === 'removed') renderValue('-', indent, '- ', own, renderer);
  else {
    const old = before === null ? own : ownPartOf(before);
    const notes = [state === 'moved' ? 'moved here' : '', renderer.weak.get(step) ?? ''].filter(Boolean).join(', ');
    renderer.lines.add(state === 'moved' ? '>' : ' ', indent, `- id: ${step.id}${notes === '' ? '' : `  # ${notes}`}`);
    renderChange(indent + 1, '', withoutId(old), withoutId(own), renderer);
  }
  for (const { role, steps } of groups) {
    if (!steps.some((inner) => isTouched(inner, renderer))) continue;
    renderer.lines.add(state === 'added' ? '+' : state === 'removed' ? '-' : ' ', indent + 1, `${role}:`);
    renderSteps(steps, indent + 2, renderer);
  }
}

function withoutId({ id: _id, ...others }: JsonObject): JsonObject {
  return others;
}

import type { Json } from '../workflow/json.ts';
import type { Risk } from './risk.ts';

/** What a change touches, most important first. The last two do not change what a workflow does. */
export const CHANGE_CLASSES = [
  'model',
  'prompt',
  'tools',
  'logic',
  'schema',
  'quality',
  'limits',
  'binding',
  'cosmetic',
] as const;

export type ChangeClass = (typeof CHANGE_CLASSES)[number];

const NOT_FUNCTIONAL: ReadonlySet<ChangeClass> = new Set(['binding', 'cosmetic']);

export function isFunctional(changeClass: ChangeClass): boolean {
  return !NOT_FUNCTIONAL.has(changeClass);
}

export type ChangeKind = 'added' | 'removed' | 'changed' | 'moved' | 'renamed';

/** One difference between two definitions. */
export interface Change {
  readonly class: ChangeClass;
  readonly kind: ChangeKind;
  /** Where it stands in the version after (before, for what was removed), such as `steps[2].model`. */
  readonly path: string;
  readonly stepId?: string;
  readonly stepLabel?: string;
  /** Kind of the step, after where it has one. */
  readonly stepKind?: string;
  /** Inside the step, such as `model` or `loop.maxIterations`; absent where the step as a whole came, went or moved. */
  readonly property?: string;
  /** As they are in the definitions, so possibly large: show `sentence`. */
  readonly before?: Json;
  readonly after?: Json;
  /** One line of plain text for a person, at most about 300 characters. Not escaped for any markup. */
  readonly sentence: string;
  /** Of a text compared by lines; absent also where the two are too different to compare. */
  readonly lines?: { readonly added: number; readonly removed: number };
  /** Set where the step was found again by less than its id, which the sentence or another one then says. */
  readonly matchedBy?: WeakPass;
  /** What of a schema it is about, where it is about one whole field: that it came, went, or is now required or not. */
  readonly subject?: 'inputField' | 'outputField';
  /** Of a step that came or went: which of these it has. */
  readonly brings?: readonly ('model' | 'tools' | 'mcpServers')[];
  /** Nothing but masked secrets differs: the values are masks. */
  readonly secret?: true;
}

/** How a step without the same id was found again: by name and type, by being the only one of its type, or by what it holds. */
export type WeakPass = 'name' | 'type' | 'content';

export interface ChangeCounts {
  /** All changes, also those beyond the bound on `changes`. */
  readonly total: number;
  readonly byClass: Readonly<Record<ChangeClass, number>>;
  readonly steps: {
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
    readonly moved: number;
  };
}

export interface WorkflowDiff {
  /** By importance, then in document order. The same two definitions always give the same list. */
  readonly changes: readonly Change[];
  /** False: nothing that runs differs ("No functional change"). Agrees with `logicHash`. */
  readonly functional: boolean;
  readonly counts: ChangeCounts;
  /** Changes beyond the bound on `changes`, counted but not listed. */
  readonly omitted: number;
  readonly risk: Risk;
  /** Set where there was nothing before: what the first version is, in sentences. */
  readonly firstVersion?: readonly string[];
}

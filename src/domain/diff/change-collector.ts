import { CHANGE_CLASSES, type Change, type ChangeClass, type ChangeCounts, isFunctional } from './change.ts';
import type { Draft } from './draft.ts';
import { isSecretChange } from './mask-words.ts';

/** Listed of each class at most; more are counted. */
const LISTED_PER_CLASS = 1_000;

export interface ChangeCollector {
  add(draft: Draft): void;
  /** No more changes of this class are listed: making one would be for nothing. */
  isFull(changeClass: ChangeClass): boolean;
  /** For a change that is not worth making, because its class is full. */
  countOnly(changeClass: ChangeClass, stepId?: string): void;
  /** Something of this step changed. */
  isTouched(stepId: string): boolean;
  finish(): { changes: Change[]; functional: boolean; counts: ChangeCounts; omitted: number };
}

/** Takes changes in document order and gives them back by importance, bounded. */
export function collectChanges(): ChangeCollector {
  const drafts = new Map<ChangeClass, Draft[]>(CHANGE_CLASSES.map((name) => [name, []]));
  const byClass = Object.fromEntries(CHANGE_CLASSES.map((name) => [name, 0])) as Record<ChangeClass, number>;
  const touched = {
    added: new Set<string>(),
    removed: new Set<string>(),
    changed: new Set<string>(),
    moved: new Set<string>(),
  };

  const isFull = (changeClass: ChangeClass): boolean => byClass[changeClass] >= LISTED_PER_CLASS;

  const countOnly = (changeClass: ChangeClass, stepId?: string): void => {
    byClass[changeClass]++;
    if (stepId !== undefined) touched.changed.add(stepId);
  };

  const add = (draft: Draft): void => {
    if (!isFull(draft.class)) drafts.get(draft.class)?.push(draft);
    byClass[draft.class]++;
    if (draft.stepId === undefined) return;
    const isWhole = draft.property === undefined && draft.kind !== 'renamed' && draft.kind !== 'changed';
    touched[isWhole ? (draft.kind as 'added' | 'removed' | 'moved') : 'changed'].add(draft.stepId);
  };

  const isTouched = (stepId: string): boolean => touched.changed.has(stepId) || touched.moved.has(stepId);

  const finish = () => {
    const changes = [...drafts.values()]
      .flat()
      .map(({ say, ...change }): Change => ({ ...change, ...(isSecretChange(change) && { secret: true }), ...say() }));
    const total = CHANGE_CLASSES.reduce((sum, name) => sum + byClass[name], 0);
    const steps = {
      added: touched.added.size,
      removed: touched.removed.size,
      changed: touched.changed.size,
      moved: touched.moved.size,
    };
    return {
      changes,
      functional: CHANGE_CLASSES.some((name) => isFunctional(name) && byClass[name] > 0),
      counts: { total, byClass, steps },
      omitted: total - changes.length,
    };
  };

  return { add, isFull, countOnly, isTouched, finish };
}

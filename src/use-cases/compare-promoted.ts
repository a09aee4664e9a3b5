import type { WorkflowDiff } from '../domain/diff/diff-definitions.ts';
import type { Definition } from '../domain/workflow/definition.ts';
import { compareContents } from './compare.ts';
import type { Ports, VersionPair } from './ports.ts';

/** Two versions and what lies between them, for whoever draws it. */
export interface Promoted {
  readonly before: Definition | null;
  readonly after: Definition;
  readonly diff: WorkflowDiff;
}

/** Reads and compares the two versions that a promotion's card is about. */
export function comparePromoted(
  { reading }: Pick<Ports, 'reading'>,
  workspaceId: string,
  { from, to }: VersionPair,
): Promise<Promoted> {
  return reading(workspaceId, (tx) => compareContents(tx, from, to));
}

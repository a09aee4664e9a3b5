import canonicalize from 'canonicalize';
import type { Pipeline } from '../../domain/environment.ts';
import type { Assignment, NewEnvironment, Transaction, WorkspaceSettings } from '../ports.ts';

/** One thing that a configuration changes, as the audit keeps it. */
export interface Difference {
  /** `settings`, or `environment:NAME`. */
  subject: string;
  environment?: string;
  before: unknown;
  after: unknown;
}

/** Environments that are new, other than before, or gone. */
export function environmentDifferences(now: Pipeline, wanted: readonly NewEnvironment[]): Difference[] {
  const before = new Map(now.map(({ id: _id, ...environment }) => [environment.name, environment]));
  const after = new Map(wanted.map((environment) => [environment.name, environment]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => !same(before.get(name), after.get(name)))
    .map((name) => ({
      subject: `environment:${name}`,
      environment: name,
      before: before.get(name) ?? null,
      after: after.get(name) ?? null,
    }));
}

/** Departments, the default role and people are one thing: together they say who may do what. Null where all is the same. */
export async function settingsDifference(
  tx: Transaction,
  wanted: WorkspaceSettings,
  people: ReadonlyMap<string, Assignment>,
): Promise<Difference | null> {
  const { departments, defaultRole } = await tx.workspace.getSettings();
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  if (!same({ departments, defaultRole }, { departments: wanted.departments, defaultRole: wanted.defaultRole })) {
    Object.assign(before, { departments, defaultRole });
    Object.assign(after, { departments: wanted.departments, defaultRole: wanted.defaultRole });
  }
  const named = await tx.people.listFileAssignments();
  const moved = [...new Set([...named.keys(), ...people.keys()])].filter((id) => !same(named.get(id), people.get(id)));
  if (moved.length > 0) {
    before['people'] = Object.fromEntries(moved.map((id) => [id, named.get(id) ?? null]));
    after['people'] = Object.fromEntries(moved.map((id) => [id, people.get(id) ?? null]));
  }
  return Object.keys(after).length === 0 ? null : { subject: 'settings', before, after };
}

/** The database may give keys in another order than they were written. */
function same(a: unknown, b: unknown): boolean {
  return canonicalize(a ?? null) === canonicalize(b ?? null);
}

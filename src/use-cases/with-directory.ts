import { LRUCache } from 'lru-cache';
import type { ApprovalRule } from '../domain/policy/approval-rule.ts';
import { userGroupsOf } from '../domain/policy/approval-rule.ts';
import type { Groups } from '../domain/requirements/approvals.ts';
import type { PeopleDirectory } from './ports/directory.ts';
import type { Ports, Reading } from './ports.ts';

/** What a transaction knows of user groups. */
export interface GroupsAside {
  /** Null: that could not be found out, so nobody is known to be in it. */
  readonly known: ReadonlyMap<string, ReadonlySet<string> | null>;
}

/** Ends a transaction that needs to know who is in a group. It is begun anew when that is known: until then it would hold its locks. */
class NeedsGroups extends Error {
  readonly groups: readonly string[];

  constructor(groups: readonly string[]) {
    super(`A transaction waits for who is in ${groups.join(', ')}.`);
    this.name = 'NeedsGroups';
    this.groups = groups;
  }
}

/** Membership is looked up at the click. So long a look-up is good for: one click asks for the same group again and again. */
const GOOD_FOR = 30_000;
/** More groups than any policies name together. */
const MOST_GROUPS = 1_000;
/** The first learns what it names, the second all that the pipeline's policies name: others go by policies that changed meanwhile. */
const MOST_BEGINNINGS = 5;

/**
 * The ports with a place where user groups are looked up, with nothing open: a transaction that turns out to need one is rolled back and
 * begun anew. Where no rule names a group, nothing is asked.
 */
export function withDirectory<P extends Ports>(ports: P, directory: PeopleDirectory): P {
  const cache = new LRUCache<string, ReadonlySet<string>>({ max: MOST_GROUPS, ttl: GOOD_FOR });
  const { inTransaction, reading, glance } = ports;
  return {
    ...ports,
    inTransaction: (workspaceId, work) =>
      beginningAnew(workspaceId, (groups) => inTransaction(workspaceId, (tx) => work(Object.assign(tx, { groups })))),
    reading: (workspaceId, work) =>
      beginningAnew(workspaceId, (groups) => reading(workspaceId, (tx) => work(Object.assign(tx, { groups })))),
  };

  async function beginningAnew<T>(workspaceId: string, run: (groups: GroupsAside) => Promise<T>): Promise<T> {
    const known = new Map<string, ReadonlySet<string> | null>();
    for (let beginning = 1; ; beginning++) {
      try {
        return await run({ known });
      } catch (error) {
        if (!(error instanceof NeedsGroups) || beginning === MOST_BEGINNINGS) throw error;
        // What names one group names it alone; what goes through many promotions needs those of every policy.
        const needed = beginning === 1 ? error.groups : [...error.groups, ...(await allGroups(workspaceId))];
        for (const group of needed) if (!known.has(group)) known.set(group, await lookUp(group));
      }
    }
  }

  /** Those that any policy of the pipeline names. */
  async function allGroups(workspaceId: string): Promise<string[]> {
    const pipeline = await glance(workspaceId, (tx) => tx.environments.pipeline());
    return userGroupsOf(
      pipeline.flatMap(({ policy: { approvals, stricter = [] } }) => [
        ...approvals,
        ...stricter.flatMap((entry) => entry.approvals ?? []),
      ]),
    );
  }

  /** What is not known keeps a promotion waiting, and no person from clicking anew: it is not remembered. */
  async function lookUp(group: string): Promise<ReadonlySet<string> | null> {
    const remembered = cache.get(group);
    if (remembered !== undefined) return remembered;
    try {
      const members = new Set(await directory.membersOf(group));
      cache.set(group, members);
      return members;
    } catch {
      return null;
    }
  }
}

/** Who is in the groups that these rules name; undefined where they name none. Of ports without a directory, nobody is known to be in any. */
export function groupsOf(tx: Pick<Reading, 'groups'>, rules: readonly ApprovalRule[]): Groups | undefined {
  const named = userGroupsOf(rules);
  if (named.length === 0) return undefined;
  const { known } = tx.groups ?? { known: new Map<string, ReadonlySet<string> | null>(named.map((id) => [id, null])) };
  const unknown = named.filter((id) => !known.has(id));
  if (unknown.length > 0) throw new NeedsGroups(unknown);
  return new Map(
    named.flatMap((id) => {
      const members = known.get(id);
      return members == null ? [] : [[id, members] as const];
    }),
  );
}

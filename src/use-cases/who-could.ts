import type { Actor } from '../domain/actor.ts';
import { assertIsAdmin } from '../domain/permissions.ts';
import type { Person } from '../domain/person.ts';
import { isEligible } from '../domain/requirements/approvals.ts';
import { reviewersOf } from './announce.ts';
import type { Chosen } from './decide.ts';
import { getActing } from './find-things.ts';
import { workflowFacts } from './gather-facts.ts';
import type { Reading } from './ports.ts';

/** Who could decide the promotion, for a refusal to name; not asked for where this person can. */
export async function whoCouldDecide(tx: Reading, person: Person, chosen: Chosen): Promise<string[]> {
  const { promotion, target } = chosen;
  const workflow = await workflowFacts(tx, chosen.workflow, target, promotion.versionId);
  if (isEligible(target.policy.approvals, person, promotion, workflow)) return [];
  return (await reviewersOf(tx, promotion, workflow, target, [])).userIds;
}

/** @throws Refusal not_permitted, naming the admins */
export async function assertActsAsAdmin(tx: Reading, actor: Actor, act: string): Promise<void> {
  const person = await getActing(tx, actor);
  const admins = person.role === 'admin' ? [] : await tx.people.listFrom('admin', 10);
  assertIsAdmin(
    person,
    act,
    admins.filter(({ standing }) => standing === 'member').map(({ userId }) => userId),
  );
}

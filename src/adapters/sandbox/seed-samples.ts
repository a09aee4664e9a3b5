import type { Actor } from '../../domain/actor.ts';
import { RefusedError } from '../../domain/refused-error.ts';
import type { UseCases } from '../../use-cases/use-cases.ts';
import { MEETING_NOTES, REFUND_AGENT } from './samples/refund-agent.ts';
import { SUMMARIZE_FLOW } from './samples/summarize-flow.ts';
import { SANDBOX_PEOPLE, SANDBOX_TEAM } from './sandbox-workspace.ts';

interface Sample {
  label: string;
  note: string;
  source: string;
}

/** Where deployments to development are told: it has no channel of its own. */
const CHANNEL = 'C0GENERAL';

/** Whether the sandbox's workspace has any: otherwise its database is new. */
export async function hasWorkflows(useCases: UseCases): Promise<boolean> {
  const { items } = await useCases.showStatus({ actor: as('U0DANA') });
  return items.length > 0;
}

/**
 * Loads three workflows in different states, by the same use cases that people's commands call: one live in production with
 * a history, one with an open promotion, one a draft. Does nothing where the workspace has a workflow already. A
 * `towpath.yaml` of one's own may name other environments and people: what it leaves no room for is left out.
 * @returns whether it loaded them
 */
export async function seedSamples(useCases: UseCases): Promise<boolean> {
  const dana = as('U0DANA');
  if (await hasWorkflows(useCases)) return false;
  await seedPeople(useCases);
  await whereThereIsRoom(() => seedSummarizeFlow(useCases));
  await whereThereIsRoom(() => seedRefundAgent(useCases));
  await whereThereIsRoom(() => push(useCases, dana, MEETING_NOTES));
  return true;
}

/** Does as much of it as is not refused. */
async function whereThereIsRoom(load: () => Promise<unknown>): Promise<void> {
  try {
    await load();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
  }
}

async function seedSummarizeFlow(useCases: UseCases): Promise<void> {
  const dana = as('U0DANA');
  for (const sample of SUMMARIZE_FLOW.slice(0, 3)) {
    await push(useCases, dana, sample);
    await useCases.deployVersion({ actor: dana, workflow: 'summarize-flow', originChannel: CHANNEL });
    await promote(useCases, 'summarize-flow', 'staging', sample.note);
    await promote(useCases, 'summarize-flow', 'production', sample.note);
  }
  await push(useCases, dana, SUMMARIZE_FLOW[3]);
  await useCases.deployVersion({ actor: dana, workflow: 'summarize-flow', originChannel: CHANNEL });
}

async function seedRefundAgent(useCases: UseCases): Promise<void> {
  const dana = as('U0DANA');
  const [first, second] = REFUND_AGENT;
  await push(useCases, dana, first);
  await useCases.deployVersion({ actor: dana, workflow: 'refund-agent', originChannel: CHANNEL });
  await promote(useCases, 'refund-agent', 'staging', first.note);
  await push(useCases, dana, second);
  await useCases.deployVersion({ actor: dana, workflow: 'refund-agent', originChannel: CHANNEL });
  await useCases.requestPromotion({
    actor: dana,
    workflow: 'refund-agent',
    environment: 'staging',
    reason: second.note,
  });
}

async function seedPeople(useCases: UseCases): Promise<void> {
  const profiles = SANDBOX_PEOPLE.map(({ id, realName, isAdmin }) => ({
    userId: id,
    name: realName,
    standing: 'member' as const,
    slackAdmin: isAdmin ?? false,
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  }));
  await useCases.recordProfiles({ workspaceId: SANDBOX_TEAM.id, profiles });
  const known = await useCases.listDepartments({ workspaceId: SANDBOX_TEAM.id });
  // Ada first: until an admin is named, Slack's own admins stand in, and she is the one.
  const adminsFirst = [...SANDBOX_PEOPLE].sort((a, b) => Number(b.role === 'admin') - Number(a.role === 'admin'));
  for (const { id, role, departments } of adminsFirst) {
    const there = departments.filter((department) => known.includes(department));
    await whereThereIsRoom(() => useCases.assignRole({ actor: as('U0ADA'), userId: id, role, departments: there }));
  }
}

function as(userId: string): Actor {
  return { workspaceId: SANDBOX_TEAM.id, userId, via: 'slack' };
}

async function push(useCases: UseCases, actor: Actor, { label, note, source }: Sample): Promise<void> {
  const departments = await useCases.listDepartments({ workspaceId: SANDBOX_TEAM.id });
  const department = departments.find((known) => known === 'support') ?? departments[0];
  const belongs = department === undefined ? {} : { department };
  await useCases.pushVersion({ actor, source, fileName: 'sample.yaml', label, note, ...belongs });
}

/** Asks as Dana, approves as Lee and, where it takes an admin too, as Ada. */
async function promote(useCases: UseCases, workflow: string, environment: string, reason: string): Promise<void> {
  const asked = await useCases.requestPromotion({ actor: as('U0DANA'), workflow, environment, reason });
  if (asked.kind !== 'opened') return;
  for (const reviewer of ['U0LEE', 'U0ADA']) {
    const { deployed } = await useCases.approvePromotion({
      actor: as(reviewer),
      choice: { promotionId: asked.promotion.id },
    });
    if (deployed) return;
  }
}

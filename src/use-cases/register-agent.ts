import { checkAgentName, MOST_AGENTS } from '../domain/agent.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';

/** Notes that an agent is there, which it says again now and then. Its environment is its token's: it gets work of no other. */
export function makeRegisterAgent({ inTransaction }: Ports): UseCases['registerAgent'] {
  return async ({ actor, environment, tokenId, name: typed, release }) => {
    const name = checkAgentName(typed);
    return inTransaction(actor.workspaceId, async (tx) => {
      const agent = await tx.agents.see({ environmentId: environment.id, name, release, tokenId }, MOST_AGENTS);
      if (agent === null) throw tooMany(environment.name);
      if (agent.registeredAt.getTime() === agent.lastSeenAt.getTime())
        await tx.audit.record(actor, {
          action: 'agent.registered',
          subject: `agent:${name}`,
          environmentId: environment.id,
          after: { name, release },
        });
      return { ...agent, environment };
    });
  };
}

function tooMany(environment: string): Refusal {
  return new Refusal(
    'too_many',
    `${environment} has ${MOST_AGENTS} agents already. One that registers again under its old name takes no new place; those not seen for 30 days are forgotten.`,
  );
}

import { setTimeout as wait } from 'node:timers/promises';
import { Refusal } from '../../domain/refusal.ts';
import type { RunLimits } from '../ports/runners.ts';
import type { AllPorts, Work } from '../ports.ts';
import { makeRegisterAgent } from '../register-agent.ts';
import { leastCost } from './cost-of-day.ts';
import type { ExecutionUseCases } from './execution-use-cases.ts';
import { refuseOdd } from './refuse-odd.ts';

/** Milliseconds between looks, of which all agents of an environment that wait in one process share each. */
const LOOK_MS = 300;

/** Gives agents the runs of their environment, one each. */
export function makeTakeWork(ports: AllPorts): ExecutionUseCases['takeWork'] {
  const register = makeRegisterAgent(ports);
  const hasWork = sharedLooks((workspaceId, environmentId) =>
    ports.glance(workspaceId, (tx) => tx.executions.hasWork(environmentId)),
  );
  return async ({ actor, environment, tokenId, agent, release = null, waitMs, signal }) => {
    const { workspaceId } = actor;
    await register({ actor, environment, tokenId, name: agent, release });
    const until = performance.now() + waitMs;
    for (;;) {
      if (signal.aborted) return null;
      if (await hasWork(workspaceId, environment.id)) {
        const work = await ports.inTransaction(workspaceId, (tx) =>
          tx.executions.takeWork(environment.id, { agent, tokenId }),
        );
        if (work !== null) return withinDay(work);
      }
      const left = until - performance.now();
      if (left <= 0) return null;
      await wait(Math.min(LOOK_MS, left), undefined, { signal }).catch(() => undefined);
    }
  };
}

/** An agent is told to spend no more than is left of the day as it takes a run. */
function withinDay({ left, ...work }: Work & { readonly left: number | null }): Work {
  if (left === null) return work;
  const message = JSON.parse(work.message) as { limits: Pick<RunLimits, 'cost'> };
  const limits = { ...message.limits, cost: leastCost(message.limits.cost, left) };
  return { ...work, message: JSON.stringify({ ...message, limits }) };
}

type Look = (workspaceId: string, environmentId: string) => Promise<boolean>;

/** However many wait, an environment is looked at once in a while. */
function sharedLooks(look: Look): Look {
  const looks = new Map<string, Promise<boolean>>();
  return (workspaceId, environmentId) => {
    const key = `${workspaceId}/${environmentId}`;
    const known = looks.get(key);
    if (known !== undefined) return known;
    const begun = look(workspaceId, environmentId);
    looks.set(key, begun);
    setTimeout(() => looks.delete(key), LOOK_MS / 2).unref();
    return begun;
  };
}

/** Takes what an agent answers, as long as somebody may still wait for it. */
export function makeAnswerWork({ inTransaction }: AllPorts): ExecutionUseCases['answerWork'] {
  return async ({ workspaceId, environment, id, result }) => {
    if ('answer' in result) refuseOdd('The output', result.answer.output);
    const taken = await inTransaction(workspaceId, (tx) => tx.executions.answer(id, environment.id, result));
    if (!taken)
      throw new Refusal(
        'unknown_work',
        `No agent of ${environment.name} has such a run: it was answered already, its time was up, or nobody waits for it any more.`,
      );
  };
}

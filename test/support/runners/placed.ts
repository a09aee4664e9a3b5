import { makePlacedRunner } from '../../../src/use-cases/execution/place-run.ts';
import type { RunAnswer, Runner, RunRequest } from '../../../src/use-cases/ports/runners.ts';
import type { Ports } from '../../../src/use-cases/ports.ts';
import { type RequestParts, runRequest } from './run-request.ts';

export interface HeldRunner extends Runner {
  /** Those that go on now, and the most that ever did at once. */
  readonly going: readonly { request: RunRequest; end: (answer: RunAnswer) => void }[];
  readonly most: number;
}

/** Begins runs, and ends each when it is told, or when whoever asked for it leaves. */
export function heldRunner(): HeldRunner {
  const going: { request: RunRequest; end: (answer: RunAnswer) => void }[] = [];
  let most = 0;
  return {
    going,
    get most() {
      return most;
    },
    async run(request) {
      const { promise, resolve, reject } = Promise.withResolvers<RunAnswer>();
      const one = { request, end: resolve };
      going.push(one);
      most = Math.max(most, going.length);
      request.signal.addEventListener('abort', () => reject(request.signal.reason), { once: true });
      return promise.finally(() => going.splice(going.indexOf(one), 1));
    },
  };
}

export const placed = (ports: Ports, runner: Runner): Runner => makePlacedRunner(ports, runner);

/** A request that has its turn in an environment. */
export function requestAt(
  { workspaceId, environmentId }: { workspaceId: string; environmentId: string },
  parts: Partial<RequestParts> = {},
): RunRequest {
  return {
    ...runRequest({ runner: { kind: 'http', url: 'https://runner.example.com' }, ...parts }),
    place: { workspaceId, environmentId, actor: { workspaceId, userId: 'U0DEV', via: 'api' } },
  };
}

import { RefusedError } from '../../domain/refused-error.ts';
import type { UseCases } from '../../use-cases/use-cases.ts';
import type { Metrics } from './metrics.ts';

type Act = (request: unknown) => Promise<unknown>;

/** The same use cases, each run counted and timed under its name. */
export function measureUseCases(useCases: UseCases, metrics: Metrics): UseCases {
  const measured = Object.entries(useCases).map(([name, useCase]) => [name, measure(name, useCase as Act, metrics)]);
  return Object.fromEntries(measured) as UseCases;
}

function measure(name: string, act: Act, metrics: Metrics): Act {
  return async (request) => {
    const start = performance.now();
    const done = (outcome: string) => metrics.actDone({ name, outcome, seconds: (performance.now() - start) / 1_000 });
    try {
      const result = await act(request);
      done('ok');
      return result;
    } catch (error) {
      done(error instanceof RefusedError ? error.code : 'bug');
      throw error;
    }
  };
}

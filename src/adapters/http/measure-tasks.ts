import { RetryAt } from '../../use-cases/retry-at.ts';
import type { Metrics } from './metrics.ts';

type Task = (payload: unknown) => Promise<void>;

/** The same tasks of the queue, each run counted and timed under its name. */
export function measureTasks<Name extends string>(tasks: Record<Name, Task>, metrics: Metrics): Record<Name, Task> {
  const measured = Object.entries<Task>(tasks).map(([name, task]) => [name, measure(name, task, metrics)]);
  return Object.fromEntries(measured) as Record<Name, Task>;
}

function measure(task: string, run: Task, metrics: Metrics): Task {
  return async (payload) => {
    const start = performance.now();
    const done = (outcome: 'ok' | 'later' | 'failed') =>
      metrics.jobDone({ task, outcome, seconds: (performance.now() - start) / 1_000 });
    try {
      await run(payload);
      done('ok');
    } catch (error) {
      done(error instanceof RetryAt ? 'later' : 'failed');
      throw error;
    }
  };
}

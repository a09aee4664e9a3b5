/**
 * Which tasks share workers. Each group has workers and connections of its own, so that what is slow in one (a webhook's
 * endpoint that never answers) never holds up another (what people wait for in Slack). `pollInterval`, in milliseconds, is how late a
 * job that was put back may start; one that is due when it is added is told of at once.
 */
export const TASK_GROUPS = {
  slack: { concurrency: 5, pollInterval: 1000, tasks: ['post-announcement', 'refresh-announcements'] },
  pictures: { concurrency: 2, pollInterval: 2000, tasks: ['draw-card-picture'] },
  webhooks: { concurrency: 25, pollInterval: 4000, tasks: ['deliver-webhook'] },
  gates: { concurrency: 10, pollInterval: 4000, tasks: ['ask-gate', 'check-parity'] },
  // As many environments as can have all the places that one may have: see `makeSuiteTasks`.
  suites: { concurrency: 32, pollInterval: 2000, tasks: ['run-suite', 'replay-shadow'] },
} as const satisfies Record<string, { concurrency: number; pollInterval: number; tasks: readonly string[] }>;

export type TaskGroup = keyof typeof TASK_GROUPS;
export type TaskName = (typeof TASK_GROUPS)[TaskGroup]['tasks'][number];

/** Does one job. Throw `RetryAt` to be called again then; anything else thrown is a failure, tried again ever later. */
export type Task = (payload: unknown) => Promise<void>;

/** The tasks of one group. */
export function tasksOf(group: TaskGroup, tasks: Readonly<Record<TaskName, Task>>): [TaskName, Task][] {
  return TASK_GROUPS[group].tasks.map((name) => [name, tasks[name]]);
}

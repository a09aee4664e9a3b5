import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/**
 * What `/metrics` shows. Labels take only values of short, fixed lists (routes, use cases, job names, codes): a workflow's or
 * a person's name never becomes one.
 */
export interface Metrics {
  /** The text that Prometheus reads, and its content type. */
  print(): Promise<{ contentType: string; text: string }>;
  /** One answered HTTP request. `route` is the pattern, such as `/api/v1/workflows/:name`. */
  requestAnswered(request: { method: string; route: string; status: number; seconds: number }): void;
  /** One answer that was at hand and sent at once. Counted alone: measuring it would take as long as it takes. */
  answeredAtOnce(status: 200 | 304): void;
  /** One run of a use case: `ok`, a refusal's code, or `bug`. */
  actDone(act: { name: string; outcome: string; seconds: number }): void;
  /** One run of a job of the queue; `later`: put back until a time that is known. */
  jobDone(job: { task: string; outcome: 'ok' | 'later' | 'failed'; seconds: number }): void;
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Metrics of one process, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Histogram({ name, help, labelNames, buckets: BUCKETS, registers: [registry] });
  const requests = histogram('towpath_http_request_seconds', 'HTTP requests by route and status', [
    'method',
    'route',
    'status',
  ]);
  // Finding a series by its labels costs more than counting in it; there are as many as routes have statuses.
  const known = new Map<string, { observe(seconds: number): void }>();
  const atOnce = { 200: 0, 304: 0 };
  new Counter({
    name: 'towpath_answers_at_once_total',
    help: 'What runs in an environment, answered from memory, by status',
    labelNames: ['status'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [status, count] of Object.entries(atOnce)) this.inc({ status }, count);
    },
  });
  const acts = histogram('towpath_act_seconds', 'Use cases by name', ['act']);
  const outcomes = new Counter({
    name: 'towpath_acts_total',
    help: 'Use cases by name and outcome',
    labelNames: ['act', 'outcome'],
    registers: [registry],
  });
  const jobs = histogram('towpath_job_seconds', 'Jobs of the queue by task and outcome', ['task', 'outcome']);
  return {
    print: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    requestAnswered({ method, route, status, seconds }) {
      const name = `${method} ${route} ${status}`;
      const answered = known.get(name) ?? requests.labels({ method, route, status: String(status) });
      known.set(name, answered);
      answered.observe(seconds);
    },
    answeredAtOnce(status) {
      atOnce[status] += 1;
    },
    actDone({ name, outcome, seconds }) {
      acts.observe({ act: name }, seconds);
      outcomes.inc({ act: name, outcome });
    },
    jobDone: ({ task, outcome, seconds }) => jobs.observe({ task, outcome }, seconds),
  };
}

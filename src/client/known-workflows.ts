import type { KeptAnswers } from './kept-answers.ts';
import { type Confirmation, KnownWorkflow } from './known-workflow.ts';
import { RecentMap } from './recent-map.ts';

const WORKFLOWS = 1_000;
/** Of all workflows together. A key beyond them is asked for again, which costs a 304. */
const KEYS = 100_000;

interface Newcomer {
  readonly workflow: KnownWorkflow;
  readonly recalled: Promise<void>;
  users: number;
}

/** The workflows asked for last, the newest thousand of those that had an answer. */
export class KnownWorkflows {
  readonly #known = new RecentMap<string, KnownWorkflow>(WORKFLOWS);
  /** Those being asked for the first time: a name that is none must push out nobody. */
  readonly #newcomers = new Map<string, Newcomer>();
  readonly #keyed = new RecentMap<string, Confirmation>(KEYS);
  readonly #kept: Promise<KeptAnswers | null>;

  constructor(kept: Promise<KeptAnswers | null>) {
    this.#kept = kept;
  }

  /** One that has had an answer. */
  find(name: string): KnownWorkflow | undefined {
    return this.#known.get(name);
  }

  /** Those that have had an answer, longest unused first. */
  all(): KnownWorkflow[] {
    return this.#known.values();
  }

  /** Those whose first answer is on its way. */
  newcomers(): KnownWorkflow[] {
    return [...this.#newcomers.values()].map(({ workflow }) => workflow);
  }

  /** Calls `work` with what is known of a workflow, from memory or disk. */
  async with<Result>(name: string, work: (workflow: KnownWorkflow) => Promise<Result>): Promise<Result> {
    const known = this.#known.get(name);
    if (known !== undefined) return work(known);
    const newcomer = this.#newcomers.get(name) ?? this.#welcome(name);
    newcomer.users += 1;
    try {
      await newcomer.recalled;
      return await work(newcomer.workflow);
    } finally {
      newcomer.users -= 1;
      if (newcomer.users === 0) this.#newcomers.delete(name);
    }
  }

  /** Keeps it among the known from its first answer on. */
  settle(workflow: KnownWorkflow): void {
    if (this.#known.peek(workflow.name) === undefined) this.#known.set(workflow.name, workflow);
  }

  #welcome(name: string): Newcomer {
    const workflow = new KnownWorkflow(name, this.#keyed);
    const newcomer = { workflow, recalled: this.#recall(workflow), users: 0 };
    this.#newcomers.set(name, newcomer);
    return newcomer;
  }

  async #recall(workflow: KnownWorkflow): Promise<void> {
    const answer = await (await this.#kept)?.read(workflow.name).catch(() => null);
    if (answer === undefined || answer === null) return;
    workflow.recall(answer);
    this.settle(workflow);
  }
}

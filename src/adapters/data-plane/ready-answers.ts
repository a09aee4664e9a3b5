import { hash } from 'node:crypto';
import type { Pipeline } from '../../domain/environment.ts';
import type { GivenAnswer, ReadyAnswer, ReadyAnswers, ResolvedChange } from '../../use-cases/ports.ts';
import type { ResolveWorkflow } from '../../use-cases/resolve-workflow.ts';
import type { ResolvedView } from '../../use-cases/resolved-view.ts';
import { AnswerCache, type GivenAnswers } from './answer-cache.ts';
import { answerFor, type BuiltAnswers } from './built-answers.ts';
import type { ChangeFeed } from './change-feed.ts';
import { makeEnvironmentDirectory, type Named } from './environment-directory.ts';
import { inTurns } from './in-turns.ts';

export interface ReadyAnswersOptions {
  workspaceId: string;
  resolve: ResolveWorkflow;
  pipeline: () => Promise<Pipeline>;
  feed: Pick<ChangeFeed, 'tell' | 'isCurrent'>;
  /** Of all answers that are remembered; 64 MB unless told. */
  maxBytes?: number;
  /** Milliseconds between looks at which environments there are; 2,000 unless told. */
  lookEvery?: number;
}

const MAX_BYTES = 64 * 1024 * 1024;
const LOOK_EVERY = 2_000;
/** Of the connections that all of a process has. */
const TURNS = { atOnce: 4, waiting: 2_000 };

/** What workflows ask for while they run, made when it is first asked for and whenever it has changed. */
export function makeReadyAnswers(options: ReadyAnswersOptions): ReadyAnswers & {
  environment: (environment: Parameters<ReadyAnswers['get']>[0]) => Named | Promise<Named>;
  /** Bytes that are remembered. */
  size(): number;
  stop(): void;
} {
  const { workspaceId, resolve, pipeline, feed, maxBytes = MAX_BYTES, lookEvery = LOOK_EVERY } = options;
  const cache = new AnswerCache({ maxBytes, isCurrent: feed.isCurrent });
  const directory = makeEnvironmentDirectory({ read: pipeline, renamed: (id) => cache.changed(id, null) });
  const inTurn = inTurns(TURNS);
  feed.tell({
    changed(change: ResolvedChange) {
      if (change.workspaceId === workspaceId) cache.changed(change.environmentId, change.workflowId);
    },
    doubtAll: () => cache.doubtAll(),
    lostTrack: () => cache.doubtAll(),
  });
  const looks = setInterval(() => void directory.refresh(), lookEvery).unref();

  const keyOf = ({ id }: Named, workflow: string) => `${workspaceId}/${id}/${workflow}`;
  const answers = (environment: Named, workflow: string) => {
    return cache.get(keyOf(environment, workflow), environment.id, () =>
      inTurn(async () => build(environment, workflow)),
    );
  };
  const build = async (environment: Named, workflow: string): Promise<BuiltAnswers> => {
    const { workflowId, active, candidate } = await resolve({ workspaceId, environment, workflow });
    return {
      workflowId,
      active: written(active),
      candidate: candidate && {
        answer: written(candidate.view),
        deploymentId: candidate.view.deployment.id,
        share: candidate.share,
      },
    };
  };
  return {
    get(environment, workflow, key) {
      const found = directory.find(environment);
      const slug = workflow.toLowerCase();
      const all = found instanceof Promise ? found.then((named) => answers(named, slug)) : answers(found, slug);
      return all instanceof Promise ? all.then((given) => chosen(given, key)) : chosen(all, key);
    },
    ready(environment, workflow, key) {
      const found = directory.known(environment);
      const all = found === null ? null : cache.peek(keyOf(found, workflow.toLowerCase()));
      return all === null ? null : answerFor(all, key);
    },
    environment: directory.find,
    size: () => cache.size,
    stop: () => clearInterval(looks),
  };
}

function written(view: ResolvedView): ReadyAnswer {
  const bytes = Buffer.from(JSON.stringify(view));
  return { body: bytes.toString('latin1'), etag: `"${hash('sha256', bytes, 'base64url')}"` };
}

function chosen({ built, isStale }: GivenAnswers, key: string | null): GivenAnswer {
  return { answer: answerFor(built, key), isStale };
}

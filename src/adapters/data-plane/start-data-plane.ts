import type { BaseLogger } from 'pino';
import type { ChangeStream, Ports, ReadyAnswers, ResolvedChanges } from '../../use-cases/ports.ts';
import type { ResolveWorkflow } from '../../use-cases/resolve-workflow.ts';
import { type HeardNotices, startChangeFeed } from './change-feed.ts';
import { makeChangeStream } from './change-stream.ts';
import { makeReadyAnswers } from './ready-answers.ts';

export interface DataPlaneOptions {
  workspaceId: string;
  ports: Pick<Ports, 'glance'>;
  notices: HeardNotices;
  changes: ResolvedChanges;
  resolve: ResolveWorkflow;
  log: Pick<BaseLogger, 'warn' | 'debug'>;
  /** Of all answers that are remembered; 64 MB unless told. */
  maxBytes?: number;
}

/** What told tokens of a change of one. */
const TOKENS = 'towpath_tokens';

/** All that running workflows ask for: what to run, and when that changes. */
export function startDataPlane({ workspaceId, ports, notices, changes, resolve, log, maxBytes }: DataPlaneOptions): {
  answers: ReadyAnswers;
  /** `size`: how many are open. */
  stream: ChangeStream & { size(): number };
  stop(): Promise<void>;
} {
  const feed = startChangeFeed({ notices, changes, log });
  const pipeline = () => ports.glance(workspaceId, (tx) => tx.environments.pipeline());
  const answers = makeReadyAnswers({
    ...{ workspaceId, resolve, pipeline, feed },
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  const stream = makeChangeStream({ ...{ workspaceId, changes, feed, log }, environment: answers.environment });
  notices.on(TOKENS, stream.recheck, stream.recheck);
  return {
    answers,
    stream,
    async stop() {
      stream.close();
      answers.stop();
      await feed.stop();
    },
  };
}

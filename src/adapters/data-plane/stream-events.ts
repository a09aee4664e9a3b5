import type { ChangedTo } from '../../use-cases/ports.ts';

/** Milliseconds after which a client that was cut off tries again. */
const RETRY = 1_000;

/** How a stream begins: whoever breaks off before anything came knows from where on to resume. */
export function opening(seq: number): Buffer {
  return Buffer.from(`retry: ${RETRY}\nid: ${seq}\n\n`);
}

/** What a workflow resolves to has changed; with `workflow` null, what every one of the environment does. */
export function resolvedChanged(seq: number, to: ChangedTo): Buffer {
  const { workflow, environment, version, deployment, candidate, settingsRevision } = to;
  const data = JSON.stringify({ workflow, environment, version, deployment, candidate, settingsRevision });
  return Buffer.from(`id: ${seq}\nevent: resolved-changed\ndata: ${data}\n\n`);
}

/** Anything may have changed: what was missed can't be told any more. */
export function reset(seq: number): Buffer {
  return Buffer.from(`id: ${seq}\nevent: reset\ndata: {}\n\n`);
}

export type EndReason = 'too_slow' | 'not_permitted' | 'shutting_down';

/** The last thing that is said, so that nobody takes an end for a broken connection. */
export function ending(reason: EndReason): Buffer {
  return Buffer.from(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
}

/** A comment, which nobody is told of, so that silence means a broken connection. */
export const HEARTBEAT = Buffer.from(': still here\n\n');

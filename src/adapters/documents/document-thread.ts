import { createHmac } from 'node:crypto';
import { workerData } from 'node:worker_threads';
import { type DefinitionProblem, InvalidDefinitionError } from '../../domain/workflow/invalid-definition-error.ts';
import { documentWork } from '../../use-cases/document-work.ts';
import type { ComparedDocuments, Documents } from '../../use-cases/ports/documents.ts';

/** What the thread is asked to do, and with what. */
export type DocumentTask = {
  [Name in keyof Documents]: { name: Name; arguments: Parameters<Documents[Name]> };
}[keyof Documents];

/** An error has no class left once it has crossed from one thread to another. */
export type DocumentAnswer = { result: unknown } | { problems: readonly DefinitionProblem[] } | { bug: string };

// The pool puts its own data around ours.
const key = keyIn(workerData);
const work = documentWork((secret) => createHmac('sha256', key).update(secret).digest('hex'));

/** Runs in a thread of its own. */
export default async function run(task: DocumentTask): Promise<DocumentAnswer> {
  try {
    return { result: await resultOf(task) };
  } catch (error) {
    if (error instanceof InvalidDefinitionError) return { problems: error.problems };
    return { bug: withoutMessage(error) };
  }
}

async function resultOf(task: DocumentTask): Promise<unknown> {
  switch (task.name) {
    case 'take':
      return work.take(...task.arguments);
    case 'takeSuite':
      return work.takeSuite(...task.arguments);
    case 'suiteJson':
      return work.suiteJson(...task.arguments);
    case 'mask':
      return work.mask(...task.arguments);
    case 'figures':
      return work.figures(...task.arguments);
    case 'document':
      return work.document(...task.arguments);
    case 'resolve':
      return work.resolve(...task.arguments);
    case 'fill':
      return work.fill(...task.arguments);
    case 'compare':
      return withoutSources(await work.compare(...task.arguments));
    case 'show':
      return withoutSources(await work.show(...task.arguments));
    case 'summarize':
      return work.summarize(...task.arguments);
    case 'fit':
      return work.fit(...task.arguments);
    case 'parity':
      return work.parity(...task.arguments);
    case 'inEffect':
      return work.inEffect(...task.arguments);
  }
}

/** Copying them back would take longer than to compare them. */
function withoutSources<T extends ComparedDocuments>(compared: T): T {
  const { before, after } = compared;
  return {
    ...compared,
    before: before === null ? null : { ...before, document: {} },
    after: { ...after, document: {} },
  };
}

/** Whatever else a message holds, it may hold part of a document, and with it a secret. */
function withoutMessage(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [error.name, ...frames.slice(0, 20)].join('\n');
}

function keyIn(data: unknown): Uint8Array {
  const found = Array.isArray(data) ? data.find((part) => part?.maskKey instanceof Uint8Array) : data;
  if (found?.maskKey instanceof Uint8Array) return found.maskKey;
  throw new Error('The thread was given no key.');
}

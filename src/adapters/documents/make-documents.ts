import { createHmac } from 'node:crypto';
import { InvalidDefinitionError } from '../../domain/workflow/invalid-definition-error.ts';
import { documentWork } from '../../use-cases/document-work.ts';
import { type Documents, LARGE_DOCUMENT, LARGE_REPORT } from '../../use-cases/ports/documents.ts';
import type { DocumentTask } from './document-thread.ts';
import { makeWatchedThread } from './watched-thread.ts';

export interface DocumentOptions {
  /** What secrets are hashed with for their masks: the same for every process on one database. */
  maskKey: Uint8Array;
  /** MB that reading or comparing may take. */
  memory?: number;
}

const MEMORY = 1_024;

/** Reads large documents in one thread beside, small ones here. `stop` ends what runs. */
export function makeDocuments({ maskKey, memory = MEMORY }: DocumentOptions): Documents & { stop(): Promise<void> } {
  const here = documentWork((secret) => createHmac('sha256', maskKey).update(secret).digest('hex'));
  const thread = makeWatchedThread({ maskKey, memory });
  const there = async (task: DocumentTask, fileName?: string): Promise<unknown> => {
    const answer = await thread.run(task);
    if ('result' in answer) return answer.result;
    if ('problems' in answer) throw new InvalidDefinitionError(answer.problems, fileName);
    throw new Error(`Reading a document failed: ${answer.bug}`);
  };
  return {
    take: async (pushed) =>
      isLarge(pushed)
        ? ((await there({ name: 'take', arguments: [pushed] }, pushed.fileName)) as Answer<'take'>)
        : here.take(pushed),
    takeSuite: async (pushed) =>
      pushed.source.length > LARGE_REPORT
        ? ((await there({ name: 'takeSuite', arguments: [pushed] }, pushed.fileName)) as Answer<'takeSuite'>)
        : here.takeSuite(pushed),
    suiteJson: async (kept) =>
      kept.source.length > LARGE_REPORT
        ? ((await there({ name: 'suiteJson', arguments: [kept] }, kept.fileName)) as Answer<'suiteJson'>)
        : here.suiteJson(kept),
    mask: async (texts) =>
      isLarge(...texts.map((source) => ({ source })))
        ? ((await there({ name: 'mask', arguments: [texts] })) as Answer<'mask'>)
        : here.mask(texts),
    figures: async (report) =>
      report.source.length > LARGE_REPORT
        ? ((await there({ name: 'figures', arguments: [report] })) as Answer<'figures'>)
        : here.figures(report),
    document: async (stored) =>
      isLarge(stored)
        ? ((await there({ name: 'document', arguments: [stored] })) as Answer<'document'>)
        : here.document(stored),
    resolve: async (stored, effective) =>
      isLarge(stored)
        ? ((await there({ name: 'resolve', arguments: [stored, effective] })) as Answer<'resolve'>)
        : here.resolve(stored, effective),
    fill: async (stored, effective) =>
      isLarge(stored)
        ? ((await there({ name: 'fill', arguments: [stored, effective] })) as Answer<'fill'>)
        : here.fill(stored, effective),
    compare: async (before, after) =>
      isLarge(before, after)
        ? ((await there({ name: 'compare', arguments: [before, after] })) as Answer<'compare'>)
        : here.compare(before, after),
    show: async (before, after) =>
      isLarge(before, after)
        ? ((await there({ name: 'show', arguments: [before, after] })) as Answer<'show'>)
        : here.show(before, after),
    summarize: async (before, after) =>
      isLarge(before, after)
        ? ((await there({ name: 'summarize', arguments: [before, after] })) as Answer<'summarize'>)
        : here.summarize(before, after),
    fit: async (stored, effective) =>
      isLarge(stored)
        ? ((await there({ name: 'fit', arguments: [stored, effective] })) as Answer<'fit'>)
        : here.fit(stored, effective),
    parity: async (stored, effective) =>
      isLarge(stored)
        ? ((await there({ name: 'parity', arguments: [stored, effective] })) as Answer<'parity'>)
        : here.parity(stored, effective),
    inEffect: async (before, after, effective) =>
      isLarge(before, after)
        ? ((await there({ name: 'inEffect', arguments: [before, after, effective] })) as Answer<'inEffect'>)
        : here.inEffect(before, after, effective),
    stop: () => thread.stop(),
  };
}

type Answer<Name extends keyof Documents> = Awaited<ReturnType<Documents[Name]>>;

function isLarge(...texts: ({ source: string } | null)[]): boolean {
  return texts.reduce((sum, text) => sum + (text?.source.length ?? 0), 0) > LARGE_DOCUMENT;
}

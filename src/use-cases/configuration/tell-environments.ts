import { environmentSentences } from '../../domain/configuration/environment-sentences.ts';
import type { Environment, Pipeline } from '../../domain/environment.ts';
import type { Transaction } from '../ports.ts';

/**
 * Tells each environment's channel what the file makes other there, its settings left out (`saveLayers`): nobody approves that, so
 * those who work there have to hear of it. Of a workspace's first pipeline nothing is told.
 *
 * @param before the pipeline as it was
 */
export async function tellEnvironments(tx: Transaction, before: Pipeline): Promise<void> {
  if (before.length === 0) return;
  const pipeline = await tx.environments.pipeline();
  for (const now of pipeline) {
    const was = before.find(({ id }) => id === now.id);
    const sentences = was === undefined ? [`${now.name} is new in the pipeline.`] : environmentSentences(was, now);
    await tell(tx, now, sentences);
  }
  for (const gone of before.filter(({ id }) => !pipeline.some((now) => now.id === id)))
    await tell(tx, gone, [`${gone.name} is not part of the pipeline any more.`]);
}

async function tell(tx: Transaction, { id, name, channel }: Environment, sentences: readonly string[]): Promise<void> {
  if (channel === null || sentences.length === 0) return;
  const text = `The configuration file changed *${name}*:\n${sentences.map((line) => `• ${line}`).join('\n')}`;
  await tx.announcements.post({ kind: 'notice', subjectId: id, target: channel, payload: { text } });
}

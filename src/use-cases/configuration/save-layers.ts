import type { Actor } from '../../domain/actor.ts';
import type { Environment } from '../../domain/environment.ts';
import type { Transaction } from '../ports.ts';
import { endOvertaken } from '../settings/end-proposal.ts';
import { settingsSentences } from '../settings/settings-words.ts';
import type { LayerChange } from './settings-differences.ts';

/** Sentences of one notice: it is one message, and the audit holds everything. */
const MOST_TOLD = 20;

/** Writes what the file changes of settings, audits each layer, and tells each environment's channel. Returns the subjects. */
export async function saveLayers(tx: Transaction, actor: Actor, changes: readonly LayerChange[]): Promise<string[]> {
  const subjects: string[] = [];
  for (const { environment, workflow, before, after, managed } of changes) {
    const { userId: changedBy, via } = actor;
    const layer = { environmentId: environment.id, workflowId: workflow?.id ?? null };
    await tx.settings.save({ ...layer, settings: after, changedBy, via, reason: null, managed });
    await endOvertaken(tx, actor, environment, workflow);
    const subject = `settings:${environment.name}${workflow === null ? '' : `/${workflow.slug}`}`;
    await tx.audit.record(actor, {
      action: 'settings.changed',
      subject,
      environmentId: environment.id,
      ...(workflow === null ? {} : { workflowId: workflow.id }),
      before: before?.settings ?? null,
      after,
    });
    subjects.push(subject);
  }
  for (const environment of new Set(changes.map((change) => change.environment)))
    await tell(
      tx,
      environment,
      changes.filter((change) => change.environment === environment),
    );
  return subjects;
}

async function tell(tx: Transaction, environment: Environment, changes: readonly LayerChange[]): Promise<void> {
  if (environment.channel === null) return;
  const sentences = changes.flatMap(({ workflow, before, after }) =>
    settingsSentences(before?.settings ?? {}, after, MOST_TOLD).map((sentence) =>
      workflow === null ? sentence : `${workflow.slug}: ${sentence}`,
    ),
  );
  // What the file takes over as it is changes nothing that anybody reads.
  if (sentences.length === 0) return;
  const left = sentences.length - MOST_TOLD;
  const lines = [...sentences.slice(0, MOST_TOLD), ...(left > 0 ? [`and ${left} more`] : [])];
  const text = `The configuration file changed the settings of *${environment.name}*:\n${lines.map((line) => `• ${line}`).join('\n')}`;
  await tx.announcements.post({
    kind: 'notice',
    subjectId: environment.id,
    target: environment.channel,
    payload: { text },
  });
}

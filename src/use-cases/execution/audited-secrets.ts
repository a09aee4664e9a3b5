import { lookUp } from '../../domain/look-up.ts';
import type { SecretSource } from '../../domain/settings/settings.ts';
import type { RunPlace, RunRequest, RunSecrets } from '../ports/runners.ts';
import type { Ports } from '../ports.ts';

/**
 * A run's secrets, each in the audit trail by its name before it is read, as every reading of one is: once a run, since a chain reads
 * the key of its model at every step.
 */
export function auditedSecrets(
  { inTransaction }: Pick<Ports, 'inTransaction'>,
  { secrets, settings }: Pick<RunRequest, 'secrets' | 'settings'>,
  { actor, environmentId, workflowId }: RunPlace,
  runId: string,
): RunSecrets {
  const noted = new Map<string, Promise<void>>();
  const note = (name: string, source: SecretSource): Promise<void> =>
    inTransaction(actor.workspaceId, (tx) =>
      tx.audit.record(actor, {
        ...{ action: 'secret.read', subject: `secret:${name}`, environmentId, after: { source, runId } },
        ...(workflowId !== undefined && { workflowId }),
      }),
    );
  return {
    isGivenByLeads: (name) => secrets.isGivenByLeads(name),
    async read(name) {
      const source = lookUp(settings.secrets ?? {}, name);
      // What the settings don't have is refused below, and nothing of it is read.
      if (source !== undefined) {
        const noting = noted.get(name) ?? note(name, source);
        noted.set(name, noting);
        await noting;
      }
      return secrets.read(name);
    },
  };
}

import { getEnvironment } from '../domain/environment.ts';
import { lookUp } from '../domain/look-up.ts';
import { Refusal } from '../domain/refusal.ts';
import { effectiveSettings } from '../domain/settings/merge-settings.ts';
import type { SecretSource } from '../domain/settings/settings.ts';
import { getWorkflow, quoted } from './find-things.ts';
import type { Secrets } from './ports/secrets.ts';
import type { Ports, Transaction } from './ports.ts';
import type { ReadSecretRequest, UseCases } from './use-cases.ts';

/**
 * The value of a secret that a workflow has in an environment, read where it is kept. That it was asked for is in the audit trail
 * before it is read, so that no way of failing keeps it out.
 */
export function makeReadSecret({ inTransaction }: Ports, secrets: Secrets): UseCases['readSecret'] {
  return async (asked) => {
    const source = await inTransaction(asked.actor.workspaceId, (tx) => auditedSource(tx, asked));
    return { name: asked.name, value: await secrets.read(source) };
  };
}

async function auditedSource(
  tx: Transaction,
  { actor, workflow: slug, environment: word, name }: ReadSecretRequest,
): Promise<SecretSource> {
  const environment = getEnvironment(await tx.environments.pipeline(), word);
  const workflow = await getWorkflow(tx, slug);
  const layers = await tx.settings.current(environment.id, workflow.id);
  const { secrets = {} } = effectiveSettings(layers.environment?.settings ?? {}, layers.workflow?.settings ?? {});
  const source = lookUp(secrets, name);
  if (source === undefined)
    throw new Refusal('unknown_secret', `${workflow.slug} has no secret ${quoted(name)} in ${environment.name}.`);
  await tx.audit.record(actor, {
    action: 'secret.read',
    subject: `secret:${name}`,
    workflowId: workflow.id,
    environmentId: environment.id,
    after: { source },
  });
  return source;
}

import { Refusal } from '../domain/refusal.ts';
import { versionName } from '../domain/version.ts';
import { checkReason } from './decide.ts';
import { getVersion, getWorkflowLocked, tagVersion, tagWorkflow } from './find-things.ts';
import type { Ports } from './ports.ts';
import { refreshCanariesOf } from './rollout/refresh-canaries.ts';
import type { UseCases } from './use-cases.ts';
import { assertActsAsAdmin } from './who-could.ts';

/** Rule 9: an admin lets a rolled-back version be promoted again, and says why. */
export function makeLiftQuarantine({ inTransaction }: Ports): UseCases['liftQuarantine'] {
  return ({ actor, workflow: slug, version: word, reason: words }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const workflow = await getWorkflowLocked(tx, slug);
      await assertActsAsAdmin(tx, actor, 'lift a quarantine');
      const version = await getVersion(tx, workflow, word);
      const reason = checkReason(words, `/towpath unquarantine ${workflow.slug} v${version.number}`);
      const before = (await tx.versions.quarantined([workflow.id])).get(version.id);
      if (before === undefined) {
        throw new Refusal(
          'not_quarantined',
          `${versionName(version)} of ${workflow.slug} is not quarantined, so it can be promoted as it is.`,
        );
      }
      await tx.versions.liftQuarantine(version.id, actor.userId, reason);
      await tx.audit.record(actor, {
        action: 'quarantine.lifted',
        subject: `version:${workflow.slug}@${version.number}`,
        workflowId: workflow.id,
        before,
        after: { reason },
      });
      await refreshCanariesOf(tx, workflow.id, version.id);
      return { workflow: tagWorkflow(workflow), version: tagVersion(version) };
    });
}

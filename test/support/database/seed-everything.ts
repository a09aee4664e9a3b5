import type { Ports } from '../../../src/use-cases/ports.ts';
import { activate, anActor, createVersion, createWorkflow, requestPromotion, seedWorkspace } from './seed.ts';

/** Of the configuration file that is applied there. */
export const FILE_HASH = 'f'.repeat(64);
const PAGE = { limit: 100 };

/** Something of everything. */
export async function seedEverything(ports: Ports) {
  const { workspaceId, development, staging, production } = await seedWorkspace(ports);
  return ports.inTransaction(workspaceId, async (tx) => {
    const workflow = await createWorkflow(tx, `flow-of-${workspaceId.toLowerCase()}`);
    const given = { changedBy: 'U', via: 'file', reason: null } as const;
    await tx.settings.save({ environmentId: staging.id, workflowId: null, settings: { model: 'theirs' }, ...given });
    await tx.settings.save({ environmentId: staging.id, workflowId: workflow.id, settings: {}, ...given });
    const content = { runs: { keep: 1, keepPayloads: 1 }, workflows: {}, operators: {} };
    await tx.configurationFile.append({ number: 1, hash: FILE_HASH, content, forced: false });
    const proposed = {
      environmentId: staging.id,
      workflowId: workflow.id,
      settings: {},
      baseNumber: 2,
      restores: null,
    };
    const wish = { requestedBy: 'U', reason: null, originChannel: null, expiresAt: new Date(0) };
    const proposal = await tx.proposals.create({ ...proposed, ...wish });
    const versions = [
      await createVersion(tx, workflow.id, { label: 'mark' }),
      await createVersion(tx, workflow.id),
    ] as const;
    await tx.people.assign('U0THEM', { role: 'admin', departments: ['theirs'] });
    await tx.people.replaceFileAssignments(new Map([['U0FILE', { role: 'lead', departments: [] }]]));
    await tx.workspace.saveSettings({ defaultRole: 'lead', departments: ['theirs'] });
    const restored = await activate(tx, versions[0], development);
    const removed = await activate(tx, versions[1], development);
    const rollback = await tx.deployments.rollBack({ removed, restored, by: 'U', reason: null, originChannel: null });
    const promotion = await requestPromotion(tx, versions[0], development, staging, { expiresAt: new Date(0) });
    const become = await requestPromotion(tx, versions[0], staging, production, { expiresAt: new Date(0) });
    await activate(tx, versions[0], production, become.id);
    await tx.promotions.save({ ...become, status: 'deployed', closedAt: tx.now });
    const candidate = await tx.deployments.startCandidate({
      ...{ workflowId: workflow.id, environmentId: production.id, versionId: versions[1].id, promotionId: null },
      ...{ deployedBy: 'U', reason: null, changes: [], share: 1_000 },
    });
    const announcementId = await tx.announcements.post({
      kind: 'promotion-card',
      subjectId: promotion.id,
      target: 'C1',
    });
    await tx.announcements.mark(announcementId, { state: 'posted', channel: 'C1', ts: '1.1', shown: null });
    const webhooks = [{ url: 'https://example.com', secretVariable: 'S', events: [], allowPrivate: false }];
    await tx.webhooks.publish({ environment: { ...staging, webhooks }, workflow }, 'promotion.requested', {});
    const [delivery] = (await tx.webhooks.list({}, PAGE)).items;
    const deliveryId = delivery?.id ?? '';
    await tx.webhooks.recordAttempt(deliveryId, { status: 500, error: null, durationMs: 1 }, { status: 'given_up' });
    await tx.audit.record(anActor(workspaceId), {
      action: 'a',
      subject: 's',
      workflowId: workflow.id,
      environmentId: staging.id,
    });
    return {
      workspaceId,
      development,
      staging,
      production,
      workflow,
      versions,
      restored,
      removed,
      rollback,
      promotion,
      become,
      candidate,
      proposal,
      announcementId,
      deliveryId,
    };
  });
}

import type { AuditEvent } from '../../../src/use-cases/ports.ts';
import { type Canal, FLOW } from './open-canal.ts';

/** The audit of the workspace, oldest first. */
export async function audit(canal: Canal): Promise<AuditEvent[]> {
  return (await canal.useCases.listAudit({ workspaceId: canal.workspaceId, limit: 100 })).items.reverse();
}

/** The history of the workflow in an environment, newest first: `v2 active`, `v1 superseded`. */
export async function statuses(canal: Canal, environment: string): Promise<string[]> {
  const { items } = await canal.useCases.showHistory({
    actor: canal.as('U0DEV'),
    workflow: FLOW,
    environment,
    page: { limit: 20 },
  });
  return items.map(({ version, status }) => `v${version.number} ${status}`);
}

/** The numbers of the versions that its status calls quarantined. Undefined when there is no such workflow. */
export async function quarantined(canal: Canal): Promise<number[] | undefined> {
  const { items } = await canal.useCases.showStatus({ actor: canal.as('U0DEV'), workflow: FLOW });
  return items[0]?.quarantined.map(({ number }) => number);
}

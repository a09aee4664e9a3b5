import { getEnvironment } from '../domain/environment.ts';
import { Refusal } from '../domain/refusal.ts';
import { getWorkflow } from './find-things.ts';
import type { Ports } from './ports.ts';
import type { UseCases } from './use-cases.ts';
import { assertActsAsAdmin } from './who-could.ts';

/** Audit events, newest first. */
export function makeListAudit({ reading }: Ports): UseCases['listAudit'] {
  return ({ workspaceId, workflow, environment, action, before, limit }) =>
    reading(workspaceId, async (tx) =>
      tx.audit.list({
        limit,
        ...(workflow === undefined ? {} : { workflowId: (await getWorkflow(tx, workflow)).id }),
        ...(environment === undefined
          ? {}
          : { environmentId: getEnvironment(await tx.environments.pipeline(), environment).id }),
        ...(action === undefined ? {} : { action }),
        ...(before === undefined ? {} : { before }),
      }),
    );
}

/** Who has which role. Anybody may ask: a refusal names the role it takes. */
export function makeListRoles({ reading }: Ports): UseCases['listRoles'] {
  return ({ actor }) =>
    reading(actor.workspaceId, async (tx) => {
      const { defaultRole, departments } = await tx.workspace.getSettings();
      const assigned = await tx.people.listAssigned();
      const admins = await tx.people.listFrom('admin', 50);
      const named = new Set(assigned.map((person) => person.userId));
      const standIns = admins.filter((person) => !named.has(person.userId));
      return { people: [...assigned, ...standIns], defaultRole, departments, slackAdminsStandIn: standIns.length > 0 };
    });
}

/** Departments that a push may name. */
export function makeListDepartments({ reading }: Ports): UseCases['listDepartments'] {
  return ({ workspaceId }) => reading(workspaceId, async (tx) => (await tx.workspace.getSettings()).departments);
}

/** Webhook deliveries, newest first. Admins only: addresses may say much. */
export function makeListWebhookDeliveries({ reading }: Ports): UseCases['listWebhookDeliveries'] {
  return ({ actor, status, page }) =>
    reading(actor.workspaceId, async (tx) => {
      await assertActsAsAdmin(tx, actor, 'see webhook deliveries');
      return tx.webhooks.list(status === undefined ? {} : { status }, page);
    });
}

/** Sends a given-up delivery again, under its old id. */
export function makeRedeliverWebhook({ inTransaction }: Ports): UseCases['redeliverWebhook'] {
  return ({ actor, deliveryId }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      await assertActsAsAdmin(tx, actor, 'redeliver a webhook');
      const before = await tx.webhooks.find(deliveryId);
      if (before === null)
        throw new Refusal('invalid_input', 'That webhook delivery is not known here. `/towpath webhooks` lists them.');
      if (before.status !== 'given_up') return before;
      await tx.webhooks.restart(deliveryId);
      const after = (await tx.webhooks.find(deliveryId)) ?? before;
      await tx.audit.record(actor, {
        action: 'webhook.redelivered',
        subject: `webhook:${deliveryId}`,
        environmentId: before.environmentId,
        before: { status: before.status },
        after: { status: after.status },
      });
      return after;
    });
}

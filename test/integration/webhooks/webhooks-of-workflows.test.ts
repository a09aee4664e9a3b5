import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDeliverWebhook } from '../../../src/adapters/webhooks/deliver-webhook.ts';
import { flow, withStarts } from '../../support/use-cases/with-starts.ts';
import { SECRET } from '../../support/webhooks/delivery-in-memory.ts';
import { answer, closeEndpoints, type Endpoint, listen } from '../../support/webhooks/endpoints.ts';

const { actor, apply, approve, ask, deploy, here, layer, push, show, underReview } = withStarts();

const FLOWS_SECRET = `whsec_${Buffer.from('the one of the flow, 24 bytes').toString('base64')}`;
const SECRETS: Record<string, string> = { STAGING_HOOK: SECRET, FLOW_HOOK: FLOWS_SECRET };

let staging: Endpoint;
let flows: Endpoint;
beforeEach(async () => {
  staging = await listen(answer(200));
  flows = await listen(answer(200));
});
afterEach(closeEndpoints);

const hook = ({ url }: Endpoint, variable: string) =>
  `{ url: "${url}", secret: "$` + `{${variable}}", allowPrivate: true }`;
const own = (...hooks: string[]) => `{ flow: { webhooks: [${hooks.join(', ')}] } }`;
/** A start with these workflows in staging; its own endpoint is always there. */
const start = (workflows: string, force = false) =>
  apply(
    `environments:
  - { name: development }
  - { name: staging, approvals: [{ role: lead, count: 2 }], webhooks: [${hook(staging, 'STAGING_HOOK')}], workflows: ${workflows} }
people: { U0LEE: lead, U0ADA: admin }
`,
    force,
  );

const deliveries = async () =>
  (await here().useCases.listWebhookDeliveries({ actor: actor('U0ADA'), page: { limit: 50 } })).items;
/** Attempts all that waits, as the queue would. */
async function deliver(): Promise<void> {
  const { database } = here();
  const task = makeDeliverWebhook({
    ports: database.ports,
    secrets: (variable) => SECRETS[variable],
    log: pino({ level: 'silent' }),
  });
  for (const { id, status, workspaceId } of await deliveries())
    if (status === 'pending') await task({ workspaceId, deliveryId: id });
}
const told = ({ received }: Endpoint, secret: string) =>
  received.map(({ headers, body }) => new Webhook(secret).verify(body, headers as Record<string, string>));
const requested = (workflow: string) =>
  expect.objectContaining({ type: 'promotion.requested', data: expect.objectContaining({ workflow }) });

describe('what happens to a workflow with endpoints of its own', () => {
  it('is told to them, signed with their secret, and not to the environment’s; other workflows are told there', async () => {
    await start(own(hook(flows, 'FLOW_HOOK')));
    await underReview(flow('a'));
    await push(flow('a'), 'other');
    await deploy('other');
    await ask('other');
    await deliver();
    expect(told(flows, FLOWS_SECRET)).toEqual([requested('flow')]);
    expect(told(staging, SECRET)).toEqual([requested('other')]);
  });

  it('is told to nobody where the list is empty', async () => {
    await start(own());
    await underReview(flow('a'));
    expect(await deliveries()).toEqual([]);
  });

  it('is told to the environment’s again once the file no longer names any', async () => {
    await start(own(hook(flows, 'FLOW_HOOK')));
    await push(flow('a'));
    await start('{}');
    expect((await layer('flow'))?.settings).toEqual({});
    await underReview(flow('b'));
    await deliver();
    expect([flows.received.length, told(staging, SECRET)]).toEqual([0, [requested('flow')]]);
  });

  it('of which the endpoint was taken out is given up and listed, and goes out under its id once it is back', async () => {
    await start(own(hook(flows, 'FLOW_HOOK')));
    await underReview(flow('a'));
    await start(own());
    await deliver();
    const [lost, ...others] = await deliveries();
    expect([others, lost]).toMatchObject([
      [],
      {
        url: flows.url,
        status: 'given_up',
        lastAttempt: { error: 'This endpoint is no longer in the configuration.' },
      },
    ]);
    await start(own(hook(flows, 'FLOW_HOOK')), true);
    await here().useCases.redeliverWebhook({ actor: actor('U0ADA'), deliveryId: lost?.id ?? '' });
    await deliver();
    expect(await deliveries()).toMatchObject([{ id: lost?.id, status: 'delivered' }]);
    expect(told(flows, FLOWS_SECRET)).toEqual([requested('flow')]);
  });

  it('is signed with the secret of whose endpoint it is, where both name one address', async () => {
    await start(own(hook(staging, 'FLOW_HOOK')));
    await underReview(flow('a'));
    await deliver();
    expect(told(staging, FLOWS_SECRET)).toEqual([requested('flow')]);
  });

  it('goes to the environment’s where it was published before workflows could have their own', async () => {
    await start('{}');
    await underReview(flow('a'));
    await here().database.sql('UPDATE webhook_delivery SET workflow_id = NULL WHERE workspace_id = $1', [
      here().workspace.id,
    ]);
    await start(own(hook(flows, 'FLOW_HOOK')));
    await deliver();
    expect([flows.received.length, told(staging, SECRET)]).toEqual([0, [requested('flow')]]);
  });
});

describe('endpoints of a workflow', () => {
  it('are no part of what an approval is bound to', async () => {
    await start('{}');
    const id = await underReview(flow('a'));
    await approve(id);
    const before = await show(id);
    await start(own(hook(flows, 'FLOW_HOOK')));
    const after = await show(id);
    expect([after.approvals, after.fingerprint]).toMatchObject([[{ counts: true }], before.fingerprint]);
  });

  it('are not brought back by going back to settings that had them', async () => {
    await start(own(hook(flows, 'FLOW_HOOK')));
    await push(flow('a'));
    const had = await layer('flow');
    expect(had).toMatchObject({ settings: { webhooks: [{ url: flows.url }] }, managed: ['webhooks'] });
    await start('{}');
    const back = await here().useCases.rollBackSettings({
      ...{ actor: actor('U0ADA'), environment: 'staging', workflow: 'flow', to: had?.number ?? 0 },
    });
    expect(back.kind).toBe('unchanged');
    expect((await layer('flow'))?.settings).toEqual({});
  });

  it('are refused from anybody but the file, whatever variable they name', async () => {
    await start('{}');
    await push(flow('a'));
    const webhooks = [{ url: flows.url, secretVariable: 'TOWPATH_KEY', events: [], allowPrivate: true }];
    const asked = { actor: actor('U0ADA'), environment: 'staging', workflow: 'flow', settings: { webhooks } };
    await expect(here().useCases.proposeSettings(asked)).rejects.toMatchObject({ code: 'managed_by_file' });
  });
});

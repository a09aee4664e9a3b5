import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APPROVE } from '../../src/adapters/slack/actions/action-ids.ts';
import { testPeople } from '../support/slack/test-workspace.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { get, publicMessages, push, untilQuiet, workflowSource } from '../support/towpath/acts.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const CHANNEL = 'C0STAGING';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const LEADS = Array.from({ length: 10 }, (_, index) => ({
  id: `U0LEAD${index}`,
  name: `lead${index}`,
  realName: `Lead ${index}`,
}));
const ROUNDS = 20;

interface Received {
  endpoint: string;
  type: string;
  workflow: string;
}

/** Two endpoints that check each signature and remember what came. */
async function startReceiver(): Promise<{ url: string; received: Received[]; server: Server }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const event = new Webhook(SECRET).verify(Buffer.concat(chunks), request.headers as Record<string, string>) as {
        type: string;
        data: { workflow: string };
      };
      received.push({ endpoint: String(request.url), type: event.type, workflow: event.data.workflow });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, server };
}

function configuration(url: string): string {
  const webhook = (path: string) =>
    `{ url: "${url}/${path}", secret: "\${HOOK_SECRET}", events: [deployment.activated], allowPrivate: true }`;
  return `environments:
  - { name: development }
  - { name: staging, channel: ${CHANNEL}, approvals: [{ role: lead, count: 1 }], webhooks: [${webhook('a')}, ${webhook('b')}] }
people: { ${LEADS.map(({ id }) => `${id}: lead`).join(', ')} }
`;
}

describe('a stampede of clicks', () => {
  let towpath: WholeTowpath;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let folder: string;
  beforeAll(async () => {
    receiver = await startReceiver();
    folder = await mkdtemp(join(tmpdir(), 'towpath-'));
    await writeFile(join(folder, 'towpath.yaml'), configuration(receiver.url));
    towpath = await startWholeTowpath({
      slack: { people: [...testPeople, ...LEADS] },
      env: { TOWPATH_CONFIG: join(folder, 'towpath.yaml'), HOOK_SECRET: SECRET },
    });
  });
  afterAll(async () => {
    await towpath?.stop();
    receiver?.server.close();
    await rm(folder, { recursive: true, force: true });
  });

  test(`of ten leads, a hundred at once, deploys once, ${ROUNDS} times`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const name = `stampede-${round}`;
      await push(towpath, name, workflowSource(name, 'Stay calm.'));
      await towpath.slack.type('U0DEV', CHANNEL, `/deploy ${name}`);
      await waitUntil('the deployment', () =>
        get(towpath, `/workflows/${name}/environments/development`).catch(() => null),
      );
      await towpath.slack.type('U0DEV', CHANNEL, `/promote ${name} staging`);
      const card = await waitUntil('the card', () =>
        publicMessages(towpath, CHANNEL).find(
          (m) => JSON.stringify(m.blocks).includes(`"${APPROVE}"`) && JSON.stringify(m.blocks).includes(name),
        ),
      );
      await untilQuiet(towpath);
      const before = towpath.slack.calls.length;
      const clicks = Array.from({ length: 100 }, (_, index) =>
        towpath.slack.click(LEADS[index % 10]?.id ?? '', { channel: CHANNEL, ts: card.ts }, APPROVE).catch(() => null),
      );
      await Promise.all(clicks);
      await waitUntil('staging to be live', () =>
        get(towpath, `/workflows/${name}/environments/staging`).catch(() => null),
      );
      await untilQuiet(towpath);
      const updates = towpath.slack.calls
        .slice(before)
        .filter((call) => call.method === 'chat.update' && call.args['ts'] === card.ts);
      expect(updates, `round ${round}`).toHaveLength(1);
      const { items } = await get<{ items: unknown[] }>(towpath, `/workflows/${name}/environments/staging/deployments`);
      expect(items, `round ${round}`).toHaveLength(1);
      const told = receiver.received.filter((event) => event.workflow === name).map((event) => event.endpoint);
      expect(told.sort(), `round ${round}`).toEqual(['/a', '/b']);
    }
  }, 300_000);
});

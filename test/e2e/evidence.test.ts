import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPersistence, type TestPersistence } from '../support/database/open-test-persistence.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';
import { type Canal, canalOf } from '../support/use-cases/open-canal.ts';
import { SECRET } from '../support/webhooks/delivery-in-memory.ts';
import { answer, closeEndpoints, type Endpoint, listen } from '../support/webhooks/endpoints.ts';

const file = join(tmpdir(), `towpath-${randomBytes(6).toString('hex')}.yaml`);
let towpath: WholeTowpath;
let db: TestPersistence;
let canal: Canal;
let gate: Endpoint;
let probed: Endpoint;

beforeAll(async () => {
  gate = await listen(answer(202));
  probed = await listen(answer(200));
  await writeFile(
    file,
    `
runners: { privateOrigins: ['http://127.0.0.1:${probed.port}'] }
environments:
  - { name: development }
  - name: staging
    approvals: []
    requires:
      tests: { minPassRate: 0.9, maxAge: 1d }
      gates: [{ url: '${gate.url}', secret: '\${GATE_SECRET}', allowPrivate: true }]
      parity: { probes: [{ tcp: '127.0.0.1:${probed.port}' }] }
people: { U0ADA: admin }
`,
  );
  towpath = await startWholeTowpath({
    env: { TOWPATH_CONFIG: file, GATE_SECRET: SECRET, PUBLIC_URL: 'https://towpath.example.com' },
  });
  db = await openPersistence(towpath.database.url);
  canal = canalOf(db.ports, 'T0CANAL');
});
afterAll(async () => {
  await db?.end();
  await towpath?.stop();
  await closeEndpoints();
  await rm(file, { force: true });
});

const verdicts = async (id: string) =>
  Object.fromEntries((await canal.show(id)).requirements.map(({ kind, state }) => [kind, state]));
const post = async (path: string, body: unknown, token?: string) => {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const reply = await fetch(`${towpath.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: reply.status, text: await reply.text() };
};

it('what is found out outside comes together by itself, and the last of it deploys within seconds', async () => {
  await canal.reach('development', 'one');
  const id = await canal.open('staging');
  await waitUntil('the gate to be asked', () => gate.received.length > 0);
  const [{ headers, body } = { headers: {}, body: '' }] = gate.received;
  const asked = new Webhook(SECRET).verify(body, headers as Record<string, string>) as {
    data: { answer: { url: string; token: string } };
  };
  expect(asked.data.answer.url).toBe('https://towpath.example.com/api/v1/gates/answer');
  await waitUntil('the target to be looked at', async () => (await verdicts(id))['parity'] === 'met');
  const { text: ci } = await canal.useCases.createToken({ actor: canal.as('U0ADA'), name: 'ci', scopes: ['checks'] });
  const check = { kind: 'tests', environment: 'staging', passed: 19, failed: 1 };
  expect(await post('/workflows/summarize-flow/versions/1/checks', check, ci)).toMatchObject({ status: 201 });
  expect(await verdicts(id)).toMatchObject({ tests: 'met', gates: 'pending' });
  const said = await post('/gates/answer', { token: asked.data.answer.token, state: 'approved' });
  expect(said).toMatchObject({ status: 200 });
  await waitUntil('the version to be live', async () => (await canal.live('staging')) === 1);
  expect(gate.received).toHaveLength(1);
  expect(towpath.output()).not.toContain(asked.data.answer.token);
});

import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Version, Workflow } from '../../../src/domain/version.ts';
import { aFlow, give, goLive } from '../../support/data-plane/flows.ts';
import { type DataPlaneServer, DEAF, startDataPlaneServer } from '../../support/data-plane/start-data-plane-server.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { seedWorkspace } from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';

const FLIPS = 300;
const VERSIONS = 5;

let db: TestPersistence;
let workspaceId: string;
let staging: Environment;
let servers: DataPlaneServer[];
let flow: { workflow: Workflow; versions: Version[] };

withTestPersistence((persistence) => {
  db = persistence;
});
beforeAll(async () => {
  ({ workspaceId, staging } = await seedWorkspace(db.ports));
  flow = await aFlow(db.ports, workspaceId, { slug: 'flow', versions: VERSIONS, model: 'setting ${MARK}' });
  // The third hears no notice at all.
  servers = await Promise.all([
    startDataPlaneServer({ url: db.url, workspaceId }),
    startDataPlaneServer({ url: db.url, workspaceId }),
    startDataPlaneServer({ url: db.url, workspaceId, notices: DEAF }),
  ]);
});
afterAll(async () => {
  for (const server of servers) await server.stop();
});

interface Seen {
  version: number;
  deployment: string;
  settings: number;
}

/** What a process answers, after it was seen that all of its parts belong together. */
async function read({ plane }: DataPlaneServer): Promise<Seen> {
  const { answer } = await plane.answers.get('staging', 'flow', null);
  const view = JSON.parse(answer.body);
  const [step] = view.definition.steps;
  expect([step.systemPrompt, step.model]).toEqual([
    `version ${view.version.number}`,
    `setting ${view.settingsRevision}`,
  ]);
  expect(view.version.contentHash).toBe(flow.versions[view.version.number - 1]?.contentHash);
  expect([view.trace['towpath.workflow.version'], view.trace['towpath.deployment.id']]).toEqual([
    view.version.number,
    view.deployment.id,
  ]);
  return { version: view.version.number, deployment: view.deployment.id, settings: view.settingsRevision };
}

it('answers never mix parts of two moments nor go back in time, in any process, while everything flips every few milliseconds', async () => {
  const deployments = new Map<string, number>();
  let number = 0;
  // Its own number is what the settings say, so that an answer can be told to belong together.
  const changeSettings = async (workflow?: Workflow) => {
    const next = number + 1;
    number = await give(db.ports, workspaceId, staging, { variables: { MARK: next } }, workflow);
    expect(number).toBe(next);
  };
  const deploy = async (flip: number) => {
    const version = flow.versions[flip % VERSIONS] as Version;
    const { id } = await goLive(db.ports, workspaceId, version, staging);
    deployments.set(id, flip);
  };
  await changeSettings(flow.workflow);
  await deploy(0);
  let isOver = false;
  let answers = 0;
  const orderOf = async (id: string): Promise<number> => {
    // Read before the one who deployed was told that it is done.
    await expect.poll(() => deployments.get(id), { interval: 1 }).toBeDefined();
    return deployments.get(id) as number;
  };
  const readers = servers.flatMap((server) =>
    Array.from({ length: 4 }, async () => {
      let before = { order: 0, settings: 0 };
      while (!isOver) {
        const seen = await read(server);
        const order = await orderOf(seen.deployment);
        expect(order).toBeGreaterThanOrEqual(before.order);
        expect(seen.settings).toBeGreaterThanOrEqual(before.settings);
        before = { order, settings: seen.settings };
        answers += 1;
        await wait(Math.random() * 3);
      }
    }),
  );
  const flips = async () => {
    for (let flip = 1; flip <= FLIPS; flip++) {
      // The workflow's layer wins, so only that one can say what was applied.
      if (flip % 3 === 0) await changeSettings(flow.workflow);
      else await deploy(flip);
      await wait(Math.random() * 4);
    }
    isOver = true;
  };
  await Promise.all([...readers, flips()]);
  expect(answers).toBeGreaterThan(FLIPS);
  const last = [...deployments.entries()].at(-1)?.[0];
  for (const server of servers)
    await expect.poll(() => read(server), { timeout: 10_000 }).toMatchObject({ deployment: last, settings: number });
}, 120_000);

it('a process that hears no notices finds out by looking', async () => {
  const deaf = servers[2] as DataPlaneServer;
  await read(deaf);
  const { id } = await goLive(db.ports, workspaceId, flow.versions[0] as Version, staging);
  await expect.poll(async () => (await read(deaf)).deployment, { timeout: 10_000 }).toBe(id);
});

it('what is committed late, under a number lower than those told already, is found all the same', async () => {
  const deaf = servers[2] as DataPlaneServer;
  let late = '';
  await db.ports.inTransaction(workspaceId, async (tx) => {
    const version = flow.versions[1] as Version;
    late = (
      await tx.deployments.activate({
        workflowId: flow.workflow.id,
        environmentId: staging.id,
        versionId: version.id,
        promotionId: null,
        deployedBy: 'U0DEV',
        reason: null,
        changes: [],
      })
    ).activated.id;
    // Others come and are looked up meanwhile.
    const other = await aFlow(db.ports, workspaceId, { slug: `other-${late.slice(0, 8)}` });
    await goLive(db.ports, workspaceId, other.versions[0] as Version, staging);
    const seen = await db.sql<{ seq: string }>('SELECT max(seq) AS seq FROM resolved_change');
    await wait(2_500);
    expect((await read(deaf)).deployment).not.toBe(late);
    expect(Number(seen[0]?.seq)).toBeGreaterThan(0);
  });
  await expect.poll(async () => (await read(deaf)).deployment, { timeout: 10_000 }).toBe(late);
});

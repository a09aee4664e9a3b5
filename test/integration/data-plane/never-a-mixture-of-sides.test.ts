import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import { sideOf } from '../../../src/domain/rollout.ts';
import type { Version, Workflow } from '../../../src/domain/version.ts';
import type { Candidate, ReadyAnswer } from '../../../src/use-cases/ports.ts';
import { aFlow, give, goLive, rollOut, steer } from '../../support/data-plane/flows.ts';
import { type DataPlaneServer, DEAF, startDataPlaneServer } from '../../support/data-plane/start-data-plane-server.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { seedWorkspace } from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';

const ACTS = 200;
const VERSIONS = 5;
/** Nobody in particular, and so many that another share shows. */
const KEYS = [null, ...Array.from({ length: 40 }, (_, nth) => `customer ${nth}`)];
const FOLLOWERS = 3;

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
  servers = await Promise.all([
    startDataPlaneServer({ url: db.url, workspaceId }),
    startDataPlaneServer({ url: db.url, workspaceId }),
    startDataPlaneServer({ url: db.url, workspaceId, notices: DEAF }),
  ]);
});
afterAll(async () => {
  for (const server of servers) await server.stop();
});

/** All that was true from one act to the next. */
interface Moment {
  active: string;
  candidate: { id: string; share: number } | null;
  settings: number;
}
interface Seen {
  deployment: string;
  side: 'active' | 'candidate' | null;
  settings: number;
}

/** What all keys have to be told at a moment. */
function expectedAt({ active, candidate, settings }: Moment): Seen[] {
  return KEYS.map((key) => {
    if (candidate === null) return { deployment: active, side: null, settings };
    const side = sideOf({ workflowId: flow.workflow.id, deploymentId: candidate.id, key }, candidate.share);
    return { deployment: side === 'candidate' ? candidate.id : active, side, settings };
  });
}

/** What is told by an answer, after it was seen that all of its parts belong together. */
function seenIn({ body }: ReadyAnswer): Seen {
  const view = JSON.parse(body);
  const [step] = view.definition.steps;
  expect([step.systemPrompt, step.model]).toEqual([
    `version ${view.version.number}`,
    `setting ${view.settingsRevision}`,
  ]);
  expect(view.version.contentHash).toBe(flow.versions[view.version.number - 1]?.contentHash);
  expect(view.trace['towpath.deployment.id']).toBe(view.deployment.id);
  return { deployment: view.deployment.id, side: view.rollout?.side ?? null, settings: view.settingsRevision };
}

/** What a process tells the last key, and then all of them at one moment of its own; null where it would have to ask first. */
async function read({ plane }: DataPlaneServer): Promise<{ one: Seen; all: Seen[] | null }> {
  const { answer } = await plane.answers.get('staging', 'flow', KEYS.at(-1) ?? null);
  const answers = KEYS.map((key) => plane.answers.ready('staging', 'flow', key));
  const all = answers.some((ready) => ready === null) ? null : answers.map((ready) => seenIn(ready as ReadyAnswer));
  return { one: seenIn(answer), all };
}

it('all keys are told what they had to be told at one moment, which is no earlier than the one before, while deployments, shares and settings change', async () => {
  const moments: Moment[] = [];
  let settings = 0;
  let running: Candidate | null = null;
  const happened = (moment: Partial<Moment>) => {
    const now = moments.at(-1) ?? { active: '', candidate: null, settings };
    moments.push({ ...now, ...moment });
  };
  const random = <T>(among: readonly T[]): T => among[Math.floor(Math.random() * among.length)] as T;
  const changeSettings = async () => {
    settings = await give(db.ports, workspaceId, staging, { variables: { MARK: settings + 1 } }, flow.workflow);
    happened({ settings });
  };
  const deploy = async () => {
    const { id } = await goLive(db.ports, workspaceId, random(flow.versions), staging);
    happened({ active: id });
  };
  const start = async () => {
    const share = Math.floor(Math.random() * 10_001);
    running = await rollOut(db.ports, workspaceId, random(flow.versions), staging, share);
    happened({ candidate: { id: running.id, share } });
  };
  const end = (act: 'finish' | 'abort') => async () => {
    const { id } = running as Candidate;
    await steer(db.ports, workspaceId, running as Candidate, act);
    running = null;
    happened(act === 'finish' ? { active: id, candidate: null } : { candidate: null });
  };
  const changeShare = async () => {
    const share = Math.floor(Math.random() * 10_001);
    await steer(db.ports, workspaceId, running as Candidate, share);
    happened({ candidate: { id: (running as Candidate).id, share } });
  };
  await changeSettings();
  await deploy();

  let isOver = false;
  let answers = 0;
  const sides = new Set<Seen['side']>();
  const follow = async (server: DataPlaneServer) => {
    let at = 0;
    /** The first moment from the last one on at which this had to be told. */
    const place = async (seen: Seen | Seen[]) => {
      const text = JSON.stringify(seen);
      const told = (moment: Moment) =>
        JSON.stringify(Array.isArray(seen) ? expectedAt(moment) : expectedAt(moment).at(-1));
      const find = () => moments.findIndex((moment, n) => n >= at && told(moment) === text);
      // Read before the one who acted was told that it is done.
      await expect.poll(find, { interval: 1 }).toBeGreaterThanOrEqual(at);
      at = find();
    };
    while (!isOver) {
      await wait(Math.random() * 3);
      const { one, all } = await read(server);
      await place(one);
      if (all === null) continue;
      await place(all);
      for (const { side } of all) sides.add(side);
      answers += 1;
    }
  };
  const act = async () => {
    for (let n = 0; n < ACTS; n++) {
      const possible = running === null ? [start, start] : [changeShare, changeShare, end('finish'), end('abort')];
      await random([changeSettings, deploy, ...possible])();
      await wait(Math.random() * 4);
    }
    isOver = true;
  };
  const followers = servers.flatMap((server) => Array.from({ length: FOLLOWERS }, () => follow(server)));
  await Promise.all([...followers, act()]);
  expect(answers).toBeGreaterThan(ACTS);
  expect(sides).toEqual(new Set(['active', 'candidate', null]));
  for (const server of servers)
    await expect
      .poll(async () => (await read(server)).all, { timeout: 10_000 })
      .toEqual(expectedAt(moments.at(-1) as Moment));
}, 120_000);

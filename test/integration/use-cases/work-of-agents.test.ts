import { beforeEach, describe, expect, it } from 'vitest';
import type { Runner } from '../../../src/use-cases/ports/runners.ts';
import type { WorkResult } from '../../../src/use-cases/ports.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';
import { refusalFrom } from '../../support/refusals.ts';
import { type HeldRunner, heldRunner, placed, requestAt } from '../../support/runners/placed.ts';
import { failureOf, type RequestParts } from '../../support/runners/run-request.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type Canal, openCanal } from '../../support/use-cases/open-canal.ts';

let db: TestPersistence;
let canal: Canal;
let held: HeldRunner;
let runner: Runner;
let environments: Record<string, { id: string; name: string }>;
let tokens = 0;
withTestPersistence((opened) => {
  db = opened;
});
beforeEach(async () => {
  canal = await openCanal(db.ports);
  const pipeline = await db.ports.glance(canal.workspaceId, (tx) => tx.environments.pipeline());
  environments = Object.fromEntries(pipeline.map(({ id, name }) => [name, { id, name }]));
  held = heldRunner();
  runner = placed(db.ports, held);
});

/** An agent of an environment, with a token of its own. */
async function agentOf(environment: string, name: string) {
  tokens += 1;
  const { token } = await canal.useCases.createToken({
    ...{ actor: canal.as('U0ADA'), name: `agent-${tokens}`, environment, scopes: ['agents'] },
  });
  const actor = { workspaceId: canal.workspaceId, userId: `token:${token.name}`, via: 'api' as const };
  const [row] = await db.sql<{ id: string }>('SELECT id FROM api_token WHERE name = $1 AND workspace_id = $2', [
    token.name,
    canal.workspaceId,
  ]);
  const where = environments[environment] as { id: string; name: string };
  return {
    token: token.name,
    take: (waitMs = 0, signal = new AbortController().signal) =>
      canal.useCases.takeWork({
        ...{ actor, environment: where, tokenId: row?.id as string, agent: name, waitMs, signal },
      }),
    answer: (id: string, result: WorkResult = { answer: { output: `by ${name}` } }) =>
      canal.useCases.answerWork({ workspaceId: canal.workspaceId, environment: where, id, result }),
  };
}
const run = (environment: string, parts: Partial<RequestParts> = {}) =>
  runner.run(
    requestAt({ workspaceId: canal.workspaceId, environmentId: environments[environment]?.id as string }, parts),
  );
const work = (agent: { take: (waitMs?: number) => Promise<unknown> }) =>
  agent.take(10_000) as Promise<{ id: string; message: string; until: Date }>;

describe('an environment with agents', () => {
  it('has its runs done by them, and by no runner of its settings', async () => {
    const agent = await agentOf('staging', 'a');
    expect(await agent.take()).toBeNull();
    const running = run('staging', { input: { ticket: 1 } });
    const taken = await work(agent);
    expect(JSON.parse(taken.message)).toMatchObject({
      ...{ workflow: 'summarize-flow', version: 3, environment: 'staging', input: { ticket: 1 }, shadow: false },
      ...{ definition: { name: 'w' }, limits: { timeoutMs: 20_000 } },
    });
    expect(taken.message).not.toContain('secrets');
    await agent.answer(taken.id, { answer: { output: { done: true }, cost: 0.5, tokens: { input: 3 } } });
    expect(await running).toEqual({
      output: { done: true },
      cost: 0.5,
      tokens: { input: 3 },
      latencyMs: expect.any(Number),
    });
    expect(held.most).toBe(0);
    expect(
      await db.sql('SELECT state, message, result FROM execution WHERE workspace_id = $1', [canal.workspaceId]),
    ).toEqual([{ state: 'done', message: null, result: null }]);
  });

  it('shows its runs to the agents of no other environment, nor lets these answer them', async () => {
    const [ours, theirs] = [await agentOf('staging', 'same-name'), await agentOf('production', 'same-name')];
    await Promise.all([ours.take(), theirs.take()]);
    const running = run('staging');
    const taken = await waitUntil('the run to wait, which the other never sees', async () => {
      expect(await theirs.take()).toBeNull();
      return ours.take();
    });
    expect((await refusalFrom(theirs.answer(taken.id))).code).toBe('unknown_work');
    const elsewhere = run('production');
    const other = await work(theirs);
    expect(other.id).not.toBe(taken.id);
    expect(await ours.take()).toBeNull();
    await ours.answer(taken.id, { answer: { output: 'ours' } });
    await theirs.answer(other.id, { answer: { output: 'theirs' } });
    expect((await running).output).toBe('ours');
    expect((await elsewhere).output).toBe('theirs');
  });

  it('gives each run to one of them, however many ask at once', async () => {
    const agents = await Promise.all(Array.from({ length: 8 }, (_, i) => agentOf('staging', `agent-${i}`)));
    await agents[0]?.take();
    const running = [run('staging', { input: 1 }), run('staging', { input: 2 }), run('staging', { input: 3 })];
    await waitUntil('all three to wait', async () => {
      const [row] = await db.sql<{ n: number }>("SELECT count(*)::int AS n FROM execution WHERE state = 'waiting'");
      return row?.n === 3;
    });
    const taken = (await Promise.all(agents.map((agent) => agent.take(1_000)))).map(
      (one, i) => [one, agents[i]] as const,
    );
    const got = taken.filter(([one]) => one !== null);
    expect(new Set(got.map(([one]) => one?.id)).size).toBe(got.length);
    expect(got).toHaveLength(3);
    for (const [one, agent] of got) await agent?.answer(one?.id as string);
    await Promise.all(running);
  });

  it('has no more of a workflow taken at a time than its settings allow', async () => {
    const agent = await agentOf('staging', 'a');
    await agent.take();
    const settings = { limits: { concurrency: 1 } };
    const running = [run('staging', { settings }), run('staging', { settings })];
    const first = await work(agent);
    expect(await agent.take(500)).toBeNull();
    await agent.answer(first.id);
    await agent.answer((await work(agent)).id);
    await Promise.all(running);
  });

  it('has no more of a day spent than its settings allow, each run counted once, and tells agents what is left', async () => {
    const agent = await agentOf('staging', 'a');
    await agent.take();
    const parts = { settings: { limits: { costPerDay: 1 } }, limits: { cost: 0.6 } };
    const running = [run('staging', parts), run('staging', parts)];
    const [first, second] = [await work(agent), await work(agent)];
    expect([first, second].map(({ message }) => JSON.parse(message).limits.cost)).toEqual([0.6, 0.4]);
    const third = failureOf(run('staging', parts));
    expect(await agent.take(500)).toBeNull();
    for (const { id } of [first, second]) await agent.answer(id, { answer: { output: 'done', cost: 0.5 } });
    await Promise.all(running);
    const failure = await third;
    expect([failure.kind, failure.userMessage]).toEqual(['cost_reached', expect.stringContaining('$1 of today')]);
    const spent = 'SELECT dollars, dearest FROM spending WHERE workspace_id = $1';
    expect(await db.sql(spent, [canal.workspaceId])).toEqual([{ dollars: 1, dearest: 0.5 }]);
  });

  it('says that what goes on may cost the rest of the day, where none of it ends in time', async () => {
    const agent = await agentOf('staging', 'a');
    await agent.take();
    const parts = { settings: { limits: { costPerDay: 1 } }, limits: { cost: 1 } };
    const running = run('staging', parts);
    const taken = await work(agent);
    const failure = await failureOf(run('staging', { ...parts, limits: { cost: 1, timeoutMs: 300 } }));
    expect([failure.kind, failure.userMessage]).toEqual(['too_busy', expect.stringContaining('the rest of the $1')]);
    await agent.answer(taken.id);
    await running;
  });

  it('says of an agent that died with a run that it did not answer, and takes no answer afterwards', async () => {
    const agent = await agentOf('staging', 'frail');
    await agent.take();
    const running = failureOf(run('staging', { limits: { timeoutMs: 700 } }));
    const taken = await work(agent);
    const failure = await running;
    expect([failure.kind, failure.userMessage]).toEqual([
      'timeout',
      expect.stringMatching(/agent frail did not answer within/),
    ]);
    expect((await refusalFrom(agent.answer(taken.id))).code).toBe('unknown_work');
    expect(await db.sql('SELECT state FROM execution WHERE id = $1', [taken.id])).toEqual([{ state: 'failed' }]);
  });

  it('says what an agent says went wrong', async () => {
    const agent = await agentOf('staging', 'a');
    await agent.take();
    const running = failureOf(run('staging'));
    await agent.answer((await work(agent)).id, { error: 'no model answered' });
    expect((await running).userMessage).toBe('The agent a could not run it: no model answered');
  });

  it('has what came to nothing done again, as often as its settings say', async () => {
    const agent = await agentOf('staging', 'a');
    await agent.take();
    const running = run('staging', { limits: { retries: 1 } });
    await agent.answer((await work(agent)).id, { error: 'the model hung up' });
    const again = await work(agent);
    await agent.answer(again.id);
    await expect(running).resolves.toMatchObject({ output: 'by a' });

    const twice = failureOf(run('staging', { limits: { retries: 1 } }));
    for (let n = 0; n < 2; n++) await agent.answer((await work(agent)).id, { error: `the model hung up ${n}` });
    expect(await twice).toMatchObject({ kind: 'died', userMessage: expect.stringContaining('hung up 1') });
  });

  it('refuses what nobody takes in its time, and shows it to nobody afterwards', async () => {
    const agent = await agentOf('staging', 'a');
    await agent.take();
    const failure = await failureOf(run('staging', { limits: { timeoutMs: 300 } }));
    expect([failure.kind, failure.userMessage]).toEqual([
      'too_busy',
      expect.stringContaining('No agent of staging took it'),
    ]);
    expect(await agent.take()).toBeNull();
  });

  it('shows no run that nobody waits for: its process died', async () => {
    const agent = await agentOf('staging', 'a');
    await agent.take();
    const leave = new AbortController();
    const running = run('staging', { signal: leave.signal });
    await waitUntil(
      'it to wait',
      async () => (await db.sql("SELECT 1 FROM execution WHERE state = 'waiting'")).length > 0,
    );
    await db.sql("UPDATE execution SET seen_at = now() - interval '11 seconds' WHERE state = 'waiting'");
    expect(await agent.take()).toBeNull();
    leave.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it('runs nothing while none of them is seen, until their tokens are revoked', async () => {
    const agent = await agentOf('staging', 'a');
    await agent.take();
    await db.sql("UPDATE agent SET last_seen_at = now() - interval '3 minutes'");
    const failure = await failureOf(run('staging'));
    expect([failure.kind, failure.userMessage]).toEqual(['unreachable', expect.stringMatching(/agents alone.*revoke/)]);
    await canal.useCases.revokeToken({ actor: canal.as('U0ADA'), name: agent.token });
    const running = run('staging');
    (await waitUntil('the runner', () => held.going[0])).end({ output: 'by the runner', latencyMs: 1 });
    expect((await running).output).toBe('by the runner');
  });
});

describe('an agent that asks', () => {
  it('waits for a run that comes, as long as it says', async () => {
    const agent = await agentOf('staging', 'a');
    await agent.take();
    const asked = agent.take(10_000);
    const running = run('staging');
    const taken = await asked;
    await agent.answer(taken?.id as string);
    await running;
  });

  it('is given nothing once its token was revoked or has expired, however long it has waited', async () => {
    const [revoked, expired, good] = [
      await agentOf('staging', 'revoked'),
      await agentOf('staging', 'expired'),
      await agentOf('staging', 'good'),
    ];
    await good.take();
    const running = run('staging');
    await canal.useCases.revokeToken({ actor: canal.as('U0ADA'), name: revoked.token });
    await db.sql("UPDATE api_token SET expires_at = now() - interval '1 ms' WHERE name = $1 AND workspace_id = $2", [
      expired.token,
      canal.workspaceId,
    ]);
    // As if they had been let in before: a request that waits is not asked for its token again.
    expect([await revoked.take(1_000), await expired.take(1_000)]).toEqual([null, null]);
    await good.answer((await work(good)).id);
    await running;
  });

  it('is given nothing by a token of another environment, whatever environment is asked for', async () => {
    const [ours, theirs] = [await agentOf('staging', 'ours'), await agentOf('production', 'theirs')];
    await ours.take();
    const running = run('staging');
    const [row] = await db.sql<{ id: string }>('SELECT id FROM api_token WHERE name = $1 AND workspace_id = $2', [
      theirs.token,
      canal.workspaceId,
    ]);
    const by = { agent: 'theirs', tokenId: row?.id as string };
    const staging = environments['staging']?.id as string;
    const taken = await waitUntil('the run to wait', async () => {
      expect(await db.ports.inTransaction(canal.workspaceId, (tx) => tx.executions.takeWork(staging, by))).toBeNull();
      return ours.take();
    });
    await ours.answer(taken.id);
    await running;
  });

  it('takes nothing once it has gone', async () => {
    const agent = await agentOf('staging', 'a');
    const leave = new AbortController();
    const asked = agent.take(10_000, leave.signal);
    leave.abort();
    expect(await asked).toBeNull();
  });

  it('may answer nothing that can’t be kept', async () => {
    const agent = await agentOf('staging', 'a');
    await agent.take();
    const running = run('staging');
    const taken = await work(agent);
    expect((await refusalFrom(agent.answer(taken.id, { answer: { output: 'a\0b' } }))).code).toBe('invalid_input');
    await agent.answer(taken.id);
    await running;
  });
});

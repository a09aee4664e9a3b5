import { beforeEach, describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import type { Reading } from '../../../src/use-cases/ports.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { createWorkflow } from '../../support/database/seed.ts';
import { withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';

let db: TestPersistence;
let workspaceId: string;
let staging: Environment;
let production: Environment;
let workflowId: string;
const { write } = withSeededWorkspace((seeded) => {
  ({ db, workspaceId, staging, production } = seeded);
});
beforeEach(async () => {
  ({ id: workflowId } = await write((tx) => createWorkflow(tx)));
});

const by = { changedBy: 'U0ADA', via: 'slack' as const, reason: null };
const save = (settings: Settings, of: string | null = null, environment = staging) =>
  write((tx) => tx.settings.save({ environmentId: environment.id, workflowId: of, settings, ...by }));
const read = <T>(ask: (tx: Reading) => Promise<T>) => db.ports.reading(workspaceId, ask);

const EVERYTHING: Settings = {
  variables: { MODEL: 'claude-sonnet', LIMIT: 5, FAST: true },
  secrets: { KEY: { env: 'STAGING_KEY' }, FILE: { file: '/run/key' }, VAULT: { vault: { path: 'kv/flow', key: 'k' } } },
  ...{ provider: 'anthropic', model: 'claude-haiku', modelParameters: { temperature: 0.2 }, runner: 'edge' },
  steps: { summarize: { model: 'claude-opus' } },
  limits: { timeout: 30_000, retries: 2, concurrency: 4, costPerRun: 0.5, costPerDay: 20 },
  mcpServers: { slack: { url: 'https://mcp.example.com', transport: 'http' } },
  dataSources: { tickets: { table: 'tickets', limit: 10 } },
};

describe('settings', () => {
  test('come back as they were given, both layers at once', async () => {
    const own = await save(EVERYTHING);
    const narrow = await save({ channel: 'C0FLOW', masked: { 'steps[0].url': 'KEY' } }, workflowId);
    expect(own).toMatchObject({ number: 1, settings: EVERYTHING, changedBy: 'U0ADA', via: 'slack', restores: null });
    expect(await read((tx) => tx.settings.current(staging.id, workflowId))).toEqual({
      environment: own,
      workflow: narrow,
    });
    expect(await read((tx) => tx.settings.layer(staging.id, null))).toEqual(own);
    expect(await read((tx) => tx.settings.layer(staging.id, workflowId))).toEqual(narrow);
    expect(await read((tx) => tx.settings.current(production.id, workflowId))).toEqual({
      environment: null,
      workflow: null,
    });
  });

  test('are numbered by environment over both layers, without a gap or a pair, also when twenty are saved at once', async () => {
    await save({}, null, production);
    const saved = await Promise.all(
      Array.from({ length: 20 }, (_, i) => save({ variables: { N: i } }, i % 2 === 0 ? null : workflowId)),
    );
    const inOrder = saved.sort((a, b) => a.number - b.number);
    expect(inOrder.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(inOrder.map(({ at }) => at)).toEqual(inOrder.map(({ at }) => at).sort((a, b) => a.getTime() - b.getTime()));
    const { environment, workflow } = await read((tx) => tx.settings.current(staging.id, workflowId));
    expect([environment?.number, workflow?.number].sort()).toContain(20);
  });

  test('are known as they were at a moment', async () => {
    const first = await save({ model: 'one' });
    await new Promise((resolve) => setTimeout(resolve, 2));
    await save({ model: 'two' });
    const asOf = (at: Date) => read((tx) => tx.settings.asOf(staging.id, workflowId, at));
    expect((await asOf(first.at)).environment?.settings).toEqual({ model: 'one' });
    expect((await asOf(new Date(first.at.getTime() - 1))).environment).toBeNull();
  });

  test('carry on which fields the file gives, until that is said anew', async () => {
    const managed = ['model', 'variables'] as const;
    const given = (more: object) => ({ environmentId: staging.id, workflowId: null, settings: {}, ...by, ...more });
    const saved = await write(async (tx) => [
      await tx.settings.save(given({ managed })),
      await tx.settings.save(given({})),
      await tx.settings.save(given({ workflowId })),
    ]);
    expect(saved.map((revision) => revision.managed)).toEqual([managed, managed, []]);
    expect(await read((tx) => tx.settings.managed(staging.id))).toEqual([saved[1]]);
    await write((tx) => tx.settings.save(given({ managed: [] })));
    expect(await read((tx) => tx.settings.managed(staging.id))).toEqual([]);
  });

  test('are listed newest first, page by page, of one layer or of all', async () => {
    await save({ model: 'one' });
    await save({ model: 'two' }, workflowId);
    await save({ model: 'three' });
    const numbers = async (layer: string | null) =>
      (await read((tx) => tx.settings.list(staging.id, layer, { limit: 10 }))).items.map(({ number }) => number);
    expect(await numbers(null)).toEqual([3, 1]);
    expect(await numbers(workflowId)).toEqual([2]);
    const page = await read((tx) => tx.settings.list(staging.id, 'any', { limit: 2 }));
    expect(page.items.map(({ number }) => number)).toEqual([3, 2]);
    const rest = await read((tx) =>
      tx.settings.list(staging.id, 'any', { limit: 2, ...(page.cursor === null ? {} : { cursor: page.cursor }) }),
    );
    expect(rest).toMatchObject({ items: [{ number: 1 }], cursor: null });
    expect((await read((tx) => tx.settings.layers(staging.id, 10))).map(({ number }) => number)).toEqual([3, 2]);
    expect(await read((tx) => tx.settings.layers(staging.id, 1))).toMatchObject([{ number: 3 }]);
  });

  test('are found by their number, and refused by one that there is not', async () => {
    const saved = await save({ model: 'one' });
    expect(await read((tx) => tx.settings.get(staging.id, 1))).toEqual(saved);
    for (const number of [0, 2, 1.5, 2 ** 40, Number.NaN])
      await expect(read((tx) => tx.settings.get(staging.id, number))).rejects.toThrow(Refusal);
  });

  test('keep of a row only what this version knows', async () => {
    await db.sql(
      `INSERT INTO settings_revision (workspace_id, environment_id, number, settings, changed_by, via, at)
       VALUES ($1, $2, 1, '{"model": "one", "later": {"x": 1}}', 'U', 'file', now())`,
      [workspaceId, staging.id],
    );
    expect((await read((tx) => tx.settings.layer(staging.id, null)))?.settings).toEqual({ model: 'one' });
  });
});

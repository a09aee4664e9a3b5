import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { connectPersistence } from '../../../src/adapters/persistence/connect.ts';
import { queryOn } from '../../support/database/on-server.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { createVersion, createWorkflow } from '../../support/database/seed.ts';
import { withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';

let db: TestPersistence;
let workspaceId: string;
const { write } = withSeededWorkspace(
  (seeded) => {
    ({ db, workspaceId } = seeded);
  },
  { poolSize: 4 },
);

function signal(): { given: Promise<void>; give: () => void } {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

describe('a transaction', () => {
  test('is undone as a whole when its work throws, and throws the same', async () => {
    class Odd extends Error {}
    const thrown = new Odd('no');
    const work = write(async (tx) => {
      await createWorkflow(tx, 'half-done');
      throw thrown;
    });
    await expect(work).rejects.toBe(thrown);
    expect(await db.ports.reading(workspaceId, (tx) => tx.workflows.find('half-done'))).toBeNull();
  });

  test('tells the time of the database, to the millisecond', async () => {
    const before = await db.sql<{ now: Date }>('SELECT clock_timestamp() AS now');
    const now = await write(async (tx) => tx.now);
    expect(now.getTime()).toBeGreaterThanOrEqual(before[0]?.now.getTime() ?? Infinity);
  });

  // `options` of the operator's own take the place of all that we might say there.
  test('sees what others commit meanwhile, whatever the database and its address say of isolation', async () => {
    const url = new URL(db.url);
    await queryOn(
      db.url,
      `ALTER DATABASE ${url.pathname.slice(1)} SET default_transaction_isolation = 'repeatable read'`,
    );
    url.searchParams.set('options', '-c search_path=public');
    const other = await connectPersistence({ connectionString: url.href, log: pino({ level: 'silent' }) });
    const found = await other.ports.inTransaction(workspaceId, async (tx) => {
      const before = await tx.workflows.find('came-meanwhile');
      await write((meanwhile) => createWorkflow(meanwhile, 'came-meanwhile'));
      return [before?.slug, (await tx.workflows.find('came-meanwhile'))?.slug];
    });
    await other.close();
    expect(found).toEqual([undefined, 'came-meanwhile']);
  });

  test('works in a workspace that is not known, and finds nothing there', async () => {
    expect(await db.ports.inTransaction('T0NOBODY', (tx) => tx.environments.pipelineLocked())).toEqual([]);
    expect(
      await db.ports.inTransaction('T0NOBODY', async (tx) => [...(await tx.people.getManyLocked(['U1'])).keys()]),
    ).toEqual(['U1']);
  });

  test('starts anew after a deadlock, and both get through', async () => {
    const [a, b] = await write(async (tx) => [await createWorkflow(tx), await createWorkflow(tx)]);
    const [first, second] = [signal(), signal()];
    const runs = { one: 0, two: 0 };
    const one = write(async (tx) => {
      runs.one += 1;
      await tx.workflows.getByIdLocked(a?.id ?? '');
      first.give();
      await second.given;
      await tx.workflows.getByIdLocked(b?.id ?? '');
    });
    const two = write(async (tx) => {
      runs.two += 1;
      await tx.workflows.getByIdLocked(b?.id ?? '');
      second.give();
      await first.given;
      await tx.workflows.getByIdLocked(a?.id ?? '');
    });
    await Promise.all([one, two]);
    expect(runs.one + runs.two).toBe(3);
  });

  test('that keeps losing a race gives up after the third retry, with the error', async () => {
    let runs = 0;
    const work = write(async (tx) => {
      runs += 1;
      await createWorkflow(tx, 'twice');
      await createWorkflow(tx, 'twice');
    });
    await expect(work).rejects.toMatchObject({ code: 'P2002' });
    expect(runs).toBe(4);
  });

  test('an error that no repetition cures is not repeated', async () => {
    let runs = 0;
    const work = write(async (tx) => {
      runs += 1;
      await createVersion(tx, '00000000-0000-0000-0000-000000000000');
    });
    await expect(work).rejects.toMatchObject({ code: 'P2003' });
    expect(runs).toBe(1);
  });

  test('twenty times more at once than there are connections all come to their turn', async () => {
    const workflow = await write((tx) => createWorkflow(tx));
    const numbers = await Promise.all(
      Array.from({ length: 80 }, () =>
        write(async (tx) => {
          await tx.workflows.getByIdLocked(workflow.id);
          return (await createVersion(tx, workflow.id)).number;
        }),
      ),
    );
    expect(new Set(numbers).size).toBe(80);
  });

  test('that waits too long for its turn is refused with a sentence', async () => {
    const workflow = await write((tx) => createWorkflow(tx));
    await write(async (tx) => {
      await tx.workflows.getByIdLocked(workflow.id);
      const late = write((other) => other.workflows.getByIdLocked(workflow.id));
      await expect(late).rejects.toMatchObject({
        code: 'unavailable',
        userMessage: expect.stringContaining('took too long'),
      });
    });
  });
});

describe('reading', () => {
  test('sees one moment, whatever others do meanwhile', async () => {
    await db.ports.reading(workspaceId, async (tx) => {
      expect(await tx.workflows.find('later')).toBeNull();
      await write((other) => createWorkflow(other, 'later'));
      expect(await tx.workflows.find('later')).toBeNull();
    });
    expect(await db.ports.reading(workspaceId, (tx) => tx.workflows.find('later'))).not.toBeNull();
  });

  test('can’t write, not even by what a query sets off', async () => {
    await db.sql(`
      CREATE TABLE spied (at timestamptz DEFAULT now());
      CREATE FUNCTION spy() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO spied DEFAULT VALUES; RETURN true; END; $$;
      ALTER TABLE workspace RENAME TO kept;
      CREATE VIEW workspace AS SELECT * FROM kept WHERE spy();`);
    await expect(db.ports.reading(workspaceId, (tx) => tx.workspace.getSettings())).rejects.toThrow(
      'read-only transaction',
    );
    await write((tx) => tx.workspace.getSettings());
    expect(await db.sql('SELECT 1 FROM spied')).not.toHaveLength(0);
    await db.sql('DROP VIEW workspace; ALTER TABLE kept RENAME TO workspace');
  });

  test('leaves the connection able to write', async () => {
    for (let i = 0; i < 8; i++) await db.ports.reading(workspaceId, (tx) => tx.environments.pipeline());
    await Promise.all(Array.from({ length: 8 }, () => write((tx) => createWorkflow(tx))));
  });
});

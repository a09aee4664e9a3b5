import { describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';
import { BrokenOffError, breakAt } from '../../support/use-cases/break-at.ts';
import { brokenRules } from '../../support/use-cases/broken-rules.ts';
import { canariesOf } from '../../support/use-cases/canaries.ts';
import { type Canal, canalOf, FLOW, openCanal, profile } from '../../support/use-cases/open-canal.ts';

let db: TestPersistence;
withTestPersistence((opened) => {
  db = opened;
});

/** Everything that is kept, the queue included, as one text. */
async function everything(): Promise<string> {
  const tables = await db.sql<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname = 'public' OR (schemaname = 'graphile_worker' AND tablename = '_private_jobs') ORDER BY 1`,
  );
  const hashes: string[] = [];
  for (const { name } of tables) {
    const [row] = await db.sql<{ hash: string }>(
      `SELECT md5(COALESCE(string_agg(t::text, '|' ORDER BY t::text), '')) AS hash FROM ${name} AS t`,
    );
    hashes.push(`${name} ${row?.hash}`);
  }
  return hashes.join('\n');
}

interface Act {
  name: string;
  /** The least that has to be written: the change, its audit and what tells of it. */
  writes: number;
  before(canal: Canal): Promise<string>;
  act(canal: Canal, id: string): Promise<unknown>;
}

const nothing = async () => '';
const liveTwice = async (canal: Canal) => {
  await canal.reach('staging', 'One.', 'Two.');
  return '';
};
const underReview = async (canal: Canal) => {
  await canal.reach('staging', 'One.');
  await canal.reach('development', 'Two.');
  return canal.open('staging');
};

const canaryRuns = async (canal: Canal) => {
  await canal.reach('staging', 'One.');
  await canal.reach('development', 'Two.');
  return canariesOf(canal).start('staging');
};

const ACTS: Act[] = [
  { name: 'a first push', writes: 4, before: nothing, act: (canal) => canal.push('One.') },
  {
    name: 'a deployment over another',
    writes: 5,
    before: async (canal) => {
      await canal.reach('development', 'One.');
      await canal.push('Two.');
      return '';
    },
    act: (canal) => canal.deploy(),
  },
  {
    name: 'a request',
    writes: 4,
    before: (canal) => canal.reach('development', 'One.').then(() => ''),
    act: (canal) => canal.ask('staging'),
  },
  {
    name: 'the approval that deploys',
    writes: 12,
    before: underReview,
    act: (canal, id) => canal.approve('U0LEE', id),
  },
  { name: 'a rejection', writes: 5, before: underReview, act: (canal, id) => canal.reject('U0LEE', id) },
  {
    name: 'a request that takes the place of another',
    writes: 10,
    before: async (canal) => {
      const id = await underReview(canal);
      await canal.reach('development', 'Three.');
      return id;
    },
    act: (canal, replace) =>
      canal.useCases.requestPromotion({ actor: canal.as('U0MAX'), workflow: FLOW, environment: 'staging', replace }),
  },
  {
    name: 'a rollback that makes a request stale',
    writes: 10,
    before: async (canal) => {
      await liveTwice(canal);
      return canal.open('production');
    },
    act: (canal) => canal.rollBack('staging'),
  },
  {
    name: 'the undoing of a rollback',
    writes: 5,
    before: async (canal) => {
      await liveTwice(canal);
      return (await canal.rollBack('staging')).rollbackId;
    },
    act: (canal, rollbackId) => canal.useCases.undoRollback({ actor: canal.as('U0DEV'), rollbackId }),
  },
  {
    name: 'the approval that starts a canary',
    writes: 10,
    before: async (canal) => {
      await canal.reach('staging', 'One.');
      await canal.reach('development', 'Two.');
      return canariesOf(canal).open('staging');
    },
    act: (canal, id) => canal.approve('U0LEE', id),
  },
  {
    name: 'another share of a canary',
    writes: 5,
    before: canaryRuns,
    act: (canal) => canariesOf(canal).change('staging', 5_000),
  },
  {
    name: 'the end of a canary by finishing',
    writes: 8,
    before: canaryRuns,
    act: (canal) => canariesOf(canal).finish('staging'),
  },
  {
    name: 'the abort of a canary that has what waited for it deployed',
    writes: 12,
    before: async (canal) => {
      await canaryRuns(canal);
      await canal.reach('development', 'Three.');
      await canal.approve('U0LEE', await canal.open('staging'));
      return '';
    },
    act: (canal) => canariesOf(canal).abort('staging'),
  },
  {
    name: 'the undoing of an abort',
    writes: 5,
    before: async (canal) => {
      await canaryRuns(canal);
      return (await canariesOf(canal).abort('staging')).deploymentId;
    },
    act: (canal, deploymentId) => canariesOf(canal).undo(deploymentId),
  },
  {
    name: 'a rollback to a version while a canary runs',
    writes: 13,
    before: async (canal) => {
      await canal.reach('staging', 'Zero.');
      return canaryRuns(canal);
    },
    act: (canal) => canariesOf(canal).rollBack('staging', { to: 'v1' }),
  },
  {
    name: 'an expiry',
    writes: 5,
    before: async (canal) => {
      const id = await underReview(canal);
      await db.sql(`UPDATE promotion SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
      return id;
    },
    act: (canal) => canal.useCases.expirePromotions(canal.workspaceId),
  },
  {
    name: 'a return that makes an approval count again, and deploys',
    writes: 8,
    before: async (canal) => {
      await db.sql(
        `UPDATE environment SET policy = jsonb_set(policy, '{approvals,0,count}', '2') WHERE workspace_id = $1 AND rank = 1`,
        [canal.workspaceId],
      );
      await canal.reach('development', 'One.');
      const id = await canal.open('staging');
      await canal.approve('U0LEE', id);
      const left = profile('U0LEE', { standing: 'deactivated' });
      await canal.useCases.recordProfiles({ workspaceId: canal.workspaceId, profiles: [left] });
      await canal.approve('U0LIV', id);
      return id;
    },
    act: (canal) => canal.useCases.recordProfiles({ workspaceId: canal.workspaceId, profiles: [profile('U0LEE')] }),
  },
];

describe.each(ACTS)('$name', ({ writes, before, act }) => {
  it('is done whole or not at all, whenever it breaks off', async () => {
    const canal = await openCanal(db.ports);
    const id = await before(canal);
    const untouched = await everything();
    let nth = 1;
    for (; ; nth += 1) {
      const attempt = act(canalOf(breakAt(db.ports, nth), canal.workspaceId), id);
      if (!(await isBrokenOff(attempt))) break;
      expect(await everything()).toBe(untouched);
    }
    expect(await everything()).not.toBe(untouched);
    expect(nth - 1).toBeGreaterThanOrEqual(writes);
    expect(await brokenRules(db)).toEqual([]);
  });
});

async function isBrokenOff(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => false,
    (error: unknown) => {
      if (error instanceof BrokenOffError) return true;
      throw error;
    },
  );
}

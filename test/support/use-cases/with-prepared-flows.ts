import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { TestPersistence } from '../database/open-test-persistence.ts';
import { brokenRules } from './broken-rules.ts';
import type { Canal } from './open-canal.ts';
import { FLOWS, type PreparedFlows, prepareFlows } from './prepare-flows.ts';

/** Short ways to ask in the copy of the test that runs. */
export interface AtPreparedFlows {
  /** Opens a promotion to staging for each workflow. */
  openAll(): Promise<string[]>;
  statusOf(promotionId: string): Promise<string>;
  /** Where each event of an action stands in the audit, by subject. */
  auditOf(action: string): Promise<Map<string, number>>;
}

/** A copy of the prepared flows for each test, which `opened` is given before it, and in which no rule may be broken after it. */
export function withPreparedFlows(opened: (copy: { db: TestPersistence; canal: Canal }) => void): AtPreparedFlows {
  let prepared: PreparedFlows | undefined;
  let copy: { db: TestPersistence; canal: Canal };
  beforeAll(async () => {
    prepared = await prepareFlows();
  }, 120_000);
  beforeEach(async () => {
    if (prepared === undefined) throw new Error('Nothing was prepared.');
    copy = await prepared.open();
    opened(copy);
  });
  afterEach(async () => {
    const broken = await brokenRules(copy.db);
    await copy.db.end();
    expect(broken).toEqual([]);
  });
  afterAll(() => prepared?.drop());
  return {
    openAll: () => Promise.all(FLOWS.map((flow) => copy.canal.open('staging', 'U0DEV', flow))),
    statusOf: async (id) => (await copy.canal.show(id)).status,
    auditOf: async (action) => {
      const rows = await copy.db.sql<{ seq: string; subject: string }>(
        'SELECT seq, subject FROM audit_event WHERE workspace_id = $1 AND action = $2',
        [copy.canal.workspaceId, action],
      );
      return new Map(rows.map(({ seq, subject }) => [subject, Number(seq)]));
    },
  };
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/domain/refusal.ts';
import type { Documents } from '../../../src/use-cases/ports.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { testDocuments } from '../../support/documents/with-test-documents.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, canalOf, FLOW, openCanal } from '../../support/use-cases/open-canal.ts';

/** Above 256 KB. */
const large = (prompt: string) => `${JSON.stringify({ name: FLOW, prompt, filler: 'word '.repeat(60_000) })}\n`;

let database: TestPersistence;
let canal: Canal;
/** Transactions that were open in the database while a document was read, for each time one was. */
const open: number[] = [];
let isTooLarge = false;

const watched = <Given extends unknown[], Answer>(work: (...given: Given) => Promise<Answer>) => {
  return async (...given: Given): Promise<Answer> => {
    const rows = await database.sql<{ open: number }>(
      `SELECT count(*)::int AS open FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'`,
    );
    open.push(rows[0]?.open ?? -1);
    if (isTooLarge) throw new Refusal('too_large', 'These versions take more memory than there is.');
    return work(...given);
  };
};
const documents: Documents = {
  take: watched(testDocuments.take),
  mask: watched(testDocuments.mask),
  parity: watched(testDocuments.parity),
  figures: watched(testDocuments.figures),
  takeSuite: watched(testDocuments.takeSuite),
  suiteJson: watched(testDocuments.suiteJson),
  resolve: watched(testDocuments.resolve),
  fill: watched(testDocuments.fill),
  fit: watched(testDocuments.fit),
  inEffect: watched(testDocuments.inEffect),
  document: watched(testDocuments.document),
  compare: watched(testDocuments.compare),
  show: watched(testDocuments.show),
  summarize: watched(testDocuments.summarize),
};

beforeAll(async () => {
  database = await openTestPersistence();
  const { workspaceId } = await openCanal(database.ports);
  canal = canalOf(database.ports, workspaceId, documents);
});
afterAll(() => database.end());

const push = (prompt: string) =>
  canal.useCases.pushVersion({ actor: canal.as('U0DEV'), workflow: FLOW, source: large(prompt) });

describe('large versions', () => {
  it('are read and compared with no transaction open, from the push to the approval that deploys', async () => {
    await push('one');
    await canal.deploy();
    const id = await canal.open('staging');
    await canal.show(id);
    expect((await canal.approve('U0LEE', id)).deployed).toBe(true);
    const second = await push('two');
    expect(second.diff?.lines.join()).toMatch(/one.*two/);
    await canal.deploy();
    const next = await canal.open('staging');
    expect((await canal.approve('U0LEE', next)).deployed).toBe(true);
    const view = await canal.useCases.compareVersions({
      actor: canal.as('U0DEV'),
      workflow: FLOW,
      from: 'v1',
      to: 'v2',
    });
    expect(view.summary.lines.join()).toMatch(/one.*two/);
    expect(open.length).toBeGreaterThan(4);
    expect(open.filter((count) => count !== 0)).toEqual([]);
    expect(await canal.live('staging')).toBe(2);
  });

  it('that are too large to compare keep nobody from deciding', async () => {
    await push('three');
    await push('four');
    await canal.deploy('v3');
    isTooLarge = true;
    await canal.deploy('v4');
    const id = await canal.open('staging');
    const { diff } = await canal.show(id);
    expect(diff).toMatchObject({ functional: true, risk: { level: 'high', reasons: ['too large to compare'] } });
    expect(diff.lines[0]).toMatch(/too large to be compared here/);
    expect((await canal.approve('U0LEE', id)).deployed).toBe(true);
    isTooLarge = false;
  });

  it('that are too large to look for a schedule in run as canaries of nobody or everybody alone', async () => {
    await push('five');
    await canal.deploy();
    isTooLarge = true;
    const ask = (canary: number) =>
      canal.useCases.requestPromotion({ actor: canal.as('U0DEV'), workflow: FLOW, environment: 'staging', canary });
    const refusal = await refusalFrom(ask(1_000));
    expectRefused(refusal, 'scheduled_workflow');
    expect(refusal.userMessage).toContain('is too large to look here whether a schedule starts it in staging');
    expect(await ask(0)).toMatchObject({ kind: 'opened' });
    isTooLarge = false;
  });
});

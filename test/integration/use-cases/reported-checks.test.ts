import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDocuments } from '../../../src/adapters/documents/make-documents.ts';
import { documentWork } from '../../../src/use-cases/document-work.ts';
import { LARGE_REPORT } from '../../../src/use-cases/ports/documents.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { askMore, verdictOf } from '../../support/use-cases/ask-more.ts';
import { atOnce, shuffled, times } from '../../support/use-cases/at-once.ts';
import { type Canal, profile } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

const DAY = 86_400_000;
let db: TestPersistence;
let canal: Canal;
let id: string;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
beforeEach(async () => {
  await canal.reach('development', 'one');
  await askMore(db, canal, 'staging', { tests: { minPassRate: 0.9, maxAge: DAY }, checks: ['review'] });
  id = await canal.open('staging');
});

const report = (
  own: { kind: 'tests' | 'check'; name?: string; passed?: number; failed?: number; state?: 'passed' },
  by = 'U0DEV',
) =>
  canal.useCases.recordCheck({
    actor: { ...canal.as(by), via: 'api', token: { name: 'ci', isPersonal: false } },
    ...{ workflow: 'summarize-flow', version: '1', environment: 'staging', report: { own } },
  });
const judge = async () => {
  await db.sql(
    "UPDATE promotion SET judge_at = now() - interval '1 ms' WHERE status = 'open' AND judge_at IS NOT NULL",
  );
  return canal.useCases.judgeDue(canal.workspaceId);
};

describe('checks that are reported', () => {
  it('deploy once, whatever comes beside them and however many processes judge', async () => {
    await canal.approve('U0LEE', id);
    const acts = shuffled(
      times(24).map(
        (i) =>
          [
            () => report({ kind: 'tests', passed: 95, failed: 5 }),
            () => report({ kind: 'check', name: 'review', state: 'passed' }),
            () => canal.useCases.judgeDue(canal.workspaceId),
            () => canal.approve('U0LIV', id),
          ][i % 4] as () => Promise<unknown>,
      ),
    );
    await atOnce(acts);
    await Promise.all([
      judge(),
      canal.useCases.judgeDue(canal.workspaceId),
      canal.useCases.judgeDue(canal.workspaceId),
    ]);
    expect(await canal.live('staging')).toBe(1);
    const [row] = await db.sql<{ count: number }>('SELECT count(*)::int FROM deployment WHERE promotion_id = $1', [id]);
    expect(row?.count).toBe(1);
  });

  it('are kept with the token that told them, and audited', async () => {
    const { results } = await report({ kind: 'tests', passed: 95, failed: 5 });
    expect(results).toMatchObject([{ by: 'token:ci', source: 'api' }]);
    const { items } = await db.ports.reading(canal.workspaceId, (tx) =>
      tx.audit.list({ action: 'check.recorded', limit: 5 }),
    );
    expect(items).toMatchObject([{ actor: 'U0DEV', token: 'ci', after: [{ kind: 'tests', passed: 95 }] }]);
  });

  it('are counted by the newest of each name, and a worse one takes the yes back', async () => {
    await report({ kind: 'tests', passed: 95, failed: 5 });
    expect(await verdictOf(canal, id, 'tests')).toMatchObject({ state: 'met' });
    await report({ kind: 'tests', passed: 50, failed: 50 });
    expect(await verdictOf(canal, id, 'tests')).toMatchObject({ state: 'failed' });
    await report({ kind: 'tests', name: 'other', passed: 95, failed: 5 });
    expect(await verdictOf(canal, id, 'tests')).toMatchObject({ state: 'failed' });
  });

  it('take the place of nothing that Towpath ran itself, however many they are', async () => {
    const ran = await db.ports.inTransaction(canal.workspaceId, async (tx) => {
      const promotion = (await tx.promotions.getMany([id])).get(id);
      if (promotion === undefined) throw new Error('The promotion is missing.');
      return tx.evidence.recordCheck({
        ...{
          kind: 'tests',
          name: 'tests',
          source: 'suite',
          state: 'failed',
          passed: 1,
          failed: 9,
          by: 'U0DEV',
          at: tx.now,
        },
        ...{ versionId: promotion.versionId, environmentId: promotion.targetEnvironmentId },
      });
    });
    for (const _ of times(51)) await report({ kind: 'tests', passed: 1, failed: 0 });
    expect(await verdictOf(canal, id, 'tests')).toMatchObject({
      ...{ state: 'failed', summary: expect.stringContaining('as Towpath ran it') },
    });
    expect(await db.sql('SELECT state FROM check_result WHERE id = $1', [ran.id])).toEqual([{ state: 'failed' }]);
  });

  it('are nobody’s to report who could not push either', async () => {
    const left = profile('U0MAX', { standing: 'deactivated' });
    await canal.useCases.recordProfiles({ workspaceId: canal.workspaceId, profiles: [left] });
    await expect(report({ kind: 'tests', passed: 1 }, 'U0MAX')).rejects.toMatchObject({ code: 'not_permitted' });
  });
});

describe('a report of another tool', () => {
  const documents = makeDocuments({ maskKey: new Uint8Array(32).fill(3) });
  afterAll(() => documents.stop());
  const source = `<testsuite name="big">${'<testcase name="a" time="0.1"/>'.repeat(2_000)}</testsuite>`;

  it('is read in the thread as it is here, where it is large', async () => {
    expect(source.length).toBeGreaterThan(LARGE_REPORT);
    const here = documentWork(() => 'never used');
    const report = { source, format: 'junit' } as const;
    expect(await documents.figures(report)).toEqual(await here.figures(report));
  });

  it('is refused there by what is wrong', async () => {
    const broken = documents.figures({ source: `${source}<`, format: 'junit' });
    await expect(broken).rejects.toMatchObject({ code: 'invalid_definition' });
  });
});

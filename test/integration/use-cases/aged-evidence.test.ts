import { expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { askMore, letTimePass } from '../../support/use-cases/ask-more.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { suiteActs, suiteOf } from '../../support/use-cases/suite-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

const DAY = 86_400_000;

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

it('results that grew old while an approval was waited for are found out anew by the approval', async () => {
  const acts = suiteActs({ db, canal });
  await canal.reach('development', 'one');
  await acts.save(suiteOf(2));
  await askMore(db, canal, 'staging', { tests: { minPassRate: 0.8, maxAge: DAY } });
  const id = await canal.open('staging');
  await db.sql(
    `UPDATE suite_run SET state = 'completed', started_at = now(), seen_at = now(), ended_at = now() WHERE promotion_id = $1`,
    [id],
  );
  await db.sql(`UPDATE check_result SET state = 'passed', passed = 2, failed = 0 WHERE workspace_id = $1`, [
    canal.workspaceId,
  ]);
  const states = async () =>
    (
      await db.sql<{ state: string }>('SELECT state FROM suite_run WHERE promotion_id = $1 ORDER BY asked_at', [id])
    ).map(({ state }) => state);
  await letTimePass(db, canal, DAY + 60_000);
  expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: false });
  expect(await states()).toEqual(['completed', 'queued']);
  await canal.approve('U0LEE', id);
  expect(await states()).toEqual(['completed', 'queued']);
});

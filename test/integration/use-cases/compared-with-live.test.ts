import { expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { askMore, verdictOf } from '../../support/use-cases/ask-more.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

const DAY = 86_400_000;
let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

const report = (version: string, costPerRun: number, environment = 'staging') =>
  canal.useCases.recordCheck({
    ...{ actor: canal.as('U0DEV'), workflow: 'summarize-flow', version, environment },
    report: { own: { kind: 'cost', costPerRun } },
  });
const marked = () => db.sql("SELECT id FROM promotion WHERE status = 'open' AND judge_at IS NOT NULL");
const judge = async () => {
  await db.sql("UPDATE promotion SET judge_at = now() - interval '1 ms' WHERE judge_at IS NOT NULL");
  return canal.useCases.judgeDue(canal.workspaceId);
};

it('what is compared with what is live is judged again when that is found out about, and deploys if it was the last thing missing', async () => {
  await canal.reach('staging', 'one');
  await canal.push('two');
  await canal.deploy();
  await askMore(db, canal, 'staging', { cost: { maxIncrease: 0.1, maxAge: DAY } });
  const id = await canal.open('staging');
  await canal.approve('U0LEE', id);
  await report('2', 0.01);
  await judge();
  expect(await verdictOf(canal, id, 'cost')).toMatchObject({ state: 'pending' });
  await report('1', 0.01, 'production');
  expect(await marked()).toEqual([]);
  await report('1', 0.01);
  await judge();
  expect(await canal.live('staging')).toBe(2);
});

import { describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { atOnce, tally, times } from '../../support/use-cases/at-once.ts';
import { openCanal } from '../../support/use-cases/open-canal.ts';
import { AT_A_TIME } from '../../support/use-cases/prepare-flows.ts';
import { withRulesChecked } from '../../support/use-cases/with-rules-checked.ts';

let db: TestPersistence;
withRulesChecked(
  (opened) => {
    db = opened;
  },
  { poolSize: 24 },
);

describe('twenty at once on one workflow', () => {
  it('who push the same first version: one is kept', async () => {
    const fresh = await openCanal(db.ports);
    const outcomes = await atOnce(times(AT_A_TIME).map(() => () => fresh.push('The same.', 'fresh-flow')));
    expect(outcomes.map(({ done }) => done?.number)).toEqual(times(AT_A_TIME).map(() => 1));
  });

  it('who push different versions: each gets a number of its own', async () => {
    const fresh = await openCanal(db.ports);
    const outcomes = await atOnce(times(AT_A_TIME).map((i) => () => fresh.push(`Number ${i}.`, 'fresh-flow')));
    expect(outcomes.map(({ done }) => done?.number ?? 0).sort((a, b) => a - b)).toEqual(
      times(AT_A_TIME).map((i) => i + 1),
    );
  });

  it('who give the same label to different versions: one has it', async () => {
    const fresh = await openCanal(db.ports);
    for (const i of times(5)) await fresh.push(`Number ${i}.`);
    const label = (version: number) => () =>
      fresh.useCases.labelVersion({
        actor: fresh.as('U0DEV'),
        workflow: 'summarize-flow',
        version: `v${version}`,
        label: 'best',
      });
    expect(tally(await atOnce(times(5).map((i) => label(i + 1))))).toEqual({ done: 1, label_taken: 4 });
  });

  it('who deploy different versions: all went live, one after the other, and one is', async () => {
    const fresh = await openCanal(db.ports);
    for (const i of times(AT_A_TIME)) await fresh.push(`Number ${i}.`);
    const outcomes = await atOnce(times(AT_A_TIME).map((i) => () => fresh.deploy(`v${i + 1}`)));
    expect(tally(outcomes)).toEqual({ done: AT_A_TIME });
    const { items } = await fresh.useCases.showHistory({
      actor: fresh.as('U0DEV'),
      workflow: 'summarize-flow',
      page: { limit: 50 },
    });
    expect(items.map(({ status }) => status)).toEqual(['active', ...times(AT_A_TIME - 1).map(() => 'superseded')]);
    const previous = items.at(1)?.version.number;
    expect((await fresh.rollBack('development')).restored.number).toBe(previous);
  });
});

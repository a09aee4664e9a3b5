import { beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { askMore, stillOpen } from '../../support/use-cases/ask-more.ts';
import { atOnce, tally, times } from '../../support/use-cases/at-once.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
let id: string;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
beforeEach(async () => {
  await canal.reach('development', 'one');
  await askMore(db, canal, 'staging', { checklist: ['Rollback tested', 'Stakeholder informed'] });
  id = await canal.open('staging');
});

const tick = (by: string, item: string) => canal.useCases.tickItem({ actor: canal.as(by), promotionId: id, item });
const untick = (by: string, item: string) => canal.useCases.untickItem({ actor: canal.as(by), promotionId: id, item });

describe('a checklist', () => {
  it('is ticked by people, each with who and when, and its last item deploys', async () => {
    await canal.approve('U0LEE', id);
    expect(await tick('U0DEV', 'rollback tested')).toMatchObject({ changed: true, deployed: false });
    const { checklist } = await canal.show(id);
    expect(checklist).toEqual([
      { item: 'Rollback tested', ticked: { by: 'U0DEV', at: expect.any(Date) } },
      { item: 'Stakeholder informed', ticked: null },
    ]);
    expect(await tick('U0MAX', 'Stakeholder informed')).toMatchObject({ changed: true, deployed: true });
    expect(await canal.live('staging')).toBe(1);
  });

  it('keeps its first tick when it is ticked twice', async () => {
    await tick('U0DEV', 'Rollback tested');
    expect(await tick('U0MAX', 'Rollback tested')).toMatchObject({ changed: false });
    expect((await canal.show(id)).checklist[0]?.ticked).toMatchObject({ by: 'U0DEV' });
  });

  it('holds the promotion again once an item was taken back', async () => {
    await tick('U0DEV', 'Rollback tested');
    await tick('U0DEV', 'Stakeholder informed');
    await untick('U0MAX', 'Stakeholder informed');
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: false });
    expect(await stillOpen(canal, id)).toEqual(['checklist: pending']);
  });

  it('has no other items, and takes no program’s word', async () => {
    await expect(tick('U0DEV', 'Coffee')).rejects.toMatchObject({ code: 'unknown_item' });
    const actor = { ...canal.as('U0DEV'), via: 'api' as const, token: { name: 'ci', isPersonal: false } };
    const byProgram = canal.useCases.tickItem({ actor, promotionId: id, item: 'Rollback tested' });
    await expect(byProgram).rejects.toMatchObject({ code: 'not_permitted' });
  });

  it('deploys once, whoever of twenty ticks its last items and approves at once', async () => {
    const acts = times(20).map(
      (i) =>
        [
          () => canal.approve('U0LEE', id),
          () => tick('U0DEV', 'Rollback tested'),
          () => tick('U0MAX', 'Stakeholder informed'),
        ][i % 3] ?? (() => canal.approve('U0LIV', id)),
    );
    const outcomes = await atOnce<{ deployed: boolean; changed: boolean }>(acts);
    expect(outcomes.filter(({ done }) => done?.changed && done.deployed)).toHaveLength(1);
    expect(Object.keys(tally(outcomes)).filter((code) => code !== 'done' && code !== 'already_decided')).toEqual([]);
    expect(await canal.live('staging')).toBe(1);
  });
});

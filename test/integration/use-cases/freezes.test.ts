import { describe, expect, it } from 'vitest';
import type { FreezeRule } from '../../../src/domain/freeze-calendar.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { askMore, letTimePass, stillOpen } from '../../support/use-cases/ask-more.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

const freeze = (by: string, environment: string, until?: Parameters<Canal['useCases']['freeze']>[0]['until']) =>
  canal.useCases.freeze({
    ...{ actor: canal.as(by), environment, reason: 'the year ends' },
    ...(until !== undefined && { until }),
  });
const tick = () => canal.useCases.judgeDue(canal.workspaceId);
/** Frozen at any time. */
const ALWAYS: FreezeRule = {
  ...{ rrule: 'FREQ=DAILY', timeZone: 'UTC', lasts: 'P2D', kind: 'deny' as const, reason: 'no changes' },
};

describe('a freeze by hand', () => {
  it('keeps an approved promotion open until somebody ends it', async () => {
    await canal.reach('development', 'one');
    const id = await canal.open('staging');
    await freeze('U0LEE', 'stg');
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: false });
    expect(await stillOpen(canal, id)).toEqual(['freeze: pending']);
    await canal.useCases.unfreeze({ actor: canal.as('U0LIV'), environment: 'staging' });
    await tick();
    expect(await canal.live('staging')).toBe(1);
  });

  it('ends at its time, and then the clock deploys', async () => {
    await canal.reach('development', 'one');
    const id = await canal.open('staging');
    await freeze('U0LEE', 'staging', { in: 3_600_000 });
    await canal.approve('U0LEE', id);
    await tick();
    expect(await canal.live('staging')).toBeNull();
    await letTimePass(db, canal, 3_600_000);
    await tick();
    expect(await canal.live('staging')).toBe(1);
  });

  it('stops deploys, and no rollback', async () => {
    await canal.reach('development', 'one', 'two');
    await freeze('U0LEE', 'development');
    await canal.push('three');
    await expect(canal.deploy()).rejects.toMatchObject({ code: 'frozen' });
    await canal.rollBack('development');
    expect(await canal.live('development')).toBe(1);
  });

  it('takes a lead, a time that is still to come, and something to end', async () => {
    await expect(freeze('U0DEV', 'staging')).rejects.toMatchObject({ code: 'not_permitted' });
    await expect(freeze('U0LEE', 'staging', new Date(0))).rejects.toMatchObject({ code: 'invalid_input' });
    const end = canal.useCases.unfreeze({ actor: canal.as('U0LEE'), environment: 'staging' });
    await expect(end).rejects.toMatchObject({ code: 'not_frozen' });
  });
});

describe('a freeze window', () => {
  it('of towpath.yaml stops promotions and deploys, and is listed', async () => {
    await canal.reach('development', 'one');
    await askMore(db, canal, 'staging', { freezes: [ALWAYS] });
    await askMore(db, canal, 'development', { freezes: [ALWAYS] });
    const id = await canal.open('staging');
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: false });
    await canal.push('two');
    await expect(canal.deploy()).rejects.toMatchObject({
      code: 'frozen',
      userMessage: expect.stringContaining('no changes'),
    });
    const { windows } = await canal.useCases.listHolds({ workspaceId: canal.workspaceId });
    expect(windows.map(({ environment }) => environment.name)).toEqual(['development', 'staging']);
  });

  it('that began since it was asked for has the clock judge again at its end', async () => {
    await canal.reach('development', 'one');
    const id = await canal.open('staging');
    // As if the window began now.
    await askMore(db, canal, 'staging', { freezes: [ALWAYS] });
    await canal.approve('U0LEE', id);
    const [row] = await db.sql('SELECT judge_at FROM promotion WHERE id = $1', [id]);
    expect(row).toEqual({ judge_at: expect.any(Date) });
  });

  it('may hold for some workflows alone', async () => {
    await canal.push('one', 'held-flow');
    await askMore(db, canal, 'development', { stricter: [{ workflows: ['held-flow'], freezes: [ALWAYS] }] });
    await expect(canal.deploy(undefined, 'held-flow')).rejects.toMatchObject({ code: 'frozen' });
    await canal.push('one');
    await canal.deploy();
    expect(await canal.live('development')).toBe(1);
  });
});

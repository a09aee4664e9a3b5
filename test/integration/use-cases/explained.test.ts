import { describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { askMore } from '../../support/use-cases/ask-more.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

const DAY = 86_400_000;
let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

const why = (environment: string) =>
  canal.useCases.explainPromotion({ actor: canal.as('U0DEV'), workflow: FLOW, environment });

describe('why something does not go live', () => {
  it('is what its open promotion waits for, as its card says it, and until when', async () => {
    await canal.reach('development', 'one');
    await askMore(db, canal, 'staging', { soak: { for: DAY } });
    const id = await canal.open('staging');
    const told = await why('staging');
    expect(told).toMatchObject({
      promotion: { id, requestedBy: 'U0DEV' },
      version: { number: 1 },
      live: null,
      bar: null,
    });
    expect(told.requirements.map(({ kind, state }) => `${kind}: ${state}`)).toEqual([
      'soak: pending',
      'approvals: pending',
    ]);
    expect(told.requirements.map(({ summary }) => summary)).toEqual(
      (await canal.show(id)).requirements.map(({ summary }) => summary),
    );
    expect(told.retryAt?.getTime()).toBeGreaterThan(Date.now() + DAY / 2);
  });

  it('is, where nobody asked, what asking would need; and nothing was asked for by that', async () => {
    await canal.reach('development', 'one');
    expect(await why('staging')).toMatchObject({
      ...{ promotion: null, version: { number: 1 }, bar: null },
      requirements: [{ kind: 'approvals', state: 'pending' }],
    });
    expect(await canal.ask('staging')).toMatchObject({ kind: 'opened' });
  });

  it('is, where nothing could be asked for, why', async () => {
    await canal.push('one');
    expect(await why('staging')).toMatchObject({
      version: null,
      requirements: [],
      bar: expect.stringContaining('/deploy'),
    });
    expect(await why('development')).toMatchObject({ bar: expect.stringContaining('first environment') });
    await expect(why('nowhere')).rejects.toMatchObject({ code: 'unknown_environment' });
  });
});

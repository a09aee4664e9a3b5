import { beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { askMore, verdictOf } from '../../support/use-cases/ask-more.ts';
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
  await askMore(db, canal, 'staging', { rejection: 'counts', approvals: [{ role: 'lead', count: 2 }] });
  id = await canal.open('staging');
});

describe('a rejection that only counts', () => {
  it('keeps the promotion open, and is shown with its reason', async () => {
    const said = await canal.reject('U0LEE', id, 'too slow');
    expect(said).toMatchObject({ changed: true, deployed: false, promotion: { status: 'open' } });
    expect((await canal.show(id)).rejections).toEqual([
      { by: 'U0LEE', reason: 'too slow', at: expect.any(Date), stands: true },
    ]);
    expect(await verdictOf(canal, id, 'approvals')).toMatchObject({ state: 'pending', detail: '1 no: “too slow”' });
  });

  it('takes back that person’s yes, until they give it anew', async () => {
    await canal.approve('U0LEE', id);
    await canal.reject('U0LEE', id);
    expect(await canal.approve('U0LIV', id)).toMatchObject({ deployed: false });
    expect(await canal.approve('U0LEE', id)).toMatchObject({ changed: true, deployed: true });
    expect(await canal.live('staging')).toBe(1);
  });

  it('counts their yes again for whoever comes after them', async () => {
    await canal.approve('U0LEE', id);
    await canal.reject('U0LEE', id);
    expect(await canal.approve('U0LEE', id)).toMatchObject({ changed: true, deployed: false });
    expect(await canal.approve('U0LIV', id)).toMatchObject({ deployed: true });
  });

  it('said twice the same is one, and a yes and a no again are two', async () => {
    await canal.reject('U0LEE', id, 'too slow');
    expect(await canal.reject('U0LEE', id, 'too slow')).toMatchObject({ changed: false });
    await canal.approve('U0LEE', id);
    expect(await canal.reject('U0LEE', id, 'too slow')).toMatchObject({ changed: true });
    expect((await canal.show(id)).rejections.map(({ stands }) => stands)).toEqual([false, true]);
  });

  it('ends nothing, but is told in the thread; where it vetoes, as elsewhere, it ends the promotion', async () => {
    await canal.reject('U0LEE', id, 'too slow');
    const stories = await db.sql<{ event: string }>(
      "SELECT payload->>'event' AS event FROM announcement WHERE workspace_id = $1 AND kind = 'promotion-story' ORDER BY seq",
      [canal.workspaceId],
    );
    expect(stories.at(-1)).toEqual({ event: 'objected' });
    await askMore(db, canal, 'staging', { rejection: 'vetoes' });
    expect(await canal.reject('U0LIV', id)).toMatchObject({ promotion: { status: 'rejected' } });
  });

  it('vetoes too, once the policy says that a rejection does', async () => {
    await canal.reject('U0LEE', id);
    await askMore(db, canal, 'staging', { rejection: 'vetoes', approvals: [{ role: 'lead', count: 1 }] });
    expect(await canal.approve('U0LIV', id)).toMatchObject({ deployed: false });
    expect(await verdictOf(canal, id, 'approvals')).toMatchObject({ state: 'failed' });
  });
});

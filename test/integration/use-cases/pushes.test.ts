import { describe, expect, it } from 'vitest';
import { type Canal, FLOW, sourceOf } from '../../support/use-cases/open-canal.ts';
import { audit } from '../../support/use-cases/what-is-shown.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let canal: Canal;
withCanal((fresh) => {
  canal = fresh.canal;
});

describe('a push', () => {
  it('of the same content again is no new version and says which it was', async () => {
    await canal.push('Be kind.');
    const again = await canal.useCases.pushVersion({
      actor: canal.as('U0MAX'),
      workflow: FLOW,
      source: sourceOf('Be kind.'),
    });
    expect(again).toMatchObject({
      created: false,
      workflowCreated: false,
      version: { number: 1, author: 'U0DEV' },
      diff: null,
    });
    const [status] = (await canal.useCases.showStatus({ actor: canal.as('U0DEV'), workflow: FLOW })).items;
    expect(status?.newest.number).toBe(1);
  });

  it('of a new workflow names it after the definition, and its owner after who pushed', async () => {
    const pushed = await canal.useCases.pushVersion({ actor: canal.as('U0MAX'), source: sourceOf('Hello.') });
    expect(pushed).toMatchObject({
      created: true,
      workflowCreated: true,
      workflow: { slug: FLOW, department: null },
      diff: null,
    });
    const [status] = (await canal.useCases.showStatus({ actor: canal.as('U0DEV'), workflow: FLOW })).items;
    expect(status?.workflow.ownerId).toBe('U0MAX');
  });

  it('tells what changed against the version before', async () => {
    await canal.push('Be kind.');
    const { diff } = await canal.useCases.pushVersion({
      actor: canal.as('U0DEV'),
      workflow: FLOW,
      source: sourceOf('Be brief.'),
    });
    expect(diff?.functional).toBe(true);
    expect(diff?.lines).toHaveLength(1);
  });

  it('keeps a label, a note and the commit it came from', async () => {
    const more = { label: 'Kinder', note: '  asked for by support  ', sourceCommit: 'abc123' };
    await canal.useCases.pushVersion({
      actor: canal.as('U0DEV'),
      workflow: FLOW,
      source: sourceOf('Be kind.'),
      ...more,
    });
    const shown = await canal.useCases.showVersion({
      workspaceId: canal.workspaceId,
      workflow: FLOW,
      version: 'kinder',
    });
    expect(shown).toMatchObject({
      version: { number: 1, label: 'kinder' },
      note: 'asked for by support',
      sourceCommit: 'abc123',
    });
  });

  it('is refused whole where a part of it is refused', async () => {
    const source = sourceOf('Be kind.');
    const refused = canal.useCases.pushVersion({ actor: canal.as('U0DEV'), workflow: FLOW, source, label: 'v7' });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_label' });
    expect((await canal.useCases.showStatus({ actor: canal.as('U0DEV') })).items).toEqual([]);
    expect(await audit(canal)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { file, flow, withStarts } from '../../support/use-cases/with-starts.ts';

const { apply, approve, ask, changes, deploy, here, layer, push, read, show, staging, underReview } = withStarts();

describe('settings of the file', () => {
  it('are kept at the start, audited as the file’s with before and after, and written once', async () => {
    const text = file('variables: { MODEL: claude-sonnet }, limits: { timeout: 30s }');
    expect(await apply(text)).toEqual(expect.arrayContaining(['settings:development', 'settings:staging']));
    expect(await layer()).toMatchObject({
      number: 1,
      settings: { variables: { MODEL: 'claude-sonnet' }, limits: { timeout: 30_000 } },
      ...{ changedBy: 'file', via: 'file', managed: ['limits', 'variables'] },
    });
    expect(await apply(text)).toEqual([]);
    expect(await apply(text.replace('claude-sonnet', 'claude-opus'))).toEqual(['settings:staging']);
    const audited = await changes();
    expect(audited.map(({ actor: by, subject }) => [by, subject])).toEqual([
      ['file', 'settings:development'],
      ['file', 'settings:staging'],
      ['file', 'settings:staging'],
    ]);
    expect(audited[2]).toMatchObject({
      before: { variables: { MODEL: 'claude-sonnet' } },
      after: { variables: { MODEL: 'claude-opus' }, limits: { timeout: 30_000 } },
    });
  });

  it('of twenty processes at once are written once', async () => {
    const text = file('variables: { MODEL: claude-sonnet }');
    await apply(text);
    const starts = await Promise.all(Array.from({ length: 20 }, () => apply(text.replace('sonnet', 'opus'))));
    expect(starts.filter((subjects) => subjects.length > 0)).toEqual([['settings:staging']]);
    expect((await layer())?.number).toBe(2);
  });

  it('leave alone what was set elsewhere, and take away what the file no longer names', async () => {
    await apply(file('variables: { MODEL: claude-sonnet }, runner: edge'));
    const environmentId = await staging();
    await here().database.ports.inTransaction(here().workspace.id, async (tx) => {
      const now = await tx.settings.layer(environmentId, null);
      const settings: Settings = { ...now?.settings, limits: { retries: 2 } };
      await tx.settings.save({
        ...{ environmentId, workflowId: null, settings },
        ...{ changedBy: 'U0ADA', via: 'slack', reason: null },
      });
    });
    expect(await apply(file('variables: { MODEL: claude-sonnet }'))).toEqual(['settings:staging']);
    expect((await layer())?.settings).toEqual({ variables: { MODEL: 'claude-sonnet' }, limits: { retries: 2 } });
    expect(await apply('environments: [{ name: development }, { name: staging, channel: C0STAGING }]')).toContain(
      'settings:staging',
    );
    expect((await layer())?.settings).toEqual({ limits: { retries: 2 } });
  });

  it('reach a workflow that is there at the start, and one that is pushed later when it is pushed', async () => {
    const text = file('variables: { MODEL: a }', '{ flow: { model: claude-opus }, later: { model: claude-haiku } }');
    await apply(file('variables: { MODEL: a }'));
    await push(flow('x'));
    expect(await apply(text)).toEqual(['settings:staging/flow']);
    expect((await layer('flow'))?.settings).toEqual({ model: 'claude-opus' });
    await push(flow('y'), 'later');
    expect(await layer('later')).toMatchObject({
      settings: { model: 'claude-haiku' },
      via: 'file',
      managed: ['model'],
    });
    expect(await apply(text)).toEqual([]);
    expect((await changes()).map(({ subject }) => subject)).toContain('settings:staging/later');
  });

  it('are told in the channel of each environment that has one', async () => {
    await apply(file('variables: { MODEL: a }'));
    await apply(file('variables: { MODEL: b }', '{}', 'variables: { MODEL: c }'));
    const id = await staging();
    const notices = await read((tx) => tx.announcements.listOf(id, 'notice'));
    expect(notices.map(({ target, payload }) => [target, payload['text']])).toEqual([
      ['C0STAGING', expect.stringContaining('• Variable MODEL was added: ‘a’')],
      ['C0STAGING', expect.stringContaining('• Variable MODEL changed from ‘a’ to ‘b’')],
    ]);
  });
});

describe('what is under review when settings change', () => {
  it('no longer counts as approved where the version reads what changed, and its card says which names', async () => {
    const two = file('variables: { MODEL: claude-sonnet, OTHER: 1 }').replace(
      'role: lead }], ch',
      'role: lead, count: 2 }], ch',
    );
    await apply(two);
    const id = await underReview(flow('${MODEL}'));
    await approve(id);
    await apply(two.replace('OTHER: 1', 'OTHER: 2'));
    expect((await show(id)).approvals).toMatchObject([{ counts: true }]);
    const before = await show(id);
    await apply(two.replace('claude-sonnet', 'claude-opus'));
    const line = 'staging: Variable MODEL changed from ‘claude-sonnet’ to ‘claude-opus’';
    const view = await show(id);
    expect(view.approvals).toMatchObject([{ counts: false, since: { moved: ['settings'], lines: [line] } }]);
    expect(view.fingerprint).not.toBe(before.fingerprint);
    const stories = await read((tx) => tx.announcements.listOf(id, 'promotion-story'));
    expect(stories.map(({ payload }) => payload).filter(({ event }) => event === 'review-changed')).toMatchObject([
      { lines: [line] },
    ]);
  });

  it('can be approved anew, and counts again where the settings are what they were', async () => {
    const two = file('variables: { MODEL: a }').replace('role: lead }], ch', 'role: lead, count: 2 }], ch');
    await apply(two);
    const id = await underReview(flow('${MODEL}'));
    await approve(id);
    await apply(two.replace('MODEL: a', 'MODEL: b'));
    await apply(two, true);
    expect((await show(id)).approvals).toMatchObject([{ counts: true }]);
  });

  it('does not deploy while the target lacks a name, and does once it has it', async () => {
    await apply(file('variables: { MODEL: a }'));
    const id = await underReview(flow('${MODEL}'));
    await apply(file('variables: { OTHER: a }'));
    expect(await approve(id)).toMatchObject({ deployed: false });
    expect((await show(id)).requirements).toMatchObject([
      { kind: 'settings', state: 'failed', detail: expect.stringContaining('there is no value for MODEL') },
      { kind: 'approvals', state: 'met' },
    ]);
    await apply(file('variables: { MODEL: a }'), true);
    // Given for what lacked a name, the approval is of other settings than these.
    expect(await show(id)).toMatchObject({ status: 'open', approvals: [{ counts: false }] });
    expect(await approve(id)).toMatchObject({ deployed: true });
  });
});

describe('approvals that race with a start', () => {
  it('deploy only what was approved of the settings that are in force', async () => {
    await apply(file('variables: { MODEL: a }'));
    const slugs = Array.from({ length: 10 }, (_, i) => `flow-${i}`);
    const ids = new Map<string, string>();
    for (const slug of slugs) {
      await push(flow('${MODEL}'), slug);
      await deploy(slug);
      const asked = await ask(slug);
      if (asked.kind !== 'opened') throw new Error(`Not opened but ${asked.kind}.`);
      ids.set(asked.promotion.id, slug);
    }
    await Promise.all([
      ...[...ids.keys()].map((id) => approve(id)),
      apply(file('variables: { MODEL: b }')),
      apply(file('variables: { MODEL: b }')),
    ]);
    const { items } = await here().useCases.listAudit({ workspaceId: here().workspace.id, limit: 100 });
    const changedAt = BigInt(items.find(({ subject }) => subject === 'settings:staging')?.seq ?? 0);
    for (const id of ids.keys()) {
      const promotion = await read((tx) => tx.promotions.find(id));
      const deployed = items.find((event) => event.action === 'promotion.deployed' && event.subject.endsWith(id));
      const inForce = deployed === undefined || BigInt(deployed.seq) > changedAt ? 'b' : 'a';
      const approvedOf = promotion?.approvals.map(({ reviewed }) => reviewed.settings['variables']);
      if (deployed === undefined) expect((await show(id)).approvals).toMatchObject([{ counts: false }]);
      else expect(approvedOf).toEqual([{ MODEL: inForce }]);
    }
  });
});

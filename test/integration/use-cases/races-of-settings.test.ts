import { beforeEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { atOnce, type Outcome, shuffled, tally, times } from '../../support/use-cases/at-once.ts';
import { type Canal, openCanal } from '../../support/use-cases/open-canal.ts';
import { withRulesChecked } from '../../support/use-cases/with-rules-checked.ts';

/** One race alone often runs in turn and proves nothing. */
const AT_A_TIME = 20;
const FLOWS = times(AT_A_TIME).map((i) => `flow-${i}`);
const LEADS = times(AT_A_TIME).map((i) => `U0LEAD${i}`);
const HELLO: Settings = { variables: { GREETING: 'hello' } };

let db: TestPersistence;
let canal: Canal;
withRulesChecked((opened) => {
  db = opened;
});
beforeEach(async () => {
  const people = Object.fromEntries(LEADS.map((id) => [id, ['lead'] as ['lead']]));
  canal = await openCanal(db.ports, { people });
  for (const flow of FLOWS) await canal.push(`Of ${flow}.`, flow);
});

const propose = (settings: Settings, { by = 'U0ADA', environment = 'staging', workflow = '' } = {}) =>
  canal.useCases.proposeSettings({
    ...{ actor: canal.as(by), environment, settings },
    ...(workflow === '' ? {} : { workflow }),
  });
const approve = (by: string, proposalId: string) => canal.useCases.approveSettings({ actor: canal.as(by), proposalId });

/** A change that waits for a lead, of each workflow. */
async function proposeAll(settings: Settings = HELLO): Promise<string[]> {
  const results = await Promise.all(FLOWS.map((workflow) => propose(settings, { by: 'U0ADA', workflow })));
  return results.map((result) => (result.kind === 'proposed' ? result.proposal.id : expect.unreachable()));
}

const revisions = () =>
  db.sql<{ number: number; proposal: string | null; settings: Settings }>(
    'SELECT number, proposal_id AS proposal, settings FROM settings_revision WHERE workspace_id = $1 ORDER BY number',
    [canal.workspaceId],
  );
async function statuses(): Promise<Record<string, number>> {
  const rows = await db.sql<{ status: string }>('SELECT status FROM settings_proposal WHERE workspace_id = $1', [
    canal.workspaceId,
  ]);
  return tally(rows.map(({ status }): Outcome<never> => ({ refused: status })));
}
/** How often the audit tells of each action about settings. */
async function told(): Promise<Record<string, number>> {
  const rows = await db.sql<{ action: string }>(
    `SELECT action FROM audit_event WHERE workspace_id = $1 AND action LIKE 'settings.%'`,
    [canal.workspaceId],
  );
  return tally(rows.map(({ action }): Outcome<never> => ({ refused: action })));
}

describe('twenty at once', () => {
  it('leads approve one change: it is applied once, by one of them', async () => {
    const wished = await propose(HELLO);
    const id = wished.kind === 'proposed' ? wished.proposal.id : expect.unreachable();
    const outcomes = await atOnce(LEADS.map((lead) => () => approve(lead, id)));
    expect(tally(outcomes)).toEqual({ done: 1, already_decided: AT_A_TIME - 1 });
    expect(await revisions()).toMatchObject([{ number: 1, proposal: id, settings: HELLO }]);
    expect(await told()).toEqual({ 'settings.proposed': 1, 'settings.approved': 1, 'settings.changed': 1 });
  });

  it('clicks of one lead approve one change once', async () => {
    const wished = await propose(HELLO);
    const id = wished.kind === 'proposed' ? wished.proposal.id : expect.unreachable();
    const outcomes = await atOnce(times(AT_A_TIME).map(() => () => approve('U0LEE', id)));
    expect(outcomes.filter(({ done }) => done?.changed)).toHaveLength(1);
    expect(tally(outcomes)).toEqual({ done: AT_A_TIME });
  });

  it('two approvals, where two are asked for: the second one applies it, however they come', async () => {
    await db.sql(
      `UPDATE environment SET policy = jsonb_set(policy, '{approvals}', '[{"role":"lead","count":2}]') WHERE workspace_id = $1 AND name = 'staging'`,
      [canal.workspaceId],
    );
    const ids = await proposeAll();
    const outcomes = await atOnce(
      shuffled(ids.flatMap((id) => [() => approve('U0LEE', id), () => approve('U0LIV', id)])),
    );
    expect(tally(outcomes)).toEqual({ done: 2 * AT_A_TIME });
    expect(outcomes.filter(({ done }) => done?.number != null)).toHaveLength(AT_A_TIME);
    expect((await revisions()).map(({ number }) => number)).toEqual(times(AT_A_TIME).map((i) => i + 1));
    expect(await statuses()).toEqual({ applied: AT_A_TIME });
  });

  it('approve against cancel, and approve against reject: one of them decides', async () => {
    const ids = await proposeAll();
    const outcomes = await atOnce(
      shuffled(
        ids.flatMap((proposalId, i) => [
          () => approve('U0LEE', proposalId),
          () =>
            i % 2 === 0
              ? canal.useCases.cancelSettings({ actor: canal.as('U0ADA'), proposalId })
              : canal.useCases.rejectSettings({ actor: canal.as('U0LIV'), proposalId, reason: 'no' }),
        ]),
      ),
    );
    expect(tally(outcomes)).toEqual({ done: AT_A_TIME, already_decided: AT_A_TIME });
    const { applied = 0, cancelled = 0, rejected = 0 } = await statuses();
    expect(applied + cancelled + rejected).toBe(AT_A_TIME);
    expect(await revisions()).toHaveLength(applied);
  });

  it('changes of one layer are asked for: one waits, the others are told', async () => {
    const outcomes = await atOnce(times(AT_A_TIME).map((i) => () => propose({ variables: { N: i } })));
    expect(tally(outcomes)).toEqual({ done: 1, already_proposed: AT_A_TIME - 1 });
    expect(await statuses()).toEqual({ open: 1 });
    expect(await told()).toEqual({ 'settings.proposed': 1 });
  });

  it('changes of one layer that need no approval follow each other, each told with what was before it', async () => {
    const wishes = times(AT_A_TIME).map((i) => () => propose({ variables: { N: i } }, { environment: 'dev' }));
    expect(tally(await atOnce(wishes))).toEqual({ done: AT_A_TIME });
    const numbered = await revisions();
    expect(numbered.map(({ number }) => number)).toEqual(times(AT_A_TIME).map((i) => i + 1));
    const events = await db.sql<{ before: Settings | null; after: Settings }>(
      `SELECT before, after FROM audit_event WHERE workspace_id = $1 AND action = 'settings.changed' ORDER BY seq`,
      [canal.workspaceId],
    );
    expect(events.map(({ after }) => after)).toEqual(numbered.map(({ settings }) => settings));
    expect(events.slice(1).map(({ before }) => before)).toEqual(events.slice(0, -1).map(({ after }) => after));
  });

  it('ticks expire each due change once, beside approvals of them', async () => {
    const ids = await proposeAll();
    await db.sql(`UPDATE settings_proposal SET expires_at = now() - interval '1 second' WHERE workspace_id = $1`, [
      canal.workspaceId,
    ]);
    const ticks = times(5).map(() => () => canal.useCases.expireSettings(canal.workspaceId));
    const outcomes = await atOnce<unknown>(shuffled([...ticks, ...ids.map((id) => () => approve('U0LEE', id))]));
    await canal.useCases.expireSettings(canal.workspaceId);
    expect(tally(outcomes)).toEqual({ done: 5, already_decided: AT_A_TIME });
    expect(await statuses()).toEqual({ expired: AT_A_TIME });
    expect(await told()).toEqual({ 'settings.proposed': AT_A_TIME, 'settings.expired': AT_A_TIME });
  });
});

describe('taking a variable away beside the deployment that needs it', () => {
  const GIVEN: Settings = { variables: { GREETING: 'hello' } };

  it('of its own workflow: one of them is refused, and whatever is live fills', async () => {
    for (const workflow of FLOWS) {
      await propose(GIVEN, { workflow, environment: 'dev' });
      await canal.push('Say ${GREETING}.', workflow);
    }
    const outcomes = await atOnce<unknown>(
      shuffled(
        FLOWS.flatMap((workflow) => [
          () => canal.deploy(undefined, workflow),
          () => propose({}, { workflow, environment: 'dev' }),
        ]),
      ),
    );
    expect(tally(outcomes)).toEqual({ done: AT_A_TIME, does_not_fill: AT_A_TIME });
    await expectAllToFill();
  });

  it('of all workflows at once: what is live afterwards fills, whoever came first', async () => {
    await propose(GIVEN, { environment: 'dev' });
    for (const workflow of FLOWS) await canal.push('Say ${GREETING}.', workflow);
    const takeAway = () => propose({}, { environment: 'dev' });
    const deployments = FLOWS.map((workflow) => () => canal.deploy(undefined, workflow));
    const outcomes = await atOnce<unknown>(shuffled([...deployments, takeAway]));
    const { done = 0, does_not_fill: refused = 0 } = tally(outcomes);
    // Either it was taken away before the first one went live, or something was live and it stays.
    expect([done, refused]).toEqual(done === 1 ? [1, AT_A_TIME] : [AT_A_TIME, 1]);
    await expectAllToFill();
  });

  async function expectAllToFill(): Promise<void> {
    for (const workflow of FLOWS) {
      const live = await canal.live('development', workflow);
      const layers = await Promise.all([
        canal.useCases.showSettingsLayer({ workspaceId: canal.workspaceId, environment: 'dev' }),
        canal.useCases.showSettingsLayer({ workspaceId: canal.workspaceId, environment: 'dev', workflow }),
      ]);
      const isGiven = layers.some(({ settings }) => settings.variables?.['GREETING'] !== undefined);
      if (live === 2) expect([workflow, isGiven]).toEqual([workflow, true]);
    }
  }
});

describe('a change of settings beside the approval of a promotion that reads them', () => {
  it('what went live was approved with the settings that were there, or waits anew', async () => {
    for (const environment of ['development', 'staging']) {
      const wished = await propose(HELLO, { environment });
      if (wished.kind === 'proposed') await approve('U0LEE', wished.proposal.id);
    }
    await db.sql(
      `UPDATE environment SET policy = jsonb_set(policy, '{approvals}', '[{"role":"lead","count":2}]') WHERE workspace_id = $1 AND name = 'staging'`,
      [canal.workspaceId],
    );
    const promotions: string[] = [];
    for (const workflow of FLOWS) {
      await canal.push('Say ${GREETING}.', workflow);
      await canal.deploy(undefined, workflow);
      promotions.push(await canal.open('staging', 'U0DEV', workflow));
    }
    await Promise.all(promotions.map((id, i) => canal.approve(LEADS[i] ?? '', id)));
    const changed = await propose({ variables: { GREETING: 'good day' } });
    const id = changed.kind === 'proposed' ? changed.proposal.id : expect.unreachable();
    await approve('U0LEE', id);
    const outcomes = await atOnce<unknown>(
      shuffled([() => approve('U0LIV', id), ...promotions.map((one) => () => canal.approve('U0ABE', one))]),
    );
    expect(tally(outcomes)).toEqual({ done: AT_A_TIME + 1 });
    const [{ seq = '' } = {}] = await db.sql<{ seq: string }>(
      `SELECT seq FROM audit_event WHERE workspace_id = $1 AND action = 'settings.changed' ORDER BY seq DESC LIMIT 1`,
      [canal.workspaceId],
    );
    const after = await db.sql(
      `SELECT 1 FROM audit_event WHERE workspace_id = $1 AND action = 'promotion.deployed' AND seq > $2`,
      [canal.workspaceId, seq],
    );
    expect(after).toEqual([]);
    for (const one of promotions) {
      const { status, approvals } = await canal.show(one);
      // The first approval was of the settings before; what did not go live by then waits for two of the settings now.
      if (status === 'open') expect(approvals.find(({ by }) => by !== 'U0ABE')?.counts).toBe(false);
      else expect(status).toBe('deployed');
    }
  });
});

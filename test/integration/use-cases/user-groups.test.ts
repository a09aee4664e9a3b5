import { beforeEach, describe, expect, it } from 'vitest';
import { withDirectory } from '../../../src/use-cases/with-directory.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { askMore, letTimePass, verdictOf } from '../../support/use-cases/ask-more.ts';
import { type Canal, canalOf, FLOW } from '../../support/use-cases/open-canal.ts';
import { proposed } from '../../support/use-cases/settings-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
let id: string;
/** Null: Slack does not say. */
let members: string[] | null;
let asked: string[];
let beginnings: number;
withCanal((fresh) => {
  db = fresh.db;
  members = ['U0MAX'];
  forgetAnswers(fresh.canal.workspaceId);
});
/** What was looked up is remembered no more. */
function forgetAnswers(workspaceId = canal.workspaceId): void {
  const membersOf = async (group: string) => {
    asked.push(group);
    if (members === null) throw new Error('away');
    return members;
  };
  [asked, beginnings] = [[], 0];
  const inTransaction: typeof db.ports.inTransaction = (id, work) => {
    beginnings++;
    return db.ports.inTransaction(id, work);
  };
  canal = canalOf(withDirectory({ ...db.ports, inTransaction }, { membersOf }), workspaceId);
}
beforeEach(async () => {
  await canal.reach('development', 'one');
  await askMore(db, canal, 'staging', { approvals: [{ usergroup: 'S0SRE', count: 1 }] });
});

describe('a rule that names a user group', () => {
  beforeEach(async () => {
    id = await canal.open('staging');
  });

  it('is filled by who is in it at the click, whatever their role', async () => {
    await expect(canal.approve('U0ADA', id)).rejects.toMatchObject({ code: 'not_permitted' });
    expect(await canal.approve('U0MAX', id)).toMatchObject({ deployed: true });
  });

  it('is asked of Slack once in half a minute, and never while a transaction is open', async () => {
    await canal.show(id);
    await canal.approve('U0MAX', id);
    expect(asked).toEqual(['S0SRE']);
  });

  it('names on the card who is in it', async () => {
    expect((await canal.show(id)).canApprove.userIds).toEqual(['U0MAX']);
  });
});

it('is filled by nobody while Slack does not say who is in it, and by its members once it does', async () => {
  members = null;
  id = await canal.open('staging');
  await expect(canal.approve('U0MAX', id)).rejects.toMatchObject({ code: 'not_permitted' });
  members = ['U0MAX'];
  expect(await canal.approve('U0MAX', id)).toMatchObject({ deployed: true });
});

it('is asked about again by the clock where Slack failed just then, so that nothing that is approved is stranded', async () => {
  id = await canal.open('staging');
  await canal.useCases.lock({ actor: canal.as('U0LEE'), scope: FLOW, reason: 'wait' });
  await canal.approve('U0MAX', id);
  forgetAnswers();
  members = null;
  await canal.useCases.unlock({ actor: canal.as('U0LEE'), scope: FLOW });
  const tick = () => canal.useCases.judgeDue(canal.workspaceId);
  await tick();
  expect(await verdictOf(canal, id, 'approvals')).toMatchObject({
    ...{ state: 'pending', retryAt: expect.any(Date) },
    summary: 'Approval by 1 of the user group S0SRE (Slack does not say who is in S0SRE; it is asked again)',
  });
  members = ['U0MAX'];
  await letTimePass(db, canal, 30_000);
  expect(await tick()).toBe(1);
  expect(await canal.live('staging')).toBe(1);
});

it('of many open promotions is looked up at most in three beginnings', async () => {
  for (let i = 0; i < 21; i++) {
    const slug = `flow-${i}`;
    await canal.push('one', slug);
    await canal.deploy(undefined, slug);
    await canal.open('staging', 'U0DEV', slug);
  }
  const stricter = Array.from({ length: 21 }, (_, i) => ({
    workflows: [`flow-${i}`],
    approvals: [{ usergroup: `S${100 + i}`, count: 1 }],
  }));
  await askMore(db, canal, 'staging', { approvals: [], stricter });
  forgetAnswers();
  await canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId: 'U0DEV', role: 'lead', departments: [] });
  expect(new Set(asked).size).toBe(21);
  expect(beginnings).toBeLessThanOrEqual(3);
});

it('of changes of settings is filled by its members too', async () => {
  await askMore(db, canal, 'staging', { approvals: [{ onCall: 'S0SRE', count: 1 }] });
  const wish = { actor: canal.as('U0ADA'), environment: 'staging', settings: { variables: { TONE: 'calm' } } };
  const proposal = proposed(await canal.useCases.proposeSettings(wish));
  const approve = (by: string) => canal.useCases.approveSettings({ actor: canal.as(by), proposalId: proposal.id });
  await expect(approve('U0LEE')).rejects.toMatchObject({ code: 'not_permitted' });
  expect(await approve('U0MAX')).toMatchObject({ changed: true });
});

it('asks nobody where no rule names one', async () => {
  await askMore(db, canal, 'staging', { approvals: [{ role: 'lead', count: 1 }] });
  expect(await canal.approve('U0LEE', await canal.open('staging'))).toMatchObject({ deployed: true });
  expect(asked).toEqual([]);
});

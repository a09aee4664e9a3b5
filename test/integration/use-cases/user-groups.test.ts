import { beforeEach, describe, expect, it } from 'vitest';
import { withDirectory } from '../../../src/use-cases/with-directory.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { askMore } from '../../support/use-cases/ask-more.ts';
import { type Canal, canalOf } from '../../support/use-cases/open-canal.ts';
import { proposed } from '../../support/use-cases/settings-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
let id: string;
/** Null: Slack does not say. */
let members: string[] | null;
let asked: string[];
withCanal((fresh) => {
  db = fresh.db;
  members = ['U0MAX'];
  asked = [];
  const membersOf = async (group: string) => {
    asked.push(group);
    if (members === null) throw new Error('away');
    return members;
  };
  canal = canalOf(withDirectory(db.ports, { membersOf }), fresh.canal.workspaceId);
});
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

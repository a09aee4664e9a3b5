import { describe, expect, test } from 'vitest';
import { effectiveRole, ROLES, type Role, type SlackStanding } from '../../../src/domain/person.ts';
import type { Assignment, SlackProfile, Transaction } from '../../../src/use-cases/ports.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { seedWorkspace } from '../../support/database/seed.ts';
import { withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';

let db: TestPersistence;
let workspaceId: string;
const write = <T>(work: (tx: Transaction) => Promise<T>) => db.ports.inTransaction(workspaceId, work);
const get = (userId: string) => db.ports.reading(workspaceId, (tx) => tx.people.get(userId));
const listFrom = (role: Role, limit = 100) =>
  db.ports.reading(workspaceId, async (tx) => (await tx.people.listFrom(role, limit)).map((person) => person.userId));
const profile = (userId: string, more: Partial<SlackProfile> = {}): SlackProfile => ({
  userId,
  name: `Name of ${userId}`,
  standing: 'member',
  slackAdmin: false,
  ...more,
});
const file = (...named: [string, Assignment][]) => write((tx) => tx.people.replaceFileAssignments(new Map(named)));

withSeededWorkspace((seeded) => {
  ({ db, workspaceId } = seeded);
});

/** How many transactions wait for a lock. */
const waiting = async () =>
  (await db.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"))
    .length;

describe('a person', () => {
  test('never seen stands as a member with the default role, named by their id', async () => {
    const unknown = {
      userId: 'U0NEW',
      name: 'U0NEW',
      standing: 'member',
      role: 'member',
      departments: [],
      managedByFile: false,
    };
    expect(await get('U0NEW')).toEqual(unknown);
    await write((tx) => tx.workspace.saveSettings({ defaultRole: 'viewer', departments: ['growth'] }));
    expect(await get('U0NEW')).toEqual({ ...unknown, role: 'viewer' });
  });

  test('is what Slack says, then what /towpath role says, then what the file says', async () => {
    await write((tx) => tx.people.saveProfiles([profile('U0LEE', { name: 'Lee 李' })]));
    expect(await get('U0LEE')).toMatchObject({ name: 'Lee 李', role: 'member', departments: [] });
    await write((tx) => tx.people.assign('U0LEE', { role: 'lead', departments: ['support'] }));
    expect(await get('U0LEE')).toMatchObject({ role: 'lead', departments: ['support'], managedByFile: false });
    await file(['U0LEE', { role: 'viewer', departments: ['growth'] }]);
    expect(await get('U0LEE')).toMatchObject({ role: 'viewer', departments: ['growth'], managedByFile: true });
    await file();
    expect(await get('U0LEE')).toMatchObject({ role: 'lead', departments: ['support'], managedByFile: false });
  });

  test('is an admin by Slack only while no admin is named anywhere', async () => {
    await write((tx) => tx.people.saveProfiles([profile('U0OWN', { slackAdmin: true })]));
    expect((await get('U0OWN')).role).toBe('admin');
    await write((tx) => tx.people.assign('U0ADA', { role: 'admin', departments: [] }));
    expect((await get('U0OWN')).role).toBe('member');
  });

  test('several are read at once, known or not, each once', async () => {
    await write((tx) => tx.people.saveProfiles([profile('U0LEE')]));
    const people = await db.ports.reading(workspaceId, (tx) => tx.people.getMany(['U0LEE', 'U0NEW', 'U0LEE']));
    expect([...people.keys()].sort()).toEqual(['U0LEE', 'U0NEW']);
    expect(await db.ports.reading(workspaceId, (tx) => tx.people.getMany([]))).toEqual(new Map());
  });

  test('what Slack says anew replaces what it said, and when it was asked is known', async () => {
    expect(await db.ports.reading(workspaceId, (tx) => tx.people.refreshedAt('U0LEE'))).toBeNull();
    await write((tx) => tx.people.saveProfiles([profile('U0LEE'), profile('U0LEE', { standing: 'deactivated' })]));
    expect(await get('U0LEE')).toMatchObject({ standing: 'deactivated', role: 'viewer' });
    const at = await write(async (tx) => {
      await tx.people.saveProfiles([profile('U0LEE')]);
      return tx.now;
    });
    expect(await db.ports.reading(workspaceId, (tx) => tx.people.refreshedAt('U0LEE'))).toEqual(at);
    expect((await get('U0LEE')).standing).toBe('member');
  });
});

describe('lists', () => {
  test('the list by role agrees with the domain on every combination of sources', async () => {
    const standings: SlackStanding[] = ['member', 'guest', 'bot', 'foreign', 'deactivated'];
    const roles = [null, ...ROLES];
    const combinations = standings.flatMap((standing) =>
      [true, false].flatMap((slackAdmin) =>
        roles.flatMap((fileRole) => roles.map((assignedRole) => ({ standing, slackAdmin, fileRole, assignedRole }))),
      ),
    );
    for (const adminNamed of [true, false]) {
      for (const defaultRole of ROLES) {
        ({ workspaceId } = await seedWorkspace(db.ports));
        const sources = combinations.filter((c) => adminNamed || (c.fileRole ?? c.assignedRole) !== 'admin');
        await write((tx) => tx.workspace.saveSettings({ defaultRole, departments: [] }));
        const rows = sources.map((source, i) => ({
          user_id: `U${i}`,
          slack_standing: source.standing,
          slack_admin: source.slackAdmin,
          file_role: source.fileRole,
          assigned_role: source.assignedRole,
        }));
        await db.sql(
          `INSERT INTO person (workspace_id, user_id, slack_standing, slack_admin, file_role, assigned_role)
           SELECT $1, * FROM jsonb_to_recordset($2) AS r(user_id text, slack_standing text, slack_admin boolean, file_role text, assigned_role text)`,
          [workspaceId, JSON.stringify(rows)],
        );
        for (const lowest of ROLES) {
          const expected = sources.flatMap((source, i) =>
            ROLES.indexOf(effectiveRole({ ...source, defaultRole, adminNamed })) >= ROLES.indexOf(lowest)
              ? [`U${i}`]
              : [],
          );
          expect((await listFrom(lowest, 1000)).sort()).toEqual(expected.sort());
        }
      }
    }
  });

  test('people come by role, then by name, and no more than asked for', async () => {
    await write((tx) =>
      tx.people.saveProfiles([
        profile('U1', { name: 'zoe' }),
        profile('U2', { name: 'Abe' }),
        profile('U3', { name: 'bob' }),
      ]),
    );
    await write((tx) => tx.people.assign('U1', { role: 'lead', departments: [] }));
    expect(await listFrom('member')).toEqual(['U1', 'U2', 'U3']);
    expect(await listFrom('member', 2)).toEqual(['U1', 'U2']);
    expect(await listFrom('lead')).toEqual(['U1']);
  });

  test('those whom the file or /towpath role names are listed, and the file’s alone to compare', async () => {
    await write((tx) => tx.people.saveProfiles([profile('U0DEV')]));
    await write((tx) => tx.people.assign('U0BEA', { role: 'lead', departments: ['growth'] }));
    await file(
      ['U0ADA', { role: 'admin', departments: [] }],
      ['U0LEE', { role: 'lead', departments: ['support', 'growth'] }],
    );
    const read = await db.ports.inTransaction(workspaceId, async (tx) => ({
      assigned: (await tx.people.listAssigned()).map((person) => person.userId),
      file: await tx.people.listFileAssignments(),
    }));
    expect(read.assigned).toEqual(['U0ADA', 'U0BEA', 'U0LEE']);
    expect(read.file).toEqual(
      new Map([
        ['U0ADA', { role: 'admin', departments: [] }],
        ['U0LEE', { role: 'lead', departments: ['support', 'growth'] }],
      ]),
    );
  });
});

describe('a time zone', () => {
  const zone = () => db.ports.reading(workspaceId, (tx) => tx.people.timeZone('U0LEE'));

  test('is kept as Slack said it last; where Slack says none, what was known stays', async () => {
    expect(await zone()).toBeNull();
    await write((tx) => tx.people.saveProfiles([profile('U0LEE', { timeZone: 'Europe/Berlin' })]));
    expect(await zone()).toBe('Europe/Berlin');
    await write((tx) => tx.people.saveProfiles([profile('U0LEE', { timeZone: 'Asia/Kolkata' })]));
    await write((tx) => tx.people.saveProfiles([profile('U0LEE')]));
    expect(await zone()).toBe('Asia/Kolkata');
  });
});

describe('locked people stay as they are until the transaction ends', () => {
  test.each<[string, (tx: Transaction) => Promise<void>]>([
    ['a demotion', (tx) => tx.people.assign('U0LEE', { role: 'viewer', departments: [] })],
    ['a deactivation', (tx) => tx.people.saveProfiles([profile('U0LEE', { standing: 'deactivated' })])],
    ['the file', (tx) => tx.people.replaceFileAssignments(new Map([['U0LEE', { role: 'viewer', departments: [] }]]))],
    ['another default role', (tx) => tx.workspace.saveSettings({ defaultRole: 'viewer', departments: [] })],
    [
      'the first admin named, who ends the stand-in of Slack’s',
      (tx) => tx.people.assign('U0ADA', { role: 'admin', departments: [] }),
    ],
  ])('%s waits', async (_what, change) => {
    const order: string[] = [];
    let changing: Promise<void> = Promise.resolve();
    await write(async (tx) => {
      // Never seen before, so there was no row to lock.
      await tx.people.getManyLocked(['U0LEE', 'U0BEA']);
      changing = write(change).then(() => void order.push('changed'));
      await expect.poll(waiting, { timeout: 5000 }).toBe(1);
      expect((await tx.people.get('U0LEE')).role).toBe('member');
      order.push('acted');
    });
    await changing;
    expect(order).toEqual(['acted', 'changed']);
  });

  test('a deactivation of somebody seen before waits, too', async () => {
    await write((tx) => tx.people.saveProfiles([profile('U0LEE')]));
    let deactivating: Promise<void> = Promise.resolve();
    await write(async (tx) => {
      await tx.people.getManyLocked(['U0LEE']);
      deactivating = write((other) => other.people.saveProfiles([profile('U0LEE', { standing: 'deactivated' })]));
      await expect.poll(waiting, { timeout: 5000 }).toBe(1);
    });
    await deactivating;
  });

  test('two who lock the same people, seen before, do not wait for each other', async () => {
    await write((tx) => tx.people.saveProfiles([profile('U0LEE'), profile('U0BEA')]));
    await write(async (tx) => {
      await tx.people.getManyLocked(['U0LEE', 'U0BEA']);
      await write((other) => other.people.getManyLocked(['U0BEA', 'U0LEE']));
    });
  });
});

import { describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { AuditEvent } from '../../../src/use-cases/ports.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { anActor, createWorkflow } from '../../support/database/seed.ts';
import { withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';

let db: TestPersistence;
let workspaceId: string;
let staging: Environment;
const { write } = withSeededWorkspace((seeded) => {
  ({ db, workspaceId, staging } = seeded);
});

describe('the audit', () => {
  const list = (
    filter: { workflowId?: string; environmentId?: string; action?: string; before?: string; limit?: number } = {},
  ) => db.ports.reading(workspaceId, (tx) => tx.audit.list({ limit: 100, ...filter }));

  test('keeps who did what, by which way, with the state before and after as JSON', async () => {
    const at = await write(async (tx) => {
      await tx.audit.record(anActor(workspaceId, 'U0ADA'), {
        action: 'role.assigned',
        subject: 'person:U1',
        before: null,
        after: { at: tx.now, n: undefined, role: 'lead' },
      });
      return tx.now;
    });
    const { items } = await list();
    expect(items).toEqual([
      {
        seq: expect.stringMatching(/^\d+$/),
        at,
        actor: 'U0ADA',
        via: 'slack',
        action: 'role.assigned',
        subject: 'person:U1',
        before: null,
        after: { at: at.toISOString(), role: 'lead' },
        token: null,
      },
    ]);
  });

  test('keeps the name of the token that it was done by', async () => {
    const actor = { ...anActor(workspaceId, 'U0ADA'), via: 'api' as const, token: { name: 'ci', isPersonal: false } };
    await write((tx) => tx.audit.record(actor, { action: 'by.token', subject: 'settings' }));
    expect((await list({ action: 'by.token' })).items).toMatchObject([{ actor: 'U0ADA', via: 'api', token: 'ci' }]);
  });

  test('is filtered by workflow, environment and action, and read back from any point', async () => {
    const workflow = await write((tx) => createWorkflow(tx));
    await write(async (tx) => {
      const actor = anActor(workspaceId);
      await tx.audit.record(actor, { action: 'a', subject: '1' });
      await tx.audit.record(actor, { action: 'a', subject: '2', workflowId: workflow.id });
      await tx.audit.record(actor, { action: 'b', subject: '3', workflowId: workflow.id, environmentId: staging.id });
    });
    const subjects = (page: { items: AuditEvent[] }) => page.items.map((event) => event.subject);
    expect(subjects(await list())).toEqual(['3', '2', '1']);
    expect(subjects(await list({ workflowId: workflow.id }))).toEqual(['3', '2']);
    expect(subjects(await list({ environmentId: staging.id }))).toEqual(['3']);
    expect(subjects(await list({ action: 'a', workflowId: workflow.id }))).toEqual(['2']);
    const first = await list({ limit: 2 });
    expect(subjects(first)).toEqual(['3', '2']);
    const second = await list({ limit: 2, before: first.cursor ?? '' });
    expect(subjects(second)).toEqual(['1']);
    expect(second.cursor).toBeNull();
  });

  test.each(['', 'x', '-1', '1e3', '99999999999999999999'])(
    'a point that is no sequence number is refused: “%s”',
    async (before) => {
      await expect(list({ before })).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );

  test('nobody acts in another workspace', async () => {
    await expect(write((tx) => tx.audit.record(anActor('T0OTHER'), { action: 'a', subject: 's' }))).rejects.toThrow(
      'T0OTHER',
    );
  });
});

import type { ApprovalRule } from '../../../src/domain/environment.ts';
import type { Requires, StricterEntry } from '../../../src/domain/policy/policy.ts';
import type { TestPersistence } from '../database/open-test-persistence.ts';
import type { Canal } from './open-canal.ts';

type Asked = Requires & { approvals?: readonly ApprovalRule[]; stricter?: readonly StricterEntry[] };

/** Has an environment of the canal ask for this besides what it asks already. */
export async function askMore(
  db: TestPersistence,
  { workspaceId }: Pick<Canal, 'workspaceId'>,
  environment: string,
  asked: Asked,
): Promise<void> {
  await db.sql('UPDATE environment SET policy = policy || $1::jsonb WHERE workspace_id = $2 AND name = $3', [
    JSON.stringify(asked),
    workspaceId,
    environment,
  ]);
}

/** The verdicts of an open promotion that are not met, `kind: state`. */
export async function stillOpen(canal: Canal, promotionId: string): Promise<string[]> {
  const { requirements } = await canal.show(promotionId);
  return requirements.filter(({ state }) => state !== 'met').map(({ kind, state }) => `${kind}: ${state}`);
}

/** What an open promotion is told of one kind. */
export async function verdictOf(canal: Canal, promotionId: string, kind: string) {
  return (await canal.show(promotionId)).requirements.find((one) => one.kind === kind);
}

/** Lets time pass in a workspace: everything that happened, and all that is waited for, is that many milliseconds earlier. */
export async function letTimePass(
  db: TestPersistence,
  { workspaceId }: Pick<Canal, 'workspaceId'>,
  milliseconds: number,
): Promise<void> {
  const times: Record<string, readonly string[]> = {
    promotion: ['deploy_at', 'judge_at', 'judged_at', 'requested_at', 'expires_at'],
    deployment: ['deployed_at', 'ended_at'],
    deployment_stretch: ['started_at', 'ended_at'],
    freeze: ['at', 'until', 'ended_at'],
    resource_lock: ['at', 'until', 'ended_at'],
    check_result: ['at', 'received_at'],
    suite_run: ['asked_at', 'started_at', 'seen_at', 'ended_at'],
    gate_request: ['asked_at', 'answered_at'],
    parity_report: ['at'],
  };
  for (const [table, columns] of Object.entries(times)) {
    const set = columns.map((column) => `${column} = ${column} - $2 * interval '1 ms'`).join(', ');
    // What has ended stays as it is, which a trigger sees to.
    const which = table === 'promotion' ? "AND status = 'open'" : '';
    await db.sql(`UPDATE "${table}" SET ${set} WHERE workspace_id = $1 ${which}`, [workspaceId, milliseconds]);
  }
}

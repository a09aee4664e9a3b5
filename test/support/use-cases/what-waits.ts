import type { TestPersistence } from '../database/open-test-persistence.ts';

/** How many jobs of a kind wait for one subject; of all subjects without one. */
export async function waitingJobs(db: Pick<TestPersistence, 'sql'>, task: string, subjectId?: string): Promise<number> {
  const rows = await db.sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE t.identifier = $1 AND ($2::text IS NULL OR j.payload->>'subjectId' = $2)`,
    [task, subjectId ?? null],
  );
  return rows[0]?.n ?? 0;
}

/** Deliveries to one endpoint, newest last: their type and what they say. */
export async function deliveries(
  db: Pick<TestPersistence, 'sql'>,
  workspaceId: string,
  type?: string,
): Promise<{ url: string; type: string; data: Record<string, unknown> }[]> {
  const rows = await db.sql<{ url: string; type: string; body: string }>(
    'SELECT url, type, body FROM webhook_delivery WHERE workspace_id = $1 AND ($2::text IS NULL OR type = $2) ORDER BY created_at, id',
    [workspaceId, type ?? null],
  );
  return rows.map(({ url, type: kind, body }) => ({ url, type: kind, data: JSON.parse(body).data }));
}

/** Messages of one subject in the order they were written: kind, target and payload. */
export async function messages(
  db: Pick<TestPersistence, 'sql'>,
  subjectId: string,
): Promise<{ kind: string; target: string; payload: Record<string, unknown> }[]> {
  return db.sql('SELECT kind, target, payload FROM announcement WHERE subject_id = $1 ORDER BY seq', [subjectId]);
}

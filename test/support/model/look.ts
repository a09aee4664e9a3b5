import type { TestPersistence } from '../database/open-test-persistence.ts';

/** What the tables hold of one workspace with one workflow. */
export interface Seen {
  /** In the order in which they went live. */
  deployments: {
    id: string;
    environment: string;
    version: number;
    status: string;
    promotion: string | null;
    replaces: string | null;
  }[];
  promotions: {
    id: string;
    status: string;
    version: number;
    from: string;
    to: string;
    by: string;
    canary: boolean;
    requestedAt: string;
    closedAt: string | null;
    closedBy: string | null;
  }[];
  /** Numbers of versions. */
  quarantined: number[];
  /** Approvals beyond the first of the same person for the same thing. */
  doubled: number;
}

/** Looks past everything that is tested. */
export async function look(db: Pick<TestPersistence, 'sql'>, workspaceId: string): Promise<Seen> {
  const [row] = await db.sql<{ seen: Seen }>(
    `SELECT json_build_object(
      'deployments', COALESCE((SELECT json_agg(json_build_object('id', d.id, 'environment', e.name, 'version', v.number, 'status', d.status,
          'promotion', d.promotion_id, 'replaces', d.replaces_id) ORDER BY d.deployed_at, d.id)
        FROM deployment d JOIN environment e ON e.id = d.environment_id JOIN version v ON v.id = d.version_id
        WHERE d.workflow_id = w.id), '[]'),
      'promotions', COALESCE((SELECT json_agg(json_build_object('id', p.id, 'status', p.status, 'version', v.number, 'from', s.name,
          'to', t.name, 'by', p.requested_by, 'canary', p.canary IS NOT NULL,
          'requestedAt', p.requested_at, 'closedAt', p.closed_at, 'closedBy', p.closed_by) ORDER BY p.requested_at)
        FROM promotion p JOIN environment s ON s.id = p.source_environment_id JOIN environment t ON t.id = p.target_environment_id
        JOIN version v ON v.id = p.version_id WHERE p.workflow_id = w.id), '[]'),
      'quarantined', COALESCE((SELECT json_agg(v.number) FROM quarantine q JOIN version v ON v.id = q.version_id
        WHERE q.workflow_id = w.id AND q.lifted_at IS NULL), '[]'),
      'doubled', (SELECT count(*) - count(DISTINCT (a.promotion_id, a.user_id, a.fingerprint)) FROM approval a
        JOIN promotion p ON p.id = a.promotion_id WHERE p.workflow_id = w.id)) AS seen
    FROM workflow w WHERE w.workspace_id = $1`,
    [workspaceId],
  );
  if (row === undefined) throw new Error('The workspace has no workflow.');
  return row.seen;
}

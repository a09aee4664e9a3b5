import type { CanalModel } from './canal-model.ts';
import type { RealCanal } from './real-canal.ts';

/** Everything that happened in the workspace, and all that is waited for, is that many minutes earlier. */
export async function passTime({ db, canal }: RealCanal, model: CanalModel, minutes: number): Promise<void> {
  await db.sql(
    `WITH flow AS (SELECT id FROM workflow WHERE workspace_id = $1), past AS (SELECT $2 * interval '1 minute' AS by),
      a AS (UPDATE promotion SET deploy_at = deploy_at - past.by, judge_at = judge_at - past.by, judged_at = judged_at - past.by,
        requested_at = requested_at - past.by, expires_at = expires_at - past.by
        FROM past, flow WHERE workflow_id = flow.id AND workspace_id = $1 AND status = 'open'),
      b AS (UPDATE deployment_stretch s SET started_at = started_at - past.by, ended_at = s.ended_at - past.by
        FROM past, flow, deployment d WHERE d.workflow_id = flow.id AND s.deployment_id = d.id),
      c AS (UPDATE deployment SET deployed_at = deployed_at - past.by, ended_at = ended_at - past.by
        FROM past, flow WHERE workflow_id = flow.id),
      d AS (UPDATE "freeze" SET at = at - past.by, until = until - past.by FROM past WHERE workspace_id = $1 AND ended_at IS NULL),
      e AS (UPDATE resource_lock SET at = at - past.by, until = until - past.by FROM past WHERE workspace_id = $1 AND ended_at IS NULL),
      f AS (UPDATE gate_request g SET asked_at = asked_at - past.by FROM past, flow, promotion p
        WHERE p.workflow_id = flow.id AND g.promotion_id = p.id AND g.state IN ('asked', 'unreachable')),
      g AS (UPDATE parity_report r SET at = at - past.by FROM past, flow, promotion p
        WHERE p.workflow_id = flow.id AND r.promotion_id = p.id)
    UPDATE check_result c SET at = c.at - past.by, received_at = received_at - past.by
    FROM past, flow, version v WHERE v.workflow_id = flow.id AND c.version_id = v.id`,
    [canal.workspaceId, minutes],
  );
  if (model.runs.length === 0) return;
  await db.sql(
    `UPDATE run_record r SET started_at = started_at - $2 * interval '1 minute' FROM workflow w
     WHERE w.workspace_id = $1 AND r.workflow_id = w.id`,
    [canal.workspaceId, minutes],
  );
}

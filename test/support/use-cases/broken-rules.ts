import type { TestPersistence } from '../database/open-test-persistence.ts';

/** What must hold in the tables after any number of acts, however they ran beside each other. Each query finds who breaks it. */
const RULES: Record<string, string> = {
  'at most one deployment is active for a workflow and environment': `
    SELECT workflow_id, environment_id FROM deployment WHERE status = 'active' GROUP BY 1, 2 HAVING count(*) > 1`,

  'at most one canary runs for a workflow and environment, beside what is active there': `
    SELECT c.id FROM deployment c WHERE c.status = 'candidate' AND (
      1 <> (SELECT count(*) FROM deployment o WHERE o.workflow_id = c.workflow_id AND o.environment_id = c.environment_id AND o.status = 'candidate')
      OR NOT EXISTS (SELECT 1 FROM deployment a WHERE a.id = c.replaces_id AND a.status = 'active' AND a.version_id <> c.version_id
        AND a.workflow_id = c.workflow_id AND a.environment_id = c.environment_id))`,

  'what was deployed as a canary was asked for as one, and nothing else was': `
    SELECT d.id FROM deployment d LEFT JOIN promotion p ON p.id = d.promotion_id
    WHERE (p.canary IS NOT NULL) <> EXISTS (SELECT 1 FROM audit_event e WHERE e.subject = 'deployment:' || d.id AND e.action = 'rollout.started')
      OR d.status IN ('candidate', 'aborted') AND p.canary IS NULL`,

  'nothing is deployed where a canary runs': `
    SELECT d.id FROM deployment c JOIN deployment d ON d.workflow_id = c.workflow_id AND d.environment_id = c.environment_id AND d.id <> c.id
    WHERE c.status IN ('candidate', 'aborted') AND d.deployed_at > c.deployed_at AND (c.ended_at IS NULL OR d.deployed_at < c.ended_at)`,

  'the audit tells each canary’s start, and how it ended, once': `
    SELECT d.id FROM deployment d JOIN promotion p ON p.id = d.promotion_id JOIN LATERAL (
      SELECT count(*) FILTER (WHERE e.action = 'rollout.started') AS started, count(*) FILTER (WHERE e.action = 'rollout.finished') AS finished,
        count(*) FILTER (WHERE e.action = 'rollout.aborted') - count(*) FILTER (WHERE e.action = 'rollout.abort_undone') AS aborted
      FROM audit_event e WHERE e.subject = 'deployment:' || d.id) AS told ON true
    WHERE p.canary IS NOT NULL AND (told.started, told.finished, told.aborted)
      IS DISTINCT FROM (1, CASE WHEN d.status IN ('candidate', 'aborted') THEN 0 ELSE 1 END, CASE WHEN d.status = 'aborted' THEN 1 ELSE 0 END)`,

  'each audit event of a canary begins where the one before it ended': `
    SELECT seq FROM (
      SELECT seq, "before", lag("after") OVER (PARTITION BY workspace_id, subject ORDER BY seq) AS previous
      FROM audit_event WHERE action LIKE 'rollout.%') AS told
    WHERE (previous IS NULL) <> ("before" IS NULL OR "before" = 'null'::jsonb)
      OR previous IS NOT NULL AND ("before"->>'status', "before"->>'share') IS DISTINCT FROM (previous->>'status', previous->>'share')`,

  'each endpoint hears of each step of a canary once': `
    SELECT e.id, kind FROM environment e, jsonb_array_elements(e.webhooks) AS hook, unnest(ARRAY['started', 'changed', 'finished', 'aborted']) AS kind
    WHERE (SELECT count(*) FROM webhook_delivery w WHERE w.environment_id = e.id AND w.url = hook->>'url' AND w.type = 'rollout.' || kind)
       <> (SELECT count(*) FROM audit_event a WHERE a.environment_id = e.id
            AND (a.action = 'rollout.' || kind OR kind = 'started' AND a.action = 'rollout.abort_undone'))`,

  'an active deployment has exactly one open stretch, and no other has one': `
    SELECT d.id, d.status FROM deployment d LEFT JOIN deployment_stretch s ON s.deployment_id = d.id AND s.ended_at IS NULL
    GROUP BY d.id HAVING count(s.id) <> CASE WHEN d.status = 'active' THEN 1 ELSE 0 END`,

  'stretches of a workflow in an environment never overlap': `
    SELECT a.id FROM deployment_stretch a JOIN deployment x ON x.id = a.deployment_id
    JOIN deployment y ON y.workflow_id = x.workflow_id AND y.environment_id = x.environment_id
    JOIN deployment_stretch b ON b.deployment_id = y.id AND b.id > a.id
    WHERE (a.started_at, COALESCE(a.ended_at, 'infinity')) OVERLAPS (b.started_at, COALESCE(b.ended_at, 'infinity'))`,

  'no two deployments of a workflow in an environment went live in the same moment': `
    SELECT workflow_id, environment_id, deployed_at FROM deployment GROUP BY 1, 2, 3 HAVING count(*) > 1`,

  'a deployed promotion became exactly one deployment, and no other promotion became one': `
    SELECT p.id, p.status FROM promotion p LEFT JOIN deployment d ON d.promotion_id = p.id
    GROUP BY p.id HAVING count(d.id) <> CASE WHEN p.status = 'deployed' THEN 1 ELSE 0 END`,

  'what a promotion became is its version in its target': `
    SELECT p.id FROM promotion p JOIN deployment d ON d.promotion_id = p.id
    WHERE (d.workflow_id, d.version_id, d.environment_id) IS DISTINCT FROM (p.workflow_id, p.version_id, p.target_environment_id)`,

  'only the first environment has deployments without a promotion': `
    SELECT d.id FROM deployment d JOIN environment e ON e.id = d.environment_id WHERE (d.promotion_id IS NULL) <> (e.rank = 0)`,

  'at most one promotion is open for a workflow and environment': `
    SELECT workflow_id, target_environment_id FROM promotion WHERE status = 'open' GROUP BY 1, 2 HAVING count(*) > 1`,

  'whatever is under review leads one step along the pipeline': `
    SELECT p.id FROM promotion p JOIN environment s ON s.id = p.source_environment_id JOIN environment t ON t.id = p.target_environment_id
    WHERE p.status = 'open' AND (s.archived_at IS NOT NULL OR t.archived_at IS NOT NULL OR s.rank >= t.rank OR EXISTS (
      SELECT 1 FROM environment e WHERE e.workspace_id = p.workspace_id AND e.archived_at IS NULL AND e.rank > s.rank AND e.rank < t.rank))`,

  'nothing is live in an environment that is no more': `
    SELECT d.id FROM deployment d JOIN environment e ON e.id = d.environment_id WHERE d.status = 'active' AND e.archived_at IS NOT NULL`,

  'nothing quarantined is under review': `
    SELECT p.id FROM promotion p JOIN quarantine q ON q.version_id = p.version_id AND q.lifted_at IS NULL WHERE p.status = 'open'`,

  'nothing is under review for where it is live already': `
    SELECT p.id FROM promotion p JOIN deployment d ON d.version_id = p.version_id AND d.environment_id = p.target_environment_id
    WHERE p.status = 'open' AND d.status = 'active'`,

  'nobody approved their own': `
    SELECT a.id FROM approval a JOIN promotion p ON p.id = a.promotion_id WHERE a.user_id = p.requested_by`,

  'an applied change of settings became one revision, exactly as proposed, and no other became one': `
    SELECT p.id, p.status FROM settings_proposal p LEFT JOIN settings_revision r ON r.proposal_id = p.id
    GROUP BY p.id HAVING count(r.id) <> CASE WHEN p.status = 'applied' THEN 1 ELSE 0 END
      OR bool_or((r.environment_id, r.workflow_id, r.settings) IS DISTINCT FROM (p.environment_id, p.workflow_id, p.settings) AND r.id IS NOT NULL)`,

  'what became of a change of settings replaced the revision that it was proposed for': `
    SELECT p.id FROM settings_proposal p JOIN settings_revision r ON r.proposal_id = p.id
    WHERE p.base_number <> COALESCE((SELECT max(b.number) FROM settings_revision b WHERE b.environment_id = r.environment_id
      AND b.workflow_id IS NOT DISTINCT FROM r.workflow_id AND b.number < r.number), 0)`,

  'nobody approved their own change of settings': `
    SELECT a.id FROM settings_approval a JOIN settings_proposal p ON p.id = a.proposal_id WHERE a.user_id = p.requested_by`,

  'what was deployed was approved, in place of what it replaced, by as many people as the reviewed policy asked for': `
    SELECT d.id FROM deployment d JOIN promotion p ON p.id = d.promotion_id JOIN environment e ON e.id = d.environment_id
    LEFT JOIN LATERAL (SELECT * FROM approval a WHERE a.promotion_id = p.id ORDER BY a.at DESC LIMIT 1) AS last ON true
    WHERE (SELECT count(DISTINCT a.user_id) FROM approval a WHERE a.promotion_id = p.id AND a.fingerprint = last.fingerprint
             AND a.reviewed->>'replacesDeploymentId' IS NOT DISTINCT FROM d.replaces_id::text)
        < (SELECT COALESCE(sum((rule->>'count')::int), 0)
           FROM jsonb_array_elements(COALESCE(last.reviewed->'policy', e.policy)->'approvals') AS rule)`,

  'whatever is rolled back was removed by a rollback, which quarantined its version': `
    SELECT d.id FROM deployment d WHERE d.status = 'rolled_back' AND NOT EXISTS (
      SELECT 1 FROM rollback r JOIN quarantine q ON q.rollback_id = r.id AND q.version_id = d.version_id
      WHERE r.removed_deployment_id = d.id)`,

  'the audit tells each promotion’s request once, each approval once and its end once': `
    SELECT p.id FROM promotion p LEFT JOIN audit_event e ON e.subject = 'promotion:' || p.id AND e.workspace_id = p.workspace_id
    GROUP BY p.id
    HAVING count(*) FILTER (WHERE e.action = 'promotion.requested') <> 1
      OR count(*) FILTER (WHERE e.action = 'promotion.objected') <> (SELECT count(*) FROM promotion_rejection r WHERE r.promotion_id = p.id)
      OR count(*) FILTER (WHERE e.action = 'promotion.approved') - (SELECT count(*) FROM approval a WHERE a.promotion_id = p.id)
        NOT BETWEEN 0 AND (SELECT count(*) FROM promotion_rejection r WHERE r.promotion_id = p.id)
      OR count(*) FILTER (WHERE e.action = 'promotion.' || p.status) <> CASE WHEN p.status = 'open' THEN 0 ELSE 1 END
      OR count(*) FILTER (WHERE e.action NOT IN ('promotion.approved', 'promotion.objected')) <> 1 + CASE WHEN p.status = 'open' THEN 0 ELSE 1 END`,

  'nothing goes live in an environment while a lock or a freeze holds it': `
    SELECT d.id FROM deployment d JOIN resource_lock l ON l.workspace_id = d.workspace_id
      AND COALESCE(l.workflow_id, d.workflow_id) = d.workflow_id AND COALESCE(l.environment_id, d.environment_id) = d.environment_id
    WHERE d.deployed_at > l.at AND d.deployed_at < LEAST(COALESCE(l.ended_at, 'infinity'), COALESCE(l.until, 'infinity'))
    UNION ALL
    SELECT d.id FROM deployment d JOIN "freeze" f ON f.environment_id = d.environment_id
    WHERE d.deployed_at > f.at AND d.deployed_at < LEAST(COALESCE(f.ended_at, 'infinity'), COALESCE(f.until, 'infinity'))`,

  'no lock outlives the promotion from whose card it was taken': `
    SELECT l.id FROM resource_lock l JOIN promotion p ON p.id = l.promotion_id WHERE l.ended_at IS NULL AND p.status <> 'open'`,

  'nothing went live before the time that it was scheduled for, or with an item of its checklist open': `
    SELECT d.id FROM deployment d JOIN promotion p ON p.id = d.promotion_id JOIN environment e ON e.id = d.environment_id
    WHERE d.deployed_at < p.deploy_at OR EXISTS (
      SELECT 1 FROM jsonb_array_elements_text(COALESCE(e.policy->'checklist', '[]')) AS asked
      WHERE NOT EXISTS (SELECT 1 FROM checklist_tick t WHERE t.promotion_id = p.id AND t.item = asked))`,

  'the audit tells each lock and each freeze once, and its end once': `
    SELECT held.id FROM (SELECT 'lock' AS kind, id, ended_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM promotion p WHERE p.id = l.promotion_id AND p.status <> 'open') AS ended FROM resource_lock l
      UNION ALL SELECT 'freeze', id, ended_at IS NOT NULL FROM "freeze") AS held
    WHERE (SELECT count(*) FROM audit_event e WHERE e.subject = held.kind || ':' || held.id AND e.action IN ('lock.taken', 'freeze.set')) <> 1
      OR (SELECT count(*) FROM audit_event e WHERE e.subject = held.kind || ':' || held.id AND e.action IN ('lock.ended', 'freeze.ended'))
        <> CASE WHEN held.ended THEN 1 ELSE 0 END`,

  'each audit event of a promotion begins where the one before it ended': `
    SELECT seq FROM (
      SELECT seq, "before", lag("after") OVER (PARTITION BY workspace_id, subject ORDER BY seq) AS previous
      FROM audit_event WHERE subject LIKE 'promotion:%') AS told
    WHERE previous IS NOT NULL AND ("before"->>'status', jsonb_array_length("before"->'approvals'))
      IS DISTINCT FROM (previous->>'status', jsonb_array_length(previous->'approvals'))`,

  'the audit tells each deployment once, and each rollback and its undoing once': `
    SELECT d.id FROM deployment d WHERE
      (SELECT count(*) FROM audit_event e WHERE e.subject = 'deployment:' || d.id
        AND e.action IN ('deployment.activated', 'rollout.started')) <> 1
      OR (SELECT count(*) FROM audit_event e WHERE e.subject = 'deployment:' || d.id AND e.action = 'deployment.rolled_back')
        <> (SELECT count(*) FROM rollback r WHERE r.removed_deployment_id = d.id)
      OR (SELECT count(*) FROM audit_event e WHERE e.subject = 'deployment:' || d.id AND e.action = 'rollback.undone')
        <> (SELECT count(*) FROM rollback r WHERE r.removed_deployment_id = d.id AND r.undone_at IS NOT NULL)`,

  'each endpoint hears of each deployment and each rollback once': `
    SELECT e.id FROM environment e, jsonb_array_elements(e.webhooks) AS hook
    WHERE (SELECT count(*) FROM webhook_delivery w WHERE w.environment_id = e.id AND w.url = hook->>'url' AND w.type = 'deployment.activated')
        <> (SELECT count(*) FROM deployment d WHERE d.environment_id = e.id AND d.status NOT IN ('candidate', 'aborted'))
         + (SELECT count(*) FROM rollback r WHERE r.environment_id = e.id AND r.undone_at IS NOT NULL)
      OR (SELECT count(*) FROM webhook_delivery w WHERE w.environment_id = e.id AND w.url = hook->>'url' AND w.type = 'deployment.rolled_back')
        <> (SELECT count(*) FROM rollback r WHERE r.environment_id = e.id)`,

  'each endpoint hears of each request, approval and end of a promotion once': `
    SELECT e.id, kind FROM environment e, jsonb_array_elements(e.webhooks) AS hook,
      unnest(ARRAY['requested', 'approved', 'rejected', 'cancelled', 'expired', 'stale']) AS kind
    WHERE (SELECT count(*) FROM webhook_delivery w WHERE w.environment_id = e.id AND w.url = hook->>'url' AND w.type = 'promotion.' || kind)
       <> (SELECT count(*) FROM audit_event a WHERE a.environment_id = e.id AND a.action = 'promotion.' || kind)`,

  'each promotion and each rollback has its message': `
    SELECT p.id FROM promotion p WHERE NOT EXISTS (SELECT 1 FROM announcement a WHERE a.subject_id = p.id AND a.kind = 'promotion-card')
    UNION ALL
    SELECT r.id FROM rollback r WHERE NOT EXISTS (SELECT 1 FROM announcement a WHERE a.subject_id = r.id AND a.kind = 'rollback-receipt')`,

  'each waiting message and each pending delivery has its job': `
    SELECT a.id::text FROM announcement a WHERE a.state = 'waiting' AND NOT EXISTS (
      SELECT 1 FROM graphile_worker._private_jobs j WHERE j.payload->>'announcementId' = a.id::text)
    UNION ALL
    SELECT w.id FROM webhook_delivery w WHERE w.status = 'pending' AND NOT EXISTS (
      SELECT 1 FROM graphile_worker._private_jobs j WHERE j.payload->>'deliveryId' = w.id)`,

  'nothing points into another workspace': `
    SELECT d.id FROM deployment d JOIN workflow w ON w.id = d.workflow_id JOIN version v ON v.id = d.version_id
      JOIN environment e ON e.id = d.environment_id
      WHERE d.workspace_id <> ALL (ARRAY[w.workspace_id, v.workspace_id, e.workspace_id])
    UNION ALL
    SELECT p.id FROM promotion p JOIN workflow w ON w.id = p.workflow_id JOIN version v ON v.id = p.version_id
      JOIN environment e ON e.id = p.target_environment_id
      WHERE p.workspace_id <> ALL (ARRAY[w.workspace_id, v.workspace_id, e.workspace_id])`,
};

/** Every rule that the tables break, and what breaks it. Empty when all is well. Takes a database without workers. */
export async function brokenRules(db: Pick<TestPersistence, 'sql'>): Promise<string[]> {
  const broken: string[] = [];
  for (const [rule, query] of Object.entries(RULES)) {
    const rows = await db.sql(query);
    if (rows.length > 0) broken.push(`${rule}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  return broken;
}

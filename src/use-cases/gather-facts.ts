import type { Deployment } from '../domain/deployment.ts';
import type { Environment } from '../domain/environment.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Promotion } from '../domain/promotion.ts';
import type { RuleFacts } from '../domain/requirements/approvals.ts';
import type { Facts } from '../domain/requirements/requirement.ts';
import { type Stretch, unbroken } from '../domain/soak.ts';
import type { Workflow } from '../domain/version.ts';
import { summarizeVersions } from './compare.ts';
import type { Reading } from './ports.ts';
import { groupsOf } from './with-directory.ts';

/** What is judged. `target` with the policy that applies to the workflow. */
export interface Judged {
  promotion: Promotion;
  workflow: Workflow;
  target: Environment;
  live: Deployment | null;
  /** Of what is proposed now. */
  fingerprint: string;
}

type Gathered = Omit<Facts, 'now' | 'promotion' | 'workflow' | 'target' | 'fingerprint' | 'approvers'>;

/** Facts that the policy asks for, and no others: what nobody asks costs no query. */
export async function gatherFacts(tx: Reading, judged: Judged): Promise<Gathered> {
  const { policy } = judged.target;
  return {
    ...(await approvalFacts(tx, judged)),
    ...(await checkFacts(tx, judged)),
    ...(policy.soak !== undefined && { stretches: await soakFacts(tx, judged) }),
    ...((policy.checklist ?? []).length > 0 && { ticks: await tx.evidence.ticks(judged.promotion.id) }),
    ...((policy.gates ?? []).length > 0 && { gates: await tx.evidence.gates(judged.promotion.id) }),
    ...(policy.parity !== undefined && (await parityFacts(tx, judged))),
  };
}

/** Who made the version, how risky the change is, and who is in which group. */
async function approvalFacts(tx: Reading, { promotion, target, live }: Judged): Promise<Gathered> {
  const { policy } = target;
  const groups = groupsOf(tx, policy.approvals);
  return {
    ...(groups !== undefined && { groups }),
    ...(policy.authorMayApprove === false && { author: (await tx.versions.getById(promotion.versionId)).author }),
    ...(policy.risk !== undefined && { risk: await riskOf(tx, promotion, live) }),
  };
}

async function riskOf(tx: Reading, { versionId }: Promotion, live: Deployment | null) {
  return (await summarizeVersions(tx, live?.versionId ?? null, versionId)).risk.level;
}

/** With what people are told apart by where rules name groups or bar the author: for who may click. */
export async function workflowFacts(
  tx: Reading,
  workflow: Workflow,
  { policy }: Pick<Environment, 'policy'>,
  versionId: string,
): Promise<Workflow & RuleFacts> {
  const groups = groupsOf(tx, policy.approvals);
  const barred = policy.authorMayApprove === false ? (await tx.versions.getById(versionId)).author : null;
  return { ...workflow, ...(groups !== undefined && { groups }), ...(barred !== null && { barred }) };
}

const CHECKED = ['tests', 'quality', 'cost', 'latency', 'shadow'] as const;

function asksForChecks(policy: Policy): boolean {
  return CHECKED.some((field) => policy[field] !== undefined) || (policy.checks ?? []).length > 0;
}

/** Of both versions by one question. */
async function checkFacts(tx: Reading, { promotion, target, live }: Judged): Promise<Gathered> {
  if (!asksForChecks(target.policy)) return {};
  const ids = [promotion.versionId, ...(live === null ? [] : [live.versionId])];
  const all = await tx.evidence.checks(ids, target.id);
  return {
    // A replay says how the version compares with what is live, and nothing of anything else.
    checks: all.filter(
      ({ versionId, kind, liveVersionId }) =>
        versionId === promotion.versionId && (kind !== 'shadow' || liveVersionId === live?.versionId),
    ),
    liveChecks: live === null ? null : all.filter(({ versionId }) => versionId === live.versionId),
  };
}

/** How runs went is looked up only where the policy asks how, and of stretches that can count at all. */
async function soakFacts(tx: Reading, { promotion, target, live }: Judged): Promise<Stretch[]> {
  const { versionId, sourceEnvironmentId: environmentId, workflowId } = promotion;
  const { soak } = target.policy;
  const stretches = unbroken(await tx.evidence.stretches(versionId, environmentId));
  const asks = [soak?.minRuns, soak?.maxErrorRate, soak?.maxDivergence].some((limit) => limit !== undefined);
  if (!asks) return stretches;
  const liveVersionId = live?.versionId ?? null;
  const figures = await tx.evidence.runFigures({ workflowId, environmentId, versionId, liveVersionId, stretches });
  return stretches.map((stretch, i) => {
    const found = figures[i];
    if (found === undefined) return stretch;
    // With nothing live there is nothing to diverge from.
    return { ...stretch, figures: live === null ? { ...found, divergence: 0 } : found };
  });
}

/** What was found out for something else than what is proposed now tells nothing. */
async function parityFacts(
  tx: Reading,
  { promotion, fingerprint }: Judged,
): Promise<Pick<Facts, 'parity' | 'parityAt'>> {
  const report = await tx.evidence.parity(promotion.id);
  return report?.fingerprint === fingerprint ? { parity: report.findings, parityAt: report.at } : {};
}

/** Whether something that is found out, or the clock, can be what a promotion waits for by this policy. */
export function asksForEvidence(policy: Policy): boolean {
  return (
    asksForChecks(policy) ||
    policy.soak !== undefined ||
    policy.parity !== undefined ||
    (policy.gates ?? []).length > 0 ||
    (policy.freezes ?? []).length > 0
  );
}

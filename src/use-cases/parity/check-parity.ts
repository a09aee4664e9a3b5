import type { Actor } from '../../domain/actor.ts';
import { lookUp } from '../../domain/look-up.ts';
import { type ParityPolicy, probeName } from '../../domain/policy/parity-policy.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { ParityFinding } from '../../domain/requirements/parity.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import type { Probes } from '../ports/probes.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { AllPorts, Reading, Transaction } from '../ports.ts';
import { review } from '../review.ts';
import { readAside } from '../with-documents.ts';

export interface ParityAsked {
  workspaceId: string;
  promotionId: string;
}

/** What is lacking outside of the settings is looked at again after that long, while the promotion is open. */
const AGAIN = 60_000;
/** Secrets and probes tried at once. */
const AT_ONCE = 5;

/**
 * Finds out what a promotion's target has of all that the version names: in the settings, of secrets whether they can be read, and
 * whether what the environment's policy names answers. Nothing is open meanwhile; no value of a secret is kept.
 */
export function makeCheckParity(
  { inTransaction, reading }: AllPorts,
  secrets: Secrets,
  probes: Probes,
): (asked: ParityAsked) => Promise<void> {
  return async ({ workspaceId, promotionId }) => {
    const scene = await reading(workspaceId, (tx) => look(tx, promotionId));
    if (scene === null) return;
    const { fingerprint, policy, effective, found, where } = scene;
    const settled = await inTurns(found, (finding) => withReading(finding, effective, secrets));
    const tried = await inTurns(policy.probes, async (probe): Promise<ParityFinding> => {
      const why = await probes.tryOut(probe);
      const what = { what: 'probe' as const, name: probeName(probe), isThere: why === null };
      return why === null ? what : { ...what, detail: why };
    });
    const findings = [...settled, ...tried];
    await inTransaction(workspaceId, async (tx) => {
      await auditRead(tx, promotionId, where, findings);
      const promotion = await tx.promotions.find(promotionId);
      if (promotion?.status !== 'open') return;
      await tx.evidence.saveParity(promotionId, { fingerprint, findings });
      if (findings.some(mayComeByItself))
        await tx.evidence.queueParity(promotionId, new Date(tx.now.getTime() + AGAIN));
      await tx.promotions.markForJudging({ promotionId });
    });
  };
}

/** Every reading of a secret is in the audit trail by its name, also one that keeps nothing of it: here all of a look at once. */
async function auditRead(
  tx: Transaction,
  promotionId: string,
  where: Scene['where'],
  findings: readonly ParityFinding[],
): Promise<void> {
  const secrets = findings.filter(({ what, isThere }) => what === 'secret' && isThere).map(({ name }) => name);
  if (secrets.length === 0) return;
  const clock: Actor = { workspaceId: tx.workspaceId, userId: 'clock', via: 'clock' };
  const after = { secrets, for: `parity of promotion ${promotionId}` };
  await tx.audit.record(clock, { action: 'secret.read', subject: `workflow:${where.workflowId}`, ...where, after });
}

/** Settings that change bring the promotion back by themselves; what is kept elsewhere tells nobody. */
function mayComeByItself({ what, isThere }: ParityFinding): boolean {
  return !isThere && (what === 'secret' || what === 'probe');
}

interface Scene {
  fingerprint: string;
  policy: ParityPolicy;
  effective: Settings;
  found: ParityFinding[];
  where: { workflowId: string; environmentId: string };
}

async function look(tx: Reading, promotionId: string): Promise<Scene | null> {
  const promotion = await tx.promotions.find(promotionId);
  if (promotion?.status !== 'open') return null;
  const workflow = await tx.workflows.getById(promotion.workflowId);
  const judged = await review(tx, promotion, workflow, await tx.environments.pipeline());
  const { target, settings, fingerprint } = judged;
  const policy = target.policy.parity;
  if (policy === undefined) return null;
  const { versionId } = promotion;
  const key = `parity ${versionId}@${settings.key ?? ''}`;
  const found = await readAside(tx, key, [versionId], async (documents, [stored]) => {
    if (stored == null) throw new Error('A version to read is missing.');
    return documents.parity(stored, settings.effective);
  });
  const where = { workflowId: workflow.id, environmentId: target.id };
  return { fingerprint, policy, effective: settings.effective, found, where };
}

/** A secret that the settings name has to be readable; that it is, is all that is kept of it. */
async function withReading(finding: ParityFinding, { secrets = {} }: Settings, from: Secrets): Promise<ParityFinding> {
  const source = finding.what === 'secret' && finding.isThere ? lookUp(secrets, finding.name) : undefined;
  if (source === undefined) return finding;
  try {
    await from.read(source);
    return finding;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...finding, isThere: false, detail: 'can’t be read where it is kept' };
  }
}

async function inTurns<One, Done>(all: readonly One[], work: (one: One) => Promise<Done>): Promise<Done[]> {
  const done: Done[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    done.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(work))));
  return done;
}

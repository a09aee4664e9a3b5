import { whatMoved } from '../domain/fingerprint.ts';
import { policySentences } from '../domain/policy/policy-sentences.ts';
import type { Approval, Promotion } from '../domain/promotion.ts';
import { versionName } from '../domain/version.ts';
import { summarizeVersions } from './compare.ts';
import { tagVersion } from './find-things.ts';
import type { Reading } from './ports.ts';
import type { Review } from './review.ts';
import { settingsSentences } from './settings/settings-words.ts';
import type { ApprovalView, EarlierApproval } from './views.ts';

/** Sentences of one comparison that an approval's line is followed by. */
const MOST_SENTENCES = 3;
/** Requests that are looked through for the one that gave way: it is the newest that ended so. */
const LOOK_BACK = 10;
const MOST_NAMED = 10;

/** What moved since a person approved this promotion, in sentences: empty where the approval counts. */
export async function describeSince(tx: Reading, approval: Approval, now: Review): Promise<ApprovalView['since']> {
  const moved = whatMoved(approval.reviewed, now.reviewed);
  const lines: string[] = [];
  if (moved.includes('version'))
    lines.push(...(await sentences(tx, approval.reviewed.versionId, now.reviewed.versionId)));
  if (moved.includes('replaced')) lines.push(...(await describeReplaced(tx, approval, now)));
  if (moved.includes('settings'))
    lines.push(
      ...settingsSentences(approval.reviewed.settings, now.reviewed.settings).map(
        (sentence) => `${now.target.name}: ${sentence}`,
      ),
    );
  if (moved.includes('policy'))
    lines.push(...policySentences(now.target.name, approval.reviewed.policy, now.reviewed.policy));
  return { moved, lines };
}

async function describeReplaced(tx: Reading, approval: Approval, now: Review): Promise<string[]> {
  const [then, live] = [approval.reviewed.replacesVersionId, now.reviewed.replacesVersionId];
  const name = async (id: string | null) => (id === null ? 'nothing' : versionName(await tx.versions.getById(id)));
  const headline = `Live in ${now.target.name} was ${await name(then)} and is now ${await name(live)}.`;
  if (then === null || live === null || then === live) return [headline];
  return [headline, ...(await sentences(tx, then, live))];
}

async function sentences(tx: Reading, from: string, to: string): Promise<string[]> {
  const { lines, more } = await summarizeVersions(tx, from, to);
  const left = more + lines.length - MOST_SENTENCES;
  return [...lines.slice(0, MOST_SENTENCES), ...(left > 0 ? [`and ${left} more`] : [])];
}

/**
 * Who had approved the request that this one took the place of, and what changed since they said yes. That request ended in
 * the transaction in which this one was made, hence at the same moment.
 */
export async function describeEarlierApproval(tx: Reading, promotion: Promotion): Promise<EarlierApproval | null> {
  const { workflowId, targetEnvironmentId, requestedAt, versionId } = promotion;
  const { items } = await tx.promotions.list({ workflowId, status: 'stale' }, { limit: LOOK_BACK });
  const gaveWay = items.find(
    (earlier) =>
      earlier.targetEnvironmentId === targetEnvironmentId && earlier.closedAt?.getTime() === requestedAt.getTime(),
  );
  if (gaveWay === undefined || gaveWay.approvals.length === 0) return null;
  return {
    by: [...new Set(gaveWay.approvals.map((approval) => approval.by))].slice(0, MOST_NAMED),
    version: tagVersion(await tx.versions.getById(gaveWay.versionId)),
    diff: await summarizeVersions(tx, gaveWay.versionId, versionId),
  };
}

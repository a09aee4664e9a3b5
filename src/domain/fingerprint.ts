import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Policy } from './policy/policy.ts';

/**
 * What an approval is bound to (rule 5): the version, the deployment it replaces, the settings that the version reads in
 * the target, the policy that applies to the workflow, and whether it starts as a canary. Never channel, webhooks or badge.
 */
export interface Reviewed {
  versionId: string;
  replacesDeploymentId: string | null;
  /** The version behind `replacesDeploymentId`: kept to show what changed since, and no part of the fingerprint. */
  replacesVersionId: string | null;
  /** Effective settings that the version reads in the target environment. */
  settings: Record<string, unknown>;
  policy: Policy;
  /** The share that it starts with as a canary. Absent: it takes the place of what is active at once. */
  canary?: number;
}

/** SHA-256 (hex) of the canonical JSON of what was reviewed. */
export function fingerprint(reviewed: Reviewed): string {
  const { versionId, replacesDeploymentId, settings, policy, canary } = reviewed;
  const bound = canonicalize({
    ...{ versionId, replacesDeploymentId, settings, policy: boundPolicy(policy) },
    ...(canary !== undefined && { canary }),
  });
  return createHash('sha256').update(String(bound)).digest('hex');
}

/**
 * What of a policy binds an approval: all that is asked of the promotion. How long a request stays open, who may roll back and what
 * other workflows are asked does not change what was reviewed.
 */
function boundPolicy({ expireAfter: _, rollback: __, stricter: ___, ...asked }: Policy): Record<string, unknown> {
  return asked;
}

/**
 * What moved between two reviews; empty when an approval of the first still counts for the second. The share of a canary is fixed
 * when it is asked for, so that it never moves.
 */
export type Moved = 'version' | 'replaced' | 'settings' | 'policy';

/** Names the parts that differ. */
export function whatMoved(before: Reviewed, now: Reviewed): Moved[] {
  const same = (a: unknown, b: unknown) => canonicalize(a) === canonicalize(b);
  const moved: Moved[] = [];
  if (before.versionId !== now.versionId) moved.push('version');
  if (before.replacesDeploymentId !== now.replacesDeploymentId) moved.push('replaced');
  if (!same(before.settings, now.settings)) moved.push('settings');
  if (!same(boundPolicy(before.policy), boundPolicy(now.policy))) moved.push('policy');
  return moved;
}

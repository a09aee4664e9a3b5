import { Refusal } from './refusal.ts';

export const DEPLOYMENT_STATUSES = ['active', 'candidate', 'superseded', 'rolled_back', 'aborted'] as const;
/** `candidate`: it runs beside the active one, for a share of the keys; `aborted`: it was taken back from there. */
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];

/** A version went live in an environment. */
export interface Deployment {
  id: string;
  workflowId: string;
  environmentId: string;
  versionId: string;
  status: DeploymentStatus;
  /** Of a candidate, and what one had that was aborted, in hundredths of a percent; null otherwise. */
  share: number | null;
  /** The promotion that brought it; null in the first environment. */
  promotionId: string | null;
  /** The deployment that was active before it; of a candidate, the one that it runs beside. */
  replacesId: string | null;
  deployedBy: string;
  /** When it went live for the first time, for a candidate as one; bringing it back by a rollback does not change this. */
  deployedAt: Date;
  endedAt: Date | null;
  endedBy: string | null;
  reason: string | null;
  changes: readonly string[];
}

/** Undo of a rollback, and of a canary that was aborted, is offered for this many milliseconds (rule 9). */
export const UNDO_WINDOW = 10 * 60_000;

/** One rollback, kept so that it can be undone. */
export interface Rollback {
  id: string;
  workflowId: string;
  environmentId: string;
  removedDeploymentId: string;
  restoredDeploymentId: string;
  restoredBefore: { status: DeploymentStatus; endedAt: string | null; endedBy: string | null };
  by: string;
  at: Date;
  reason: string | null;
  undoneAt: Date | null;
}

/**
 * Rule 9: the newest superseded deployment that went live earlier than the active one and whose version is not quarantined.
 *
 * @param history deployments of one workflow in one environment, in any order
 */
export function rollbackTarget(
  active: Deployment,
  history: readonly Deployment[],
  quarantined: ReadonlySet<string>,
): Deployment | null {
  const able = history
    .filter((d) => d.status === 'superseded' && wentLiveEarlier(d, active) && !quarantined.has(d.versionId))
    // Going back to the version that is being removed would bring the fault back, and quarantine what it restored.
    .filter((d) => d.versionId !== active.versionId);
  return newestOf(able);
}

/** `rollback … to v12`: the newest deployment of that version there, superseded or rolled back. */
export function rollbackTargetOf(
  versionId: string,
  active: Deployment,
  history: readonly Deployment[],
): Deployment | null {
  const wasLive = (d: Deployment) => d.status === 'superseded' || d.status === 'rolled_back';
  return newestOf(history.filter((d) => d.versionId === versionId && d.id !== active.id && wasLive(d)));
}

function newestOf(deployments: readonly Deployment[]): Deployment | null {
  return deployments.reduce<Deployment | null>(
    (newest, d) => (newest === null || wentLiveEarlier(newest, d) ? d : newest),
    null,
  );
}

function wentLiveEarlier(a: Deployment, b: Deployment): boolean {
  return a.deployedAt.getTime() === b.deployedAt.getTime() ? a.id < b.id : a.deployedAt < b.deployedAt;
}

/**
 * Whether `userId` may undo `rollback` now (rule 9: within ten minutes, by whoever did it, while nothing else has changed
 * there). @throws Refusal not_permitted, undo_expired, moved_on
 *
 * @param active what is active there, and since when; null with none
 * @param candidate what runs beside it
 */
export function assertCanUndo(
  rollback: Rollback,
  userId: string,
  active: { id: string; since: Date } | null,
  now: Date,
  candidate: Pick<Deployment, 'id'> | null = null,
): void {
  if (rollback.by !== userId) {
    throw new Refusal(
      'not_permitted',
      `Only <@${rollback.by}>, who rolled back, can undo it. Ask them, or promote another version.`,
    );
  }
  if (rollback.undoneAt !== null) throw new Refusal('moved_on', 'This rollback was undone already.');
  if (now.getTime() - rollback.at.getTime() > UNDO_WINDOW) {
    throw new Refusal(
      'undo_expired',
      'A rollback can be undone for ten minutes, and they have passed. Deploy or promote a version instead.',
    );
  }
  if (candidate !== null) {
    throw new Refusal(
      'moved_on',
      'A canary was started there since. Abort it first, then this rollback can be undone.',
    );
  }
  const unchanged = active?.id === rollback.restoredDeploymentId && active.since.getTime() === rollback.at.getTime();
  if (!unchanged) {
    throw new Refusal('moved_on', 'Something else went live there since, so this rollback can no longer be undone.');
  }
}

/**
 * Whether what an aborted canary ran beside is still what is live, and nothing else was deployed there, as a canary or otherwise.
 *
 * @param newest what was deployed there last
 */
export function nothingCameSince(
  aborted: Deployment,
  active: { id: string; since: Date } | null,
  newest: Pick<Deployment, 'id'> | undefined,
): boolean {
  const { replacesId, endedAt } = aborted;
  const stands = active !== null && active.id === replacesId && endedAt !== null && active.since <= endedAt;
  return stands && newest?.id === aborted.id;
}

/**
 * Whether `userId` may bring an aborted canary back now, by the rules of undoing a rollback.
 * @throws Refusal not_permitted, undo_expired, moved_on
 */
export function assertCanUndoAbort(
  aborted: Deployment,
  userId: string,
  active: { id: string; since: Date } | null,
  newest: Pick<Deployment, 'id'> | undefined,
  now: Date,
): void {
  const { status, endedAt, endedBy } = aborted;
  if (status !== 'aborted' || endedAt === null) throw new Refusal('moved_on', 'That canary was not aborted.');
  if (endedBy !== userId) {
    throw new Refusal(
      'not_permitted',
      `Only <@${endedBy}>, who aborted this canary, can undo it. Ask them, or ask for the canary again.`,
    );
  }
  if (now.getTime() - endedAt.getTime() > UNDO_WINDOW) {
    throw new Refusal(
      'undo_expired',
      'Aborting a canary can be undone for ten minutes, and they have passed. Ask for the canary again instead.',
    );
  }
  if (!nothingCameSince(aborted, active, newest)) {
    throw new Refusal(
      'moved_on',
      'Something else went live there since, so this canary can no longer be brought back. Ask for it again instead.',
    );
  }
}

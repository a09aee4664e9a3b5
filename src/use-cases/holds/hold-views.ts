import type { JudgedRequirement } from '../../domain/requirements/evaluate.ts';
import type { Freeze } from '../../domain/requirements/freeze.ts';
import type { Lock } from '../../domain/requirements/lock.ts';
import type { EnvironmentTag, VersionTag, WorkflowTag } from '../views.ts';

/** A lock as people look at it. `workflow` or `environment` null: all of them. */
export interface LockView extends Pick<Lock, 'id' | 'reason' | 'by' | 'at' | 'until' | 'promotionId'> {
  workflow: WorkflowTag | null;
  environment: EnvironmentTag | null;
}

/** A freeze set by hand. */
export interface FreezeView extends Pick<Freeze, 'reason' | 'by' | 'at' | 'until'> {
  id: string;
  environment: EnvironmentTag;
}

export interface HoldsView {
  /** The oldest first. */
  locks: LockView[];
  freezes: FreezeView[];
  /** Of towpath.yaml, that keep things from going live now. `until` null: for good. */
  windows: { environment: EnvironmentTag; kind: 'deny' | 'allow'; reason: string; until: Date | null }[];
}

/** Why a workflow does not go live in an environment, or what it would take. */
export interface WhyView {
  workflow: WorkflowTag;
  environment: EnvironmentTag;
  /** What is live there now; null for nothing. */
  live: VersionTag | null;
  /** The open promotion, or null: then the rest says what asking for one now would need. */
  promotion: {
    id: string;
    requestedBy: string;
    requestedAt: Date;
    deployAt: Date | null;
    card: { channel: string; ts: string } | null;
  } | null;
  /** What is or would be proposed; null where nothing could be asked for. */
  version: VersionTag | null;
  /** Why nothing could be asked for, a sentence; null where it could, or was. */
  bar: string | null;
  requirements: JudgedRequirement[];
  /** When judging again may turn out otherwise without anybody acting. */
  retryAt: Date | null;
}

/** An item of a promotion's checklist. */
export interface ChecklistItem {
  item: string;
  ticked: { by: string; at: Date } | null;
}

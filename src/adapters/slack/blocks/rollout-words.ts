import { percentOf, shareText, WHOLE } from '../../../domain/rollout.ts';
import type {
  EnvironmentTag,
  PromotionView,
  RolloutReceiptView,
  VersionTag,
  WorkflowTag,
} from '../../../use-cases/views.ts';
import { version } from './mrkdwn.ts';
import { IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

/** Sentences of what moved. */
const MOST_MOVED = 5;

/** A canary as its card and its answer speak of it. */
export interface ShownRollout {
  workflow: Pick<WorkflowTag, 'slug'>;
  environment: Pick<EnvironmentTag, 'name'>;
  /** The candidate's. */
  deploymentId: string;
  candidate: Pick<VersionTag, 'number' | 'label'>;
  /** What is live; null where the card can't say. */
  active: Pick<VersionTag, 'number' | 'label'> | null;
  /** Hundredths of a percent. */
  share: number;
  /** What goes live by its abort. */
  waiting: RolloutReceiptView['waiting'];
  /** Of the card that the buttons are on; null for an answer to one person. */
  promotionId: string | null;
}

/** The canary that a promotion became, while it runs. */
export function rolledOut({
  id,
  deployment,
  workflow,
  to,
  version: candidate,
  replaces,
}: PromotionView): ShownRollout | null {
  if (deployment === null || deployment.status !== 'candidate' || deployment.share === null) return null;
  const { id: deploymentId, share } = deployment;
  const waiting = deployment.rollout?.waiting ?? null;
  return { workflow, environment: to, deploymentId, candidate, active: replaces, share, waiting, promotionId: id };
}

/** Which version is live for whom, one line a side. */
export function whoGetsWhat({
  candidate,
  active,
  share,
}: Pick<ShownRollout, 'candidate' | 'active' | 'share'>): string[] {
  const [next, live] = [`*${version(candidate)}*`, active === null ? 'what was live before' : `*${version(active)}*`];
  if (share === 0) return [`Nobody gets ${next} yet`, `Everybody gets ${live}, as before`];
  if (share === WHOLE)
    return [`Everybody gets ${next} for now`, `${live} stands by: Abort brings it back to everybody`];
  return [
    `${shareText(share)} of users get ${next}, the canary`,
    `${shareText(WHOLE - share)} get ${live}, as before, and so do runs without a key`,
  ];
}

/** Of a canary whose version is quarantined. */
export function barred(candidate: Pick<VersionTag, 'number' | 'label'>): string {
  return `⚠️ ${version(candidate)} was rolled back elsewhere and can’t be given to more. Abort is what is left.`;
}

/** What moved under a canary since it was approved: nobody gives it to more without seeing that. */
export function movedOn(sinceApproved: readonly string[]): Part[] {
  if (sinceApproved.length === 0) return [];
  const shown = sinceApproved.slice(0, MOST_MOVED).map((line) => `• ${escaped(line, 300)}`);
  const left = sinceApproved.length - shown.length;
  const rest = left > 0 ? [`and ${left} more`] : [];
  return [section(['⚠️ *Since it was approved*', ...shown, ...rest].join('\n'), IMPORTANCE.needed)];
}

/** `10% of users`, `everybody`, `nobody`. */
export function whoOf(share: number): string {
  if (share === 0) return 'nobody';
  return share === WHOLE ? 'everybody' : `${shareText(share)} of users`;
}

/** The label of a button: `25 %`. */
export function stepText(share: number): string {
  return `${percentOf(share)} %`;
}

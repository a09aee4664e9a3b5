import { z } from 'zod';
import { changeLines, diffSchema, moment, named, people, versionSchema, who } from './describe.ts';
import { whoOf } from './parse-share.ts';
import type { Line } from './terminal.ts';

/** What is needed, as it was judged; a server of an earlier release says no more than state and summary. */
export const requirementsSchema = z.array(
  z.object({
    state: z.enum(['met', 'pending', 'failed']),
    summary: z.string(),
    detail: z.string().nullish(),
    retryAt: z.string().nullish(),
  }),
);

/** What the API says of promotions, as far as the command line reads it. */
const needs = {
  workflow: z.string(),
  version: versionSchema,
  from: z.string(),
  to: z.string(),
  /** Percent; null, as for servers that know of none, for everybody at once. */
  canary: z.number().nullable().default(null),
  deployAt: z.string().nullish(),
  requirements: requirementsSchema,
  canApprove: z.object({ userIds: z.array(z.string()), more: z.boolean() }),
};

export const promotionSchema = z.object({
  ...needs,
  id: z.string(),
  status: z.enum(['open', 'deployed', 'rejected', 'cancelled', 'expired', 'stale']),
  requestedBy: z.string(),
  closedBy: z.string().nullable(),
  closeReason: z.string().nullable(),
  approvals: z.array(z.object({ by: z.string(), role: z.string(), counts: z.boolean() })),
  deployment: z.object({ status: z.string().optional(), share: z.number().nullish() }).nullish(),
});
export type Promotion = z.infer<typeof promotionSchema>;

export const previewSchema = z.object({
  ...needs,
  replaces: versionSchema.nullable(),
  diff: diffSchema,
  inEffect: z.object({ lines: z.array(z.string()), more: z.number().int() }).nullable(),
  ridesAlong: z.object({ versions: z.array(versionSchema), more: z.number().int() }).nullable(),
  open: z
    .object({
      promotion: z.string(),
      version: versionSchema,
      canary: z.number().nullable().default(null),
      deployAt: z.string().nullish(),
      requestedBy: z.string(),
      approvedBy: z.array(z.string()),
    })
    .nullable(),
});
export type PromotionPreview = z.infer<typeof previewSchema>;

type Proposed = Pick<PromotionPreview, 'version' | 'canary' | 'deployAt'>;

/** Whether asking for the one, at no time in particular or at the same, is asking for what is open. */
export function isSame(open: Proposed, asked: Proposed): boolean {
  const sameTime = asked.deployAt == null || asked.deployAt === open.deployAt;
  return open.version.number === asked.version.number && open.canary === asked.canary && sameTime;
}

/** What would change and what is needed, for whoever is asked. */
export function previewLines(preview: PromotionPreview): Line[] {
  const { workflow, version, from, to, diff, ridesAlong, open } = preview;
  return [
    `${named(version)} of ${workflow}, from ${from} to ${to}. ${whatBecomes(preview)}`,
    ...(preview.deployAt == null ? [] : [`It would go live ${moment(preview.deployAt)}, if nothing is missing then.`]),
    ...changeLines(diff),
    ...inEffectLines(preview),
    ...(ridesAlong === null
      ? []
      : [`  Along with it go ${[...ridesAlong.versions.map(named), ...more(ridesAlong.more)].join(', ')}.`]),
    ...needLines(preview),
    ...(open === null || isSame(open, preview)
      ? []
      : [
          `${named(open.version)}${asCanary(open.canary)} is under review there, asked for by ${who(open.requestedBy)}${approvedBy(open.approvedBy)}. It would give way.`,
        ]),
  ];
}

/** What becomes of what is live there. */
export function whatBecomes({ canary, replaces }: Pick<PromotionPreview, 'canary' | 'replaces'>): string {
  if (replaces === null) return 'Nothing of it is live there yet.';
  return canary === null
    ? `It would replace ${named(replaces)}.`
    : `As a canary ${whoOf(canary)} would get it at first, beside ${named(replaces)}.`;
}

function asCanary(canary: number | null): string {
  return canary === null ? '' : ` as a canary at ${canary}%`;
}

/** What the settings of the target make of it. */
export function inEffectLines({ inEffect, to }: Pick<PromotionPreview, 'inEffect' | 'to'>): Line[] {
  if (inEffect === null) return [];
  return [
    `  With the settings of ${to}:`,
    ...(inEffect.lines.length === 0 ? ['    Nothing differs.'] : inEffect.lines.map((line) => `    ${line}`)),
    ...(inEffect.more > 0 ? [`    and ${inEffect.more} more`] : []),
  ];
}

/** What is needed, and who could give it. */
export function needLines({ requirements, canApprove }: Pick<PromotionPreview, 'requirements' | 'canApprove'>): Line[] {
  const isMissing = requirements.some(({ state }) => state !== 'met');
  if (requirements.length === 0) return ['It needs nothing more, and deploys at once.'];
  return [
    isMissing ? 'It needs:' : 'It needs nothing more, and deploys at once:',
    ...requirementLines(requirements),
    ...(isMissing && canApprove.userIds.length > 0
      ? [`  ${people(canApprove.userIds, canApprove.more)} can approve, in Slack.`]
      : []),
  ];
}

const MARKS = { met: '[x]', pending: '[ ]', failed: '[!]' } as const;

/** One line each: why it is not there yet, and when the clock may bring it. */
export function requirementLines(requirements: z.infer<typeof requirementsSchema>): Line[] {
  return requirements.map(({ state, summary, detail, retryAt }) => {
    const why = detail == null ? '' : `: ${detail}`;
    const when = retryAt == null || state === 'met' ? '' : ` (judged again ${moment(retryAt)})`;
    return `  ${MARKS[state]} ${summary}${why}${when}`;
  });
}

/** How a promotion stands or ended, in one line. */
export function standing(promotion: Promotion): string {
  const { workflow, version, to, canary, status, closedBy, closeReason, requestedBy } = promotion;
  const what = `${named(version)} of ${workflow}`;
  const by = closedBy === null ? '' : ` by ${who(closedBy)}`;
  const why = closeReason === null ? '' : `: ${closeReason}`;
  const words: Record<Promotion['status'], string> = {
    open: `The promotion of ${what} to ${to}${asCanary(canary)} is under review, asked for by ${who(requestedBy)}${later(promotion)}.`,
    deployed: deployed(promotion),
    rejected: `The promotion of ${what} to ${to} was rejected${by}${why}`,
    cancelled: `The promotion of ${what} to ${to} was cancelled${by}${why}`,
    expired: `The promotion of ${what} to ${to} expired before enough people approved it. Ask again if it is still wanted.`,
    stale: `The promotion of ${what} to ${to} can’t be had any more${why}`,
  };
  return words[status];
}

/** `, to go live 2026-11-23 08:00Z`; nothing where no time was asked for. */
export function later({ deployAt }: Promotion): string {
  return deployAt == null ? '' : `, to go live ${moment(deployAt)}`;
}

function deployed({ workflow, version, to, deployment }: Promotion): string {
  const what = `${named(version)} of ${workflow}`;
  if (deployment?.status === 'aborted') return `The canary of ${what} in ${to} was aborted.`;
  if (deployment?.status !== 'candidate') return `${what} is live in ${to}.`;
  return `${what} runs in ${to}${asCanary(deployment.share ?? 0)}. Next: towpath rollout ${workflow} ${to}`;
}

function approvedBy(userIds: readonly string[]): string {
  return userIds.length === 0 ? '' : ` and approved by ${people(userIds)}`;
}

function more(count: number): string[] {
  return count > 0 ? [`and ${count} more`] : [];
}

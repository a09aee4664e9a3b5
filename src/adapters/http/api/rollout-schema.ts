import { z } from 'zod';
import { percentOf, shareOf } from '../../../domain/rollout.ts';
import type { RolloutReceiptView, RolloutView, SideFigures } from '../../../use-cases/views.ts';
import { presentDate, presentVersion } from './present.ts';
import { date, userId, versionRef } from './schemas.ts';

const MALFORMED = 'has to be a percentage from 0 to 100 with at most two decimals, such as 10 or 0.5';

/** A share as it is sent: in percent. `toShare` makes of it what use cases take. */
export const sharePercent = z
  .number({ error: MALFORMED })
  .min(0, { error: MALFORMED })
  .max(100, { error: MALFORMED })
  .refine((percent) => shareOf(percent) !== null, { error: MALFORMED });

/** The same in a query, where everything is text. */
export const shareInQuery = z
  .string()
  .regex(/^(?:100(?:\.0{1,2})?|\d{1,2}(?:\.\d{1,2})?)$/, { error: MALFORMED })
  .describe('Percent, such as 10 or 0.5: as a canary for this share of all keys at first.');

/** In hundredths of a percent; undefined for none. @param percent checked by one of the schemas above */
export function toShare(percent: number | string | undefined): number | undefined {
  return percent === undefined ? undefined : (shareOf(Number(percent)) ?? undefined);
}

/** A share as it is answered: in percent. */
export function presentShare(share: number | null): number | null {
  return share === null ? null : percentOf(share);
}

const percent = z.number().describe('Percent of all keys, with at most two decimals.');

const side = z.object({
  runs: z.number().int(),
  errorRate: z.number().nullable().describe('Failed among those that were not cancelled, 0 to 1.'),
  costPerRun: z.number().nullable().describe('US dollars; null where no run said.'),
  latencyMs: z.object({ p50: z.number().nullable(), p95: z.number().nullable() }),
});

export const rolloutSchema = z
  .object({
    workflow: z.string(),
    environment: z.string(),
    candidate: z
      .object({
        deployment: z.string().describe('Id: name it when you change the rollout, so that no other one is.'),
        version: versionRef,
        share: percent,
        startedBy: userId,
        startedAt: date,
        promotion: z.string().nullable(),
      })
      .describe('What the share of all keys is given.'),
    active: z
      .object({ deployment: z.string(), version: versionRef, since: date })
      .describe('What all others are given, and runs without a key unless the share is 100.'),
    quarantined: z.boolean().describe('The candidate was rolled back elsewhere: it can only be aborted.'),
    scheduled: z.boolean().describe('A schedule starts runs of it, which carry no key: only 0 and 100 are possible.'),
    waiting: z
      .object({ version: versionRef, canary: percent.nullable() })
      .nullable()
      .describe('What its abort deploys at once: under review there, with all that it needs. Null for nothing.'),
    sinceApproved: z
      .array(z.string())
      .describe('What moved of the settings that it reads, and of what is asked for there, since it was approved.'),
    runs: z.object({ since: date, candidate: side, active: side }).describe('How the runs of both went since then.'),
  })
  .meta({ id: 'Rollout' });

export const rolloutChange = z
  .object({
    outcome: z
      .enum(['changed', 'finished', 'aborted', 'resumed'])
      .describe('finished: the candidate is what is live. aborted: it is out, and what was live stays so.'),
    changed: z.boolean().describe('False: it was so already.'),
    workflow: z.string(),
    environment: z.string(),
    deployment: z.string().describe("The candidate's id."),
    version: versionRef.describe("The candidate's."),
    promotion: z.string().nullable(),
    share: percent.describe('Percent: as it is now, or was last where the rollout is over.'),
    before: percent.nullable().describe('The share before; null where it was not the share that changed.'),
    active: z.object({ deployment: z.string(), version: versionRef }).describe('What is live now.'),
    superseded: versionRef.nullable().describe('What `finished` took the place of.'),
    followed: z
      .object({ version: versionRef, canary: percent.nullable() })
      .nullable()
      .describe('What waited for the end with all that it needs, and was deployed by it: null for nothing.'),
    by: userId,
    at: date,
    reason: z.string().nullable(),
    undoUntil: date.nullable().describe('Until when whoever aborted it may undo that, in Slack.'),
  })
  .meta({ id: 'RolloutChange' });

export function presentRollout(view: RolloutView): z.infer<typeof rolloutSchema> {
  const { candidate, active, quarantined, scheduled, sinceApproved, waiting, runs } = view;
  return {
    workflow: view.workflow.slug,
    environment: view.environment.name,
    candidate: {
      deployment: candidate.deploymentId,
      version: presentVersion(candidate.version),
      share: percentOf(candidate.share),
      startedBy: candidate.startedBy,
      startedAt: candidate.startedAt.toISOString(),
      promotion: candidate.promotionId,
    },
    active: {
      deployment: active.deploymentId,
      version: presentVersion(active.version),
      since: active.since.toISOString(),
    },
    ...{ quarantined, scheduled, sinceApproved, waiting: presentWaiting(waiting) },
    runs: {
      since: runs.since.toISOString(),
      candidate: presentSide(runs.candidate),
      active: presentSide(runs.active),
    },
  };
}

function presentWaiting(waiting: RolloutView['waiting']) {
  return waiting && { version: presentVersion(waiting.version), canary: presentShare(waiting.canary) };
}

function presentSide({ runs, errorRate, costPerRun, p50, p95 }: SideFigures): z.infer<typeof side> {
  return { runs, errorRate, costPerRun, latencyMs: { p50, p95 } };
}

export function presentRolloutChange(receipt: RolloutReceiptView): z.infer<typeof rolloutChange> {
  const { act, changed, workflow, environment, deploymentId, version, active, superseded, followed, by, reason } =
    receipt;
  return {
    ...{ outcome: act, changed, by, reason },
    workflow: workflow.slug,
    environment: environment.name,
    deployment: deploymentId,
    version: presentVersion(version),
    promotion: receipt.promotionId,
    share: percentOf(receipt.share),
    before: presentShare(receipt.before),
    active: { deployment: active.deploymentId, version: presentVersion(active.version) },
    superseded: superseded && presentVersion(superseded),
    followed: presentWaiting(followed),
    at: receipt.at.toISOString(),
    undoUntil: presentDate(receipt.undoUntil),
  };
}

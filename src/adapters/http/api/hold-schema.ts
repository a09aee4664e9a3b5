import { z } from 'zod';
import type { JudgedRequirement } from '../../../domain/requirements/evaluate.ts';
import type { FreezeView, HoldsView, LockView, WhyView } from '../../../use-cases/views.ts';
import { presentDate, presentVersion } from './present.ts';
import { date, userId, versionRef } from './schemas.ts';

/** One thing that a promotion needs, as it was judged. */
export const requirement = z.object({
  kind: z.string(),
  state: z.enum(['met', 'pending', 'failed']),
  summary: z.string(),
  detail: z.string().nullable(),
  retryAt: date.nullable().describe('When the clock alone may change it; null where somebody or something has to act.'),
});

export function presentRequirement({
  kind,
  state,
  summary,
  detail,
  retryAt,
}: JudgedRequirement): z.infer<typeof requirement> {
  return { kind, state, summary, detail: detail ?? null, retryAt: presentDate(retryAt ?? null) };
}

const held = {
  reason: z.string(),
  by: userId,
  at: date,
  until: date.nullable().describe('Null: until somebody ends it.'),
};

export const lockSchema = z
  .object({
    id: z.string(),
    workflow: z.string().nullable().describe('Null: every workflow.'),
    environment: z.string().nullable().describe('Null: every environment.'),
    ...held,
    promotion: z
      .string()
      .nullable()
      .describe('Id of the open one from whose card it was taken: whoever took it ends it by ending that.'),
  })
  .meta({ id: 'Lock', description: 'Nothing goes live in its scope; rollbacks do.' });

export const freezeSchema = z
  .object({ id: z.string(), environment: z.string(), ...held })
  .meta({ id: 'Freeze', description: 'Nothing goes live in the environment; rollbacks do.' });

export const holdsSchema = z
  .object({
    locks: z.array(lockSchema).describe('The oldest first.'),
    freezes: z.array(freezeSchema).describe('Set by hand.'),
    windows: z
      .array(
        z.object({
          environment: z.string(),
          kind: z.enum(['deny', 'allow']).describe('allow: it is outside of when the environment may be changed.'),
          reason: z.string(),
          until: date.nullable(),
        }),
      )
      .describe('Of towpath.yaml, that keep things from going live now.'),
  })
  .meta({ id: 'Holds' });

export const whySchema = z
  .object({
    workflow: z.string(),
    environment: z.string(),
    live: versionRef.nullable().describe('What is live there.'),
    version: versionRef.nullable().describe('What is or would be proposed.'),
    promotion: z
      .object({ id: z.string(), requestedBy: userId, requestedAt: date, deployAt: date.nullable() })
      .nullable()
      .describe('Under review; null: the rest says what asking for one would need.'),
    bar: z.string().nullable().describe('Why nothing can be asked for.'),
    requirements: z.array(requirement),
    retryAt: date.nullable().describe('When judging again may turn out otherwise without anybody acting.'),
  })
  .meta({ id: 'Why' });

export function presentLock({
  id,
  workflow,
  environment,
  reason,
  by,
  at,
  until,
  promotionId,
}: LockView): z.infer<typeof lockSchema> {
  return {
    id,
    workflow: workflow?.slug ?? null,
    environment: environment?.name ?? null,
    ...{ reason, by, at: at.toISOString(), until: presentDate(until) },
    promotion: promotionId,
  };
}

export function presentFreeze({ id, environment, reason, by, at, until }: FreezeView): z.infer<typeof freezeSchema> {
  return { id, environment: environment.name, reason, by, at: at.toISOString(), until: presentDate(until) };
}

export function presentHolds({ locks, freezes, windows }: HoldsView): z.infer<typeof holdsSchema> {
  return {
    locks: locks.map(presentLock),
    freezes: freezes.map(presentFreeze),
    windows: windows.map(({ environment, kind, reason, until }) => ({
      ...{ environment: environment.name, kind, reason },
      until: presentDate(until),
    })),
  };
}

export function presentWhy(view: WhyView): z.infer<typeof whySchema> {
  const { promotion } = view;
  return {
    workflow: view.workflow.slug,
    environment: view.environment.name,
    live: view.live && presentVersion(view.live),
    version: view.version && presentVersion(view.version),
    promotion: promotion && {
      ...{ id: promotion.id, requestedBy: promotion.requestedBy, requestedAt: promotion.requestedAt.toISOString() },
      deployAt: presentDate(promotion.deployAt),
    },
    bar: view.bar,
    requirements: view.requirements.map(presentRequirement),
    retryAt: presentDate(view.retryAt),
  };
}

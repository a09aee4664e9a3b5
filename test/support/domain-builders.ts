import type { Deployment } from '../../src/domain/deployment.ts';
import type { Environment, Pipeline, Policy } from '../../src/domain/environment.ts';
import { fingerprint, type Reviewed } from '../../src/domain/fingerprint.ts';
import type { Approval, Promotion } from '../../src/domain/promotion.ts';
import type { Version, Workflow } from '../../src/domain/version.ts';

/** The moment that every built thing happened at, unless told otherwise. */
export const NOON = new Date('2026-03-02T12:00:00.000Z');
export const DAY = 24 * 60 * 60_000;

/** A moment so many milliseconds after noon. */
export function afterNoon(milliseconds: number): Date {
  return new Date(NOON.getTime() + milliseconds);
}

export function policy(but: Partial<Policy> = {}): Policy {
  return { approvals: [{ role: 'lead', count: 1 }], expireAfter: 7 * DAY, rollback: { role: 'member' }, ...but };
}

export function environment(name: string, rank: number, but: Partial<Environment> = {}): Environment {
  return {
    id: `env-${name}`,
    name,
    rank,
    aliases: [],
    badge: '',
    channel: null,
    policy: policy(),
    webhooks: [],
    ...but,
  };
}

/** development (dev) → staging (stg) → production (prod). */
export const PIPELINE: Pipeline = [
  environment('development', 0, { aliases: ['dev'], policy: policy({ approvals: [] }) }),
  environment('staging', 1, { aliases: ['stg'] }),
  environment('production', 2, { aliases: ['prod'], policy: policy({ approvals: [{ role: 'admin', count: 1 }] }) }),
];

export function workflow(but: Partial<Workflow> = {}): Workflow {
  return {
    id: 'wf',
    slug: 'summarize-flow',
    department: null,
    ownerId: 'UOWNER',
    format: 'towpath',
    createdAt: NOON,
    ...but,
  };
}

export function version(number: number, but: Partial<Version> = {}): Version {
  const rest = { label: null, note: null, format: 'towpath', contentHash: `c${number}`, logicHash: `l${number}` };
  return {
    id: `v${number}`,
    workflowId: 'wf',
    number,
    ...rest,
    author: 'UAUTHOR',
    sourceCommit: null,
    createdAt: NOON,
    ...but,
  };
}

/** Went live so many minutes after noon; superseded unless told otherwise. */
export function deployment(id: string, versionId: string, minute: number, but: Partial<Deployment> = {}): Deployment {
  return {
    ...{ id, versionId, workflowId: 'wf', environmentId: 'env-staging', status: 'superseded', promotionId: null },
    ...{
      replacesId: null,
      deployedBy: 'UDEPLOYER',
      deployedAt: afterNoon(minute * 60_000),
      endedAt: null,
      endedBy: null,
    },
    ...{ reason: null, changes: [], share: null },
    ...but,
  };
}

/** An open promotion of v2 from development to staging, asked for by UASKER. */
export function promotion(but: Partial<Promotion> = {}): Promotion {
  return {
    ...{
      id: 'promo',
      workflowId: 'wf',
      versionId: 'v2',
      status: 'open',
      requestedBy: 'UASKER',
      reason: null,
      originChannel: null,
    },
    ...{ sourceEnvironmentId: 'env-development', targetEnvironmentId: 'env-staging', requestedAt: NOON },
    ...{
      canary: null,
      expiresAt: afterNoon(7 * DAY),
      closedAt: null,
      closedBy: null,
      closeReason: null,
      approvals: [],
    },
    ...but,
  };
}

/** v2 in place of nothing, under the usual policy. */
export function reviewed(but: Partial<Reviewed> = {}): Reviewed {
  return {
    versionId: 'v2',
    replacesDeploymentId: null,
    replacesVersionId: null,
    settings: {},
    policy: policy(),
    ...but,
  };
}

export function approval(by: string, role: Approval['role'], of: Reviewed = reviewed(), at = NOON): Approval {
  return { by, role, fingerprint: fingerprint(of), reviewed: of, at };
}

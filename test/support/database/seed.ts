import { randomBytes } from 'node:crypto';
import type { Actor } from '../../../src/domain/actor.ts';
import type { Deployment } from '../../../src/domain/deployment.ts';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Promotion } from '../../../src/domain/promotion.ts';
import type { Version, Workflow } from '../../../src/domain/version.ts';
import type { NewEnvironment, Ports, Transaction } from '../../../src/use-cases/ports.ts';

const DAY = 86_400_000;

/** An environment with nothing special about it. */
export function anEnvironment(name: string, rank: number, more: Partial<NewEnvironment> = {}): NewEnvironment {
  const policy = {
    approvals: [{ role: 'lead' as const, count: 1 }],
    expireAfter: 7 * DAY,
    rollback: { role: 'member' as const },
  };
  return { name, rank, aliases: [], badge: '', channel: null, policy, webhooks: [], ...more };
}

export const PIPELINE = [anEnvironment('development', 0), anEnvironment('staging', 1), anEnvironment('production', 2)];

export function anActor(workspaceId: string, userId = 'U0DEV'): Actor {
  return { workspaceId, userId, via: 'slack' };
}

/** A workspace with the three environments; a name of its own unless one is given. */
export async function seedWorkspace(
  ports: Ports,
  workspaceId = `T${randomBytes(6).toString('hex')}`,
): Promise<{
  workspaceId: string;
  development: Environment;
  staging: Environment;
  production: Environment;
}> {
  const pipeline = await ports.inTransaction(workspaceId, async (tx) => {
    await tx.workspace.ensure({ name: 'Canal', botUserId: 'U0BOT' }, PIPELINE);
    return tx.environments.pipeline();
  });
  const [development, staging, production] = pipeline;
  if (!development || !staging || !production) throw new Error('The default pipeline has three environments.');
  return { workspaceId, development, staging, production };
}

export function createWorkflow(tx: Transaction, slug = `flow-${randomBytes(4).toString('hex')}`): Promise<Workflow> {
  return tx.workflows.create({ slug, department: null, ownerId: 'U0DEV', format: 'towpath', createdBy: 'U0DEV' });
}

export function createVersion(
  tx: Transaction,
  workflowId: string,
  more: Partial<Version> & { source?: string } = {},
): Promise<Version> {
  const { id: _id, number: _number, createdAt: _createdAt, ...wanted } = more;
  return tx.versions.create({
    workflowId,
    label: null,
    note: null,
    format: 'towpath',
    contentHash: randomBytes(32).toString('hex'),
    logicHash: randomBytes(32).toString('hex'),
    author: 'U0DEV',
    sourceCommit: null,
    source: 'name: flow',
    fileName: 'flow.yaml',
    ...wanted,
  });
}

export async function activate(
  tx: Transaction,
  version: Pick<Version, 'id' | 'workflowId'>,
  environment: Pick<Environment, 'id'>,
  promotionId: string | null = null,
): Promise<Deployment> {
  const { activated } = await tx.deployments.activate({
    workflowId: version.workflowId,
    environmentId: environment.id,
    versionId: version.id,
    promotionId,
    deployedBy: 'U0DEV',
    reason: null,
    changes: ['Model of ‘Summarise’ changed'],
  });
  return activated;
}

export function requestPromotion(
  tx: Transaction,
  version: Pick<Version, 'id' | 'workflowId'>,
  source: Pick<Environment, 'id'>,
  target: Pick<Environment, 'id'>,
  more: Partial<Promotion> = {},
): Promise<Promotion> {
  return tx.promotions.create({
    workflowId: version.workflowId,
    versionId: version.id,
    sourceEnvironmentId: source.id,
    targetEnvironmentId: target.id,
    requestedBy: more.requestedBy ?? 'U0DEV',
    reason: more.reason ?? null,
    originChannel: more.originChannel ?? null,
    expiresAt: more.expiresAt ?? new Date(tx.now.getTime() + 7 * DAY),
  });
}

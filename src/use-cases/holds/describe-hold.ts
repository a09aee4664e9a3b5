import type { Environment } from '../../domain/environment.ts';
import type { Lock } from '../../domain/requirements/lock.ts';
import { tagEnvironment, tagWorkflow } from '../find-things.ts';
import type { KeptFreeze } from '../ports.ts';
import type { Scope } from './find-scope.ts';
import type { FreezeView, LockView } from './hold-views.ts';

export function describeLock(lock: Lock, { workflow, environment }: Scope): LockView {
  const { id, reason, by, at, until, promotionId } = lock;
  return {
    ...{ id, reason, by, at, until, promotionId },
    workflow: workflow === null ? null : tagWorkflow(workflow),
    environment: environment === null ? null : tagEnvironment(environment),
  };
}

export function describeFreeze({ id, reason, by, at, until }: KeptFreeze, environment: Environment): FreezeView {
  return { id, reason, by, at, until, environment: tagEnvironment(environment) };
}

import type { CheckKind, CheckResult } from '../../src/domain/check-result.ts';
import type { Environment } from '../../src/domain/environment.ts';
import { fingerprint } from '../../src/domain/fingerprint.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import type { Facts } from '../../src/domain/requirements/requirement.ts';
import { environment, NOON, policy, promotion, reviewed, workflow } from './domain-builders.ts';

/** Facts about v2 on its way to staging, where the policy asks for nothing but what it is told. */
export function factsOf(asked: Partial<Policy>, but: Partial<Facts> = {}): Facts {
  const target: Environment = environment('staging', 1, { policy: policy({ approvals: [], ...asked }) });
  return {
    ...{ now: NOON, target, workflow: workflow(), promotion: promotion(), approvers: new Map() },
    fingerprint: fingerprint(reviewed()),
    ...but,
  };
}

/** A result of v2 in staging that ended now. */
export function result(kind: CheckKind, but: Partial<CheckResult> = {}): CheckResult {
  return {
    ...{ kind, name: 'suite', environmentId: 'env-staging', versionId: 'v2', at: NOON },
    ...{ source: 'api', state: 'passed' },
    ...but,
  };
}

/** The same of v1, which is live. */
export function liveResult(kind: CheckKind, but: Partial<CheckResult> = {}): CheckResult {
  return result(kind, { versionId: 'v1', ...but });
}

import type { ExecutionLimits } from '../../domain/settings/settings.ts';
import { RUN_LIMIT_DEFAULTS, type RunLimits } from '../ports/runners.ts';

/** What one run may take by the settings in effect, and what is usual where they say nothing. */
export function runLimitsOf({ timeout, retries, costPerRun }: ExecutionLimits = {}): RunLimits {
  return {
    ...RUN_LIMIT_DEFAULTS,
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...(retries !== undefined && { retries }),
    ...(costPerRun !== undefined && { cost: costPerRun }),
  };
}

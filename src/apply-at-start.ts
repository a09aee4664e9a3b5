import type { FileTurn } from './domain/configuration/file-turn.ts';
import type { Logger } from './log.ts';
import { type ConfigurationRequest, makeApplyConfiguration } from './use-cases/apply-configuration.ts';
import type { Ports } from './use-cases/ports.ts';

/** Workflows that one line of the log names. */
const MOST_NAMED = 20;

/**
 * Applies what the process was started with, and tells the operator of what that does not do.
 * @throws InvalidConfigurationError
 */
export async function applyAtStart(ports: Ports, request: ConfigurationRequest, log: Logger): Promise<void> {
  const { turn, missingWorkflows } = await makeApplyConfiguration(ports)(request);
  if (turn.kind === 'superseded') log.warn({ number: turn.number, newest: turn.newest }, supersededText(turn));
  if (missingWorkflows.length === 0) return;
  log.warn(
    { workflows: missingWorkflows.slice(0, MOST_NAMED), count: missingWorkflows.length },
    'towpath.yaml gives settings to workflows that nobody pushed yet: each gets its own when it is pushed under that name',
  );
}

function supersededText({ number, newest }: Extract<FileTurn, { kind: 'superseded' }>): string {
  return `towpath.yaml is not applied: what it says is number ${number}, and number ${newest} was applied after it. Start with the newest file, or with --apply-config to go back to this one`;
}

import { makeAiJudge } from './adapters/runners/ai/ai-judge.ts';
import { makeRunner } from './adapters/runners/make-runner.ts';
import type { OperatorSettings } from './domain/suite/operator-settings.ts';
import type { SecretSource } from './load-configuration.ts';
import { makePlacedRunner } from './use-cases/execution/place-run.ts';
import type { Runners } from './use-cases/ports/runners.ts';
import type { Ports } from './use-cases/ports.ts';

/**
 * As `runners:` of the operator's file says; without it there are no commands, no private addresses and no judge. Runs that say their
 * place wait for each other, and are given to agents where there are any.
 */
export function openRunners(settings: OperatorSettings | undefined, secretOf: SecretSource, ports: Ports): Runners {
  const { judge, commands = {}, privateOrigins = [], origins } = settings ?? {};
  const reach = { privateOrigins, ...(origins !== undefined && { origins }) };
  return {
    runner: makePlacedRunner(ports, makeRunner({ commands, ...reach })),
    judge: judge === undefined ? null : makeAiJudge({ settings: judge, variable: secretOf }),
  };
}

import { makeAiJudge } from './adapters/runners/ai/ai-judge.ts';
import { makeRunner } from './adapters/runners/make-runner.ts';
import type { OperatorSettings } from './domain/suite/operator-settings.ts';
import type { SecretSource } from './load-configuration.ts';
import type { Runners } from './use-cases/ports/runners.ts';

/** As `runners:` of the operator's file says; without it there are no commands, no private addresses and no judge. */
export function openRunners(settings: OperatorSettings | undefined, secretOf: SecretSource): Runners {
  const { judge, commands = {}, privateOrigins = [] } = settings ?? {};
  return {
    runner: makeRunner({ commands, privateOrigins }),
    judge: judge === undefined ? null : makeAiJudge({ settings: judge, variable: secretOf }),
  };
}

import { makeAnswerGate } from '../gates/answer-gate.ts';
import { makeAskGatesAgain } from '../gates/ask-gates-again.ts';
import type { AllPorts } from '../ports.ts';
import type { CheckUseCases } from './check-use-cases.ts';
import { makeListChecks } from './list-checks.ts';
import { makeRecordCheck } from './record-check.ts';
import { makeShowCheck } from './show-check.ts';

/** What is found out about versions elsewhere. */
export function makeCheckUseCases(ports: AllPorts): CheckUseCases {
  return {
    recordCheck: makeRecordCheck(ports),
    listChecks: makeListChecks(ports),
    showCheck: makeShowCheck(ports),
    answerGate: makeAnswerGate(ports),
    askGatesAgain: makeAskGatesAgain(ports),
  };
}

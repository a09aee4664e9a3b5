import { makeAnswerGate } from '../gates/answer-gate.ts';
import type { AllPorts } from '../ports.ts';
import type { CheckUseCases } from './check-use-cases.ts';
import { makeRecordCheck } from './record-check.ts';

/** What is found out about versions elsewhere. */
export function makeCheckUseCases(ports: AllPorts): CheckUseCases {
  return { recordCheck: makeRecordCheck(ports), answerGate: makeAnswerGate(ports) };
}

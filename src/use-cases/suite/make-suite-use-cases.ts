import type { AllPorts } from '../ports.ts';
import { makeSaveSuite } from './save-suite.ts';
import { makeShowSuite } from './show-suite.ts';
import { makeListSuiteRuns, makeShowSuiteRun } from './show-suite-run.ts';
import { makeFailLostSuiteRuns, makeStopSuiteRun } from './stop-suite-run.ts';
import type { SuiteUseCases } from './suite-use-cases.ts';
import { makeTestVersion } from './test-version.ts';

/** Suites that workflows keep, and their runs. */
export function makeSuiteUseCases(ports: AllPorts): SuiteUseCases {
  return {
    saveSuite: makeSaveSuite(ports),
    showSuite: makeShowSuite(ports),
    testVersion: makeTestVersion(ports),
    showSuiteRun: makeShowSuiteRun(ports),
    listSuiteRuns: makeListSuiteRuns(ports),
    stopSuiteRun: makeStopSuiteRun(ports),
    failLostSuiteRuns: makeFailLostSuiteRuns(ports),
  };
}

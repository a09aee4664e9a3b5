import { expect, it } from 'vitest';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import { RunnerFailure } from '../../../src/use-cases/ports/runners.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { placed } from '../../support/runners/placed.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { settingsActs } from '../../support/use-cases/settings-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
const { byFile } = settingsActs(() => canal);

it('what a run spent that came to nothing counts towards what runs may cost a day', async () => {
  await canal.reach('development', 'one');
  await byFile('development', {
    runner: { kind: 'http', url: 'https://runner.example', shadowSafe: false },
    limits: { costPerDay: 0.5 },
  });
  const run = () => Promise.reject(new RunnerFailure('died', 'The last step failed.', null, 0.6));
  const runners = { runner: placed(db.ports, { run }), judge: null };
  const { executeWorkflow } = makeUseCases(withTestDocuments(db.ports), testSecrets, runners);
  const execute = () =>
    executeWorkflow({
      ...{ actor: canal.as('U0DEV'), workflow: 'summarize-flow', environment: 'development', inputs: {} },
      signal: new AbortController().signal,
    });
  await expect(execute()).rejects.toMatchObject({ code: 'runner_died' });
  await expect(execute()).rejects.toMatchObject({ code: 'cost_reached' });
});

import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import type { Runner } from '../../../src/use-cases/ports/runners.ts';
import type { Ports } from '../../../src/use-cases/ports.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { settingsActs } from '../../support/use-cases/settings-acts.ts';
import { suiteActs, suiteOf } from '../../support/use-cases/suite-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
const { byFile } = settingsActs(() => canal);

beforeEach(async () => {
  await byFile('development', { runner: { kind: 'http', url: 'https://runner.example', shadowSafe: false } });
  await canal.push('one');
});

it('a run is not followed any more once its outcome is written, so that neither waits for the other', async () => {
  const looking = Promise.withResolvers<void>();
  const answering = Promise.withResolvers<void>();
  const runner: Runner = {
    async run() {
      await looking.promise;
      answering.resolve();
      return { output: 'fine', latencyMs: 1 };
    },
  };
  let begun = 0;
  let most = 0;
  let open = 0;
  /** The second transaction is the first look; it holds what it has written for a while after the runner answered. */
  const inTransaction: Ports['inTransaction'] = async (workspaceId, work) => {
    const nth = ++begun;
    most = Math.max(most, ++open);
    try {
      return await db.ports.inTransaction(workspaceId, async (tx) => {
        const done = await work(tx);
        if (nth !== 2) return done;
        looking.resolve();
        await answering.promise;
        await wait(300);
        return done;
      });
    } finally {
      open -= 1;
    }
  };
  const acts = suiteActs({ db: { ...db, ports: { ...db.ports, inTransaction } }, canal }, { runner });
  await acts.save(suiteOf(1));
  const actor = canal.as('U0DEV');
  const { id } = await canal.useCases.testVersion({ actor, workflow: 'summarize-flow' });
  await acts.workAll();
  expect(most).toBe(1);
  expect(await canal.useCases.showSuiteRun({ workspaceId: canal.workspaceId, id })).toMatchObject({
    ...{ state: 'completed', passed: 1 },
  });
});

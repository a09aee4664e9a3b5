import { Refusal } from '../../domain/refusal.ts';
import type { Ports } from '../ports.ts';
import type { SuiteMessageUseCases } from './suite-messages.ts';

/** A message of a run, once a channel: it is brought up to date as the run goes on. */
export function makePostSuiteRun({ inTransaction }: Ports): SuiteMessageUseCases['postSuiteRun'] {
  return ({ actor, id, channel }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const run = await tx.suites.findRun(id);
      if (run === null)
        throw new Refusal('unknown_suite_run', 'That run is not kept any more. `/towpath test` runs the suite again.');
      const there = await tx.announcements.listOf(id, 'suite-run');
      if (there.some(({ target }) => target === channel)) return { posted: false };
      await tx.announcements.post({ kind: 'suite-run', subjectId: id, target: channel });
      return { posted: true };
    });
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checksAnswer } from '../../../src/adapters/slack/blocks/checks-answer.ts';
import { storyMessage } from '../../../src/adapters/slack/blocks/story.ts';
import { suiteAnswer } from '../../../src/adapters/slack/blocks/suite-answer.ts';
import { suiteRunMessage } from '../../../src/adapters/slack/blocks/suite-run-message.ts';
import { casesModal } from '../../../src/adapters/slack/modals/cases-modal.ts';
import { suiteForm } from '../../../src/adapters/slack/modals/suite-form.ts';
import { expectModalTaken, expectTaken } from './support/expect-taken.ts';
import { hostileCheck, hostileChecks, hostileRun, hostileSuite } from './support/hostile-tests.ts';
import { hostileText } from './support/hostile-texts.ts';

/** Without shrinking: views this large would take minutes to become smaller. */
const RUNS = { numRuns: 150, endOnFailure: true };

test('what was found out is taken by Slack whatever programs call it', () => {
  fc.assert(
    fc.property(hostileChecks, (view) => {
      const { text, blocks = [] } = checksAnswer(view);
      // Only links of Towpath's own, to addresses that were parsed: nothing that was written ends one.
      const shown = JSON.parse(JSON.stringify(blocks).replace(/<https?:\/\/[^<>|\s"]+\|report>/g, ''));
      expectTaken({ text, blocks: shown });
    }),
    RUNS,
  );
});

test('cases are taken by Slack whatever a model gave out', () => {
  fc.assert(
    fc.property(hostileCheck, (view) => expectModalTaken(casesModal(view))),
    RUNS,
  );
});

test('a run is taken by Slack in every state, and always says what can be done', () => {
  fc.assert(
    fc.property(hostileRun, (run) => {
      const message = suiteRunMessage(run);
      expectTaken(message);
      if (run.state === 'running') expect(JSON.stringify(message.blocks)).toContain('stop_tests');
    }),
    RUNS,
  );
});

test('a suite and its form are taken by Slack whatever is in it', () => {
  fc.assert(
    fc.property(hostileSuite, (suite) => {
      expectTaken(suiteAnswer(suite));
      expectModalTaken(suiteForm({ workflow: 'summarize-flow', to: { channelId: 'C0' } }, suite));
    }),
    RUNS,
  );
});

test('what diverged is told in the thread whatever was answered', () => {
  fc.assert(
    fc.property(hostileText, hostileText, hostileText, (input, live, proposed) => {
      const at = '2026-11-21T10:00:00.000Z';
      const examples = Array.from({ length: 3 }, () => ({ input, live, proposed, similarity: 0.2 }));
      expectTaken(storyMessage({ event: 'diverged', at, diverged: 12, compared: 100, examples }));
      const failed = Array.from({ length: 3 }, () => ({ name: input, message: live }));
      expectTaken(storyMessage({ event: 'tests-failed', at, passed: 3, total: 6, failed }));
    }),
    RUNS,
  );
});

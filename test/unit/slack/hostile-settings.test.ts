import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeAnswer } from '../../../src/adapters/slack/blocks/change-answer.ts';
import { settingsCard } from '../../../src/adapters/slack/blocks/settings-card.ts';
import { sharedOrOwnAnswer } from '../../../src/adapters/slack/blocks/shared-or-own.ts';
import { workflowSettingsAnswer } from '../../../src/adapters/slack/blocks/workflow-settings-answer.ts';
import { bindForm } from '../../../src/adapters/slack/modals/bind-form.ts';
import { goBackForm } from '../../../src/adapters/slack/modals/go-back-form.ts';
import { settingsDiffModal } from '../../../src/adapters/slack/modals/settings-diff-modal.ts';
import { INPUT_MAX, settingsForm } from '../../../src/adapters/slack/modals/settings-form.ts';
import { settingsHistoryModal } from '../../../src/adapters/slack/modals/settings-history.ts';
import { FORM_FIELDS, formTexts, settingOf } from '../../../src/domain/settings/form/form-fields.ts';
import { expectModalTaken, expectTaken } from './support/expect-taken.ts';
import * as hostile from './support/hostile-settings.ts';
import { hostileText } from './support/hostile-views.ts';

const RUNS = { numRuns: 80, endOnFailure: true };
const LOOK = { title: 'Settings', callbackId: 'settings' };

test('the card of a proposed change is taken by Slack in every state, and is decided only where it shows what it changes', () => {
  fc.assert(
    fc.property(hostile.hostileCard, (view) => {
      const { text, blocks } = settingsCard(view);
      expectTaken({ text, blocks });
      const shown = JSON.stringify(blocks);
      expect(shown.includes('"approve_settings:0"')).toBe(
        view.status === 'open' && shown.includes('What it changes') && view.fingerprint.length < 1_500,
      );
      expectTaken(changeAnswer({ kind: 'proposed', proposal: view }));
      expectTaken(changeAnswer({ kind: 'applied', proposal: view, number: 1 }));
    }),
    RUNS,
  );
});

test('every page of all that a change changes is taken by Slack', () => {
  fc.assert(
    fc.property(hostile.hostileCard, fc.nat({ max: 30 }), (view, page) =>
      expectModalTaken(settingsDiffModal(LOOK, view, page)),
    ),
    RUNS,
  );
});

test('the form is taken by Slack whatever the settings hold, and shows each field whole or as text, never cut', () => {
  fc.assert(
    fc.property(hostile.hostileForm, (view) => {
      const form = settingsForm(LOOK, view);
      expectModalTaken(form);
      const texts = formTexts(view.settings);
      for (const field of FORM_FIELDS) {
        if (field === 'channel' && view.workflow === null) continue;
        const input = (form.blocks as { block_id?: string; element?: { initial_value?: string } }[]).find(
          ({ block_id }) => block_id === `${field}:${view.number}`,
        );
        const isKept = view.managed.includes(settingOf(field)) || texts[field].length > INPUT_MAX;
        if (isKept) expect(input).toBeUndefined();
        else if (input !== undefined && field !== 'channel')
          expect(input.element?.initial_value ?? '').toBe(texts[field]);
      }
      expectModalTaken(goBackForm(LOOK, view, 1));
    }),
    { ...RUNS, numRuns: 25 },
  );
});

test('the history is taken by Slack whatever was given and why', () => {
  const page = fc.record({
    items: fc.array(hostile.hostileRevision, { maxLength: 6 }),
    cursor: fc.option(hostileText),
    before: fc.option(hostile.hostileRevision),
    isFirst: fc.boolean(),
  });
  fc.assert(
    fc.property(page, fc.option(fc.constant('summarize-flow')), (history, workflow) => {
      const layer = { environment: 'staging', ...(workflow !== null && { workflow }) };
      expectModalTaken(settingsHistoryModal(LOOK, layer, history));
    }),
    { ...RUNS, numRuns: 40 },
  );
});

test('what a workflow gets, and the form that binds its masked values, are taken by Slack', () => {
  fc.assert(
    fc.property(hostile.hostileWorkflowSettings, hostileText, (view, asksFor) => {
      expectTaken(workflowSettingsAnswer(view));
      expectModalTaken(bindForm(LOOK, view, asksFor));
      expectTaken(sharedOrOwnAnswer([asksFor, 'staging']));
    }),
    { ...RUNS, numRuns: 40 },
  );
});

import type { InputBlock, KnownBlock, StaticSelect } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { editKey, missingInputs, stateValues } from '../../../src/adapters/sandbox/page/elements/element-values.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const input = (block_id: string, element: InputBlock['element'], more: Partial<InputBlock> = {}): InputBlock => ({
  type: 'input',
  block_id,
  label: plain(block_id),
  element,
  ...more,
});
const select: StaticSelect = {
  type: 'static_select',
  action_id: 'env',
  options: [{ text: plain('Staging'), value: 'stg' }],
  initial_option: { text: plain('Staging'), value: 'stg' },
};

describe('what a form sends', () => {
  it('is each element’s initial value until something else was chosen', () => {
    const reason = input('reason', { type: 'plain_text_input', action_id: 'text', initial_value: 'old' });
    const blocks: KnownBlock[] = [
      reason,
      { type: 'actions', block_id: 'a', elements: [select, { type: 'button', action_id: 'go', text: plain('Go') }] },
    ];
    expect(stateValues(blocks, new Map())).toEqual({
      reason: { text: { type: 'plain_text_input', value: 'old' } },
      a: { env: { type: 'static_select', selected_option: select.initial_option } },
    });
    const edits = new Map([[editKey('reason', reason.element), { value: 'new' }]]);
    expect(stateValues(blocks, edits)['reason']).toEqual({ text: { type: 'plain_text_input', value: 'new' } });
  });

  it('keeps what was typed when the view changes around it, and forgets it when its ids or kind change', () => {
    const before = input('reason', { type: 'plain_text_input', action_id: 'text' });
    const edits = new Map([[editKey('reason', before.element), { value: 'typed' }]]);
    const kept = input('reason', { type: 'plain_text_input', action_id: 'text', placeholder: plain('New') });
    expect(stateValues([kept], edits)['reason']?.['text']?.['value']).toBe('typed');
    const renamed = input('reason', { type: 'plain_text_input', action_id: 'other' });
    expect(stateValues([renamed], edits)['reason']?.['other']?.['value']).toBeNull();
    const replaced = input('reason', { ...select, action_id: 'text' });
    expect(stateValues([replaced], edits)['reason']?.['text']).not.toHaveProperty('value');
  });
});

describe('what is refused before the bot is asked', () => {
  const reason = input('reason', { type: 'plain_text_input', action_id: 't', min_length: 3, max_length: 5 });
  const withText = (value: string) =>
    missingInputs([reason], new Map([[editKey('reason', reason.element), { value }]]))['reason'];

  it('is a required field that is empty or blank, and no optional one', () => {
    expect(
      missingInputs([reason, input('maybe', { type: 'file_input', action_id: 'f' }, { optional: true })], new Map()),
    ).toEqual({ reason: 'Please complete this required field.' });
    expect(withText('   ')).toBe('Please complete this required field.');
  });

  it('is a text outside of its limits', () => {
    expect(withText('ab')).toContain('at least 3');
    expect(withText('abcdef')).toContain('5 characters');
    expect(withText('abcd')).toBeUndefined();
  });

  it('is an empty list of files or options', () => {
    expect(
      Object.keys(
        missingInputs(
          [
            input('files', { type: 'file_input', action_id: 'f' }),
            input('boxes', { type: 'checkboxes', action_id: 'c', options: [] }),
          ],
          new Map(),
        ),
      ),
    ).toEqual(['files', 'boxes']);
  });
});

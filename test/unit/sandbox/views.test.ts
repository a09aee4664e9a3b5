import { expect, test } from 'vitest';
import { checkView } from '../../../src/adapters/sandbox/block-kit/check-blocks.ts';
import { complaintsOf, plain, section, table, times } from '../../support/slack/blocks.ts';

const modal = (more: object = {}) => ({ type: 'modal', title: plain('Title'), blocks: [section('x')], ...more });
const input = { type: 'input', label: plain('Why?'), element: { type: 'plain_text_input' } };

const wrongViews: [name: string, view: object, complaint: string][] = [
  [
    'a long title',
    modal({ title: plain('x'.repeat(25)) }),
    'must be less than 25 characters [json-pointer:/view/title/text]',
  ],
  [
    'a long submit',
    modal({ submit: plain('x'.repeat(25)) }),
    'must be less than 25 characters [json-pointer:/view/submit/text]',
  ],
  [
    'much private metadata',
    modal({ private_metadata: 'x'.repeat(3001) }),
    'must be less than 3001 characters [json-pointer:/view/private_metadata]',
  ],
  ['an input without a submit', modal({ blocks: [input] }), 'missing required field: submit [json-pointer:/view]'],
  ['a table', modal({ blocks: [table] }), 'unsupported type: table [json-pointer:/view/blocks/0/type]'],
  [
    '101 blocks',
    modal({ blocks: times(101, () => ({ type: 'divider' })) }),
    'no more than 100 items allowed [json-pointer:/view/blocks]',
  ],
  ['no title', { type: 'modal', blocks: [] }, 'missing required field: title [json-pointer:/view]'],
];

test.each(wrongViews)('a modal with %s is refused', (_, view, complaint) => {
  expect(complaintsOf(() => checkView(view, 'modal', () => false))).toEqual([`[ERROR] ${complaint}`]);
});

test('a view of more than 250 KB is too large', () => {
  const view = modal({ blocks: times(100, () => section('x'.repeat(3000))) });
  expect(complaintsOf(() => checkView(view, 'modal', () => false))).toEqual(['view_too_large']);
});

test('a Home tab takes no file input', () => {
  const view = { type: 'home', blocks: [{ ...input, element: { type: 'file_input' } }] };
  expect(complaintsOf(() => checkView(view, 'home', () => false))).toEqual([
    '[ERROR] unsupported type: file_input [json-pointer:/view/blocks/0/element/type]',
  ]);
});

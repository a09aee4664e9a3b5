import { expect, test } from 'vitest';
import { checkMessageBlocks } from '../../../src/adapters/sandbox/block-kit/check-blocks.ts';
import { complaintsOf, mrkdwn, plain, section, table, times } from '../../support/slack/blocks.ts';

const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value: string) => ({ text: plain(value), value });
const select = (more: object) => actions({ type: 'static_select', ...more });
const confirm = (more: object = {}) => ({
  title: plain('Sure?'),
  text: plain('x'),
  confirm: plain('y'),
  deny: plain('n'),
  ...more,
});

const complaintsAbout = (blocks: unknown) => complaintsOf(() => checkMessageBlocks(blocks, () => false));

/** What fits exactly, and what is one too much, with what Slack says to it. */
const limits: [name: string, fits: object[], tooMuch: object[], complaint: string][] = [
  [
    'the text of a section',
    [section('x'.repeat(3000))],
    [section('x'.repeat(3001))],
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ],
  ['an empty text', [section('x')], [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  [
    'blocks',
    times(50, () => ({ type: 'divider' })),
    times(51, () => ({ type: 'divider' })),
    'no more than 50 items allowed [json-pointer:/blocks]',
  ],
  [
    'a header',
    [{ type: 'header', text: plain('x'.repeat(150)) }],
    [{ type: 'header', text: plain('x'.repeat(151)) }],
    'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'the text of a button',
    [actions(button({ text: plain('x'.repeat(75)) }))],
    [actions(button({ text: plain('x'.repeat(76)) }))],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
  ],
  [
    'the value of a button',
    [actions(button({ value: 'x'.repeat(2000) }))],
    [actions(button({ value: 'x'.repeat(2001) }))],
    'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
  ],
  [
    'an action id',
    [actions(button({ action_id: 'x'.repeat(255) }))],
    [actions(button({ action_id: 'x'.repeat(256) }))],
    'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
  ],
  [
    'a block id',
    [{ type: 'divider', block_id: 'x'.repeat(255) }],
    [{ type: 'divider', block_id: 'x'.repeat(256) }],
    'must be less than 256 characters [json-pointer:/blocks/0/block_id]',
  ],
  [
    'fields',
    [{ type: 'section', fields: times(10, () => plain('x')) }],
    [{ type: 'section', fields: times(11, () => plain('x')) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  [
    'the text of a field',
    [{ type: 'section', fields: [plain('x'.repeat(2000))] }],
    [{ type: 'section', fields: [plain('x'.repeat(2001))] }],
    'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  [
    'elements of a context',
    [{ type: 'context', elements: times(10, () => plain('x')) }],
    [{ type: 'context', elements: times(11, () => plain('x')) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'elements of actions',
    [actions(...times(25, () => button()))],
    [actions(...times(26, () => button()))],
    'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'options of an overflow menu',
    [actions({ type: 'overflow', options: times(5, (at) => option(`${at}`)) })],
    [actions({ type: 'overflow', options: times(6, (at) => option(`${at}`)) })],
    'no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'an overflow menu with one option',
    [actions({ type: 'overflow', options: [option('a'), option('b')] })],
    [actions({ type: 'overflow', options: [option('a')] })],
    'must be at least 2 items [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'options of a select',
    [select({ options: times(100, (at) => option(`${at}`)) })],
    [select({ options: times(101, (at) => option(`${at}`)) })],
    'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'the text of an option',
    [select({ options: [{ text: plain('x'.repeat(75)), value: 'a' }] })],
    [select({ options: [{ text: plain('x'.repeat(76)), value: 'a' }] })],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]',
  ],
  [
    'the value of an option',
    [select({ options: [{ text: plain('a'), value: 'x'.repeat(150) }] })],
    [select({ options: [{ text: plain('a'), value: 'x'.repeat(151) }] })],
    'must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]',
  ],
  [
    'a placeholder',
    [select({ options: [option('a')], placeholder: plain('x'.repeat(150)) })],
    [select({ options: [option('a')], placeholder: plain('x'.repeat(151)) })],
    'must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]',
  ],
  [
    'the title of a confirm dialog',
    [actions(button({ confirm: confirm({ title: plain('x'.repeat(100)) }) }))],
    [actions(button({ confirm: confirm({ title: plain('x'.repeat(101)) }) }))],
    'must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]',
  ],
  [
    'the text of a confirm dialog',
    [actions(button({ confirm: confirm({ text: plain('x'.repeat(300)) }) }))],
    [actions(button({ confirm: confirm({ text: plain('x'.repeat(301)) }) }))],
    'must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]',
  ],
  [
    'the yes of a confirm dialog',
    [actions(button({ confirm: confirm({ confirm: plain('x'.repeat(30)) }) }))],
    [actions(button({ confirm: confirm({ confirm: plain('x'.repeat(31)) }) }))],
    'must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]',
  ],
  [
    'the no of a confirm dialog',
    [actions(button({ confirm: confirm({ deny: plain('x'.repeat(30)) }) }))],
    [actions(button({ confirm: confirm({ deny: plain('x'.repeat(31)) }) }))],
    'must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/deny/text]',
  ],
  ['tables', [table], [table, table], 'only one table allowed [json-pointer:/blocks/1]'],
  [
    'markdown blocks together',
    [{ type: 'markdown', text: 'x'.repeat(12_000) }],
    [
      { type: 'markdown', text: 'x'.repeat(6000) },
      { type: 'markdown', text: 'x'.repeat(6001) },
    ],
    'markdown blocks must be less than 12001 characters in all [json-pointer:/blocks]',
  ],
];

test.each(limits)('Slack’s limit on %s is kept exactly', (_, fits, tooMuch, complaint) => {
  expect(complaintsAbout(fits).filter((message) => message !== 'msg_blocks_too_long')).toEqual([]);
  expect(complaintsAbout(tooMuch)).toEqual([`[ERROR] ${complaint}`]);
});

const wrongShapes: [name: string, blocks: unknown[], complaint: string][] = [
  [
    'an unknown block',
    [{ type: 'heading', text: plain('x') }],
    'unsupported type: heading [json-pointer:/blocks/0/type]',
  ],
  ['a block without a type', [{ text: plain('x') }], 'missing required field: type [json-pointer:/blocks/0]'],
  [
    'an unknown property',
    [{ type: 'divider', colour: 'red' }],
    'invalid additional property: colour [json-pointer:/blocks/0]',
  ],
  [
    'a bare string as a section’s text',
    [{ type: 'section', text: 'x' }],
    'must be a valid object [json-pointer:/blocks/0/text]',
  ],
  ['a string as a block', ['divider'], 'must be a valid object [json-pointer:/blocks/0]'],
  [
    'a bare string where a text object belongs',
    [{ type: 'header', text: 'x' }],
    'must be a valid object [json-pointer:/blocks/0/text]',
  ],
  [
    'formatted text in a header',
    [{ type: 'header', text: mrkdwn('x') }],
    'must be a valid enum value [json-pointer:/blocks/0/text/type]',
  ],
  [
    'formatted text on a button',
    [actions(button({ text: mrkdwn('x') }))],
    'must be a valid enum value [json-pointer:/blocks/0/elements/0/text/type]',
  ],
  ['an empty section', [{ type: 'section' }], 'must define either `text` or `fields` [json-pointer:/blocks/0]'],
  [
    'a text input among actions',
    [actions({ type: 'plain_text_input' })],
    'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
  ],
  [
    'a button as an input',
    [{ type: 'input', label: plain('x'), element: button() }],
    'unsupported type: button [json-pointer:/blocks/0/element/type]',
  ],
  [
    'a picture without a description',
    [{ type: 'image', image_url: 'https://example.com/a.png' }],
    'missing required field: alt_text [json-pointer:/blocks/0]',
  ],
  [
    'a picture on this machine',
    [{ type: 'image', alt_text: 'x', image_url: 'http://127.0.0.1/a.png' }],
    'downloading image failed [json-pointer:/blocks/0/image_url]',
  ],
  [
    'a file that Slack cannot show',
    [{ type: 'image', alt_text: 'x', slack_file: { id: 'F1' } }],
    'invalid slack file [json-pointer:/blocks/0/slack_file]',
  ],
  [
    'a wrong style',
    [actions(button({ style: 'warning' }))],
    'must be a valid enum value [json-pointer:/blocks/0/elements/0/style]',
  ],
  [
    'a block id twice',
    [
      { type: 'divider', block_id: 'a' },
      { type: 'divider', block_id: 'a' },
    ],
    '`block_id` "a" already exists in this set of blocks [json-pointer:/blocks/1/block_id]',
  ],
  [
    'an action id twice in a block',
    [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
    '`action_id` "a" already exists in this block [json-pointer:/blocks/0/elements/1/action_id]',
  ],
  [
    'a select without options',
    [select({})],
    'must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]',
  ],
  [
    'an initial option that is none',
    [select({ options: [option('a')], initial_option: option('b') })],
    '`initial_option` must match one of the options [json-pointer:/blocks/0/elements/0]',
  ],
  [
    'a rich text without sections',
    [{ type: 'rich_text', elements: [{ type: 'text', text: 'x' }] }],
    'unsupported type: text [json-pointer:/blocks/0/elements/0/type]',
  ],
];

test.each(wrongShapes)('%s is refused, with a pointer to it', (_, blocks, complaint) => {
  expect(complaintsAbout(blocks)).toEqual([`[ERROR] ${complaint}`]);
});

test('the same action id in two blocks is fine', () => {
  expect(complaintsAbout([actions(button({ action_id: 'a' })), actions(button({ action_id: 'a' }))])).toEqual([]);
});

test('a message whose blocks are each small but together beyond 13,200 characters is too long', () => {
  expect(complaintsAbout(times(4, () => section('x'.repeat(3000))))).toEqual([]);
  expect(complaintsAbout(times(5, () => section('x'.repeat(3000))))).toEqual(['msg_blocks_too_long']);
});

test('ids that the app left out are filled in, those it gave stay', () => {
  const [first, second] = checkMessageBlocks(
    [actions(button()), { ...actions(button({ action_id: 'mine' })), block_id: 'b' }],
    () => false,
  );
  expect(first).toMatchObject({
    block_id: expect.stringMatching(/.+/),
    elements: [{ action_id: expect.stringMatching(/.+/) }],
  });
  expect(second).toMatchObject({ block_id: 'b', elements: [{ action_id: 'mine' }] });
});

import type { CheckedBlock } from './blocks.ts';
import type { FileIsShowable } from './check-blocks.ts';
import type { InteractiveElement } from './elements.ts';
import type { PlacedElement } from './interactive-elements.ts';
import { interactiveElements } from './interactive-elements.ts';

/** Something wrong that no single property shows. */
export interface Complaint {
  text: string;
  path: (string | number)[];
}

/** Slack's limit for all markdown blocks of a message together. */
const MAX_MARKDOWN = 12_000;

/** Rules that look at more than one property: unique ids, either-or properties, tables, files that can be shown. */
export function complaintsAcross(blocks: readonly CheckedBlock[], isShowable: FileIsShowable): Complaint[] {
  const placed = interactiveElements(blocks);
  return [
    ...repeatedBlockIds(blocks),
    ...repeatedActionIds(placed),
    ...blocks.flatMap((block, index) => aboutBlock(block, index, isShowable)),
    ...placed.flatMap(aboutElement),
    ...aboutWholeMessage(blocks),
    ...focusedTwice(placed),
  ];
}

/** What Slack asks of a view beyond its blocks. */
export function complaintsAboutView(view: {
  type: string;
  submit?: unknown;
  blocks: readonly CheckedBlock[];
}): Complaint[] {
  const hasInput = view.blocks.some((block) => block.type === 'input');
  const fileInput = view.blocks.findIndex((block) => block.type === 'input' && block.element.type === 'file_input');
  return [
    ...(view.type === 'modal' && hasInput && view.submit === undefined
      ? [{ text: 'missing required field: submit', path: [] }]
      : []),
    ...(view.type === 'home' && fileInput >= 0
      ? [{ text: 'unsupported type: file_input', path: ['blocks', fileInput, 'element', 'type'] }]
      : []),
  ];
}

function repeatedBlockIds(blocks: readonly CheckedBlock[]): Complaint[] {
  return blocks.flatMap(({ block_id }, index) =>
    block_id !== undefined && blocks.findIndex((other) => other.block_id === block_id) < index
      ? [{ text: `\`block_id\` "${block_id}" already exists in this set of blocks`, path: [index, 'block_id'] }]
      : [],
  );
}

function repeatedActionIds(placed: readonly PlacedElement[]): Complaint[] {
  return placed.flatMap(({ element, blockIndex, path }, index) => {
    const isRepeated = placed
      .slice(0, index)
      .some(
        (other) =>
          other.blockIndex === blockIndex &&
          element.action_id !== undefined &&
          other.element.action_id === element.action_id,
      );
    if (!isRepeated) return [];
    return [
      {
        text: `\`action_id\` "${element.action_id}" already exists in this block`,
        path: [blockIndex, ...path, 'action_id'],
      },
    ];
  });
}

function aboutBlock(block: CheckedBlock, index: number, isShowable: FileIsShowable): Complaint[] {
  if (block.type === 'section') {
    const empty = block.text === undefined && block.fields === undefined;
    const accessory =
      block.accessory?.type === 'image' ? aboutImage(block.accessory, [index, 'accessory'], isShowable) : [];
    return [...(empty ? [{ text: 'must define either `text` or `fields`', path: [index] }] : []), ...accessory];
  }
  if (block.type === 'image') return aboutImage(block, [index], isShowable);
  if (block.type === 'context') {
    return block.elements.flatMap((element, at) =>
      element.type === 'image' ? aboutImage(element, [index, 'elements', at], isShowable) : [],
    );
  }
  if (block.type === 'input' && block.dispatch_action && block.element.type === 'file_input') {
    return [{ text: 'invalid additional property: dispatch_action', path: [index] }];
  }
  return [];
}

interface Image {
  image_url?: string | undefined;
  slack_file?: { id?: string; url?: string } | undefined;
}

function aboutImage(image: Image, path: Complaint['path'], isShowable: FileIsShowable): Complaint[] {
  if ((image.image_url === undefined) === (image.slack_file === undefined)) {
    return [{ text: 'must define either `image_url` or `slack_file`', path }];
  }
  if (image.slack_file && !isShowable(image.slack_file))
    return [{ text: 'invalid slack file', path: [...path, 'slack_file'] }];
  return [];
}

function aboutElement({ element, blockIndex, path }: PlacedElement): Complaint[] {
  const at = [blockIndex, ...path];
  if (element.type === 'static_select' || element.type === 'multi_static_select') {
    if ((element.options === undefined) === (element.option_groups === undefined)) {
      return [{ text: 'must define either `options` or `option_groups`', path: at }];
    }
  }
  if (element.type === 'plain_text_input' && (element.min_length ?? 0) > (element.max_length ?? 3_000)) {
    return [{ text: '`min_length` must not exceed `max_length`', path: at }];
  }
  const values = optionsOf(element).map(({ value }) => value);
  const initial = initialOptionsOf(element).find(({ value }) => !values.includes(value));
  return initial ? [{ text: '`initial_option` must match one of the options', path: at }] : [];
}

/** The options an element offers, groups flattened. */
export function optionsOf(element: InteractiveElement): readonly { value: string; text: { text: string } }[] {
  if (element.type === 'static_select' || element.type === 'multi_static_select') {
    return element.options ?? element.option_groups?.flatMap((group) => group.options) ?? [];
  }
  return 'options' in element ? element.options : [];
}

function initialOptionsOf(element: InteractiveElement): readonly { value: string }[] {
  if ('initial_option' in element && element.initial_option) return [element.initial_option];
  return 'initial_options' in element && element.initial_options ? element.initial_options : [];
}

function aboutWholeMessage(blocks: readonly CheckedBlock[]): Complaint[] {
  const tables = blocks.flatMap((block, index) => (block.type === 'table' ? [index] : []));
  const markdown = blocks.reduce((sum, block) => sum + (block.type === 'markdown' ? block.text.length : 0), 0);
  return [
    ...tables.slice(1).map((index) => ({ text: 'only one table allowed', path: [index] })),
    ...(markdown > MAX_MARKDOWN
      ? [{ text: `markdown blocks must be less than ${MAX_MARKDOWN + 1} characters in all`, path: [] }]
      : []),
  ];
}

function focusedTwice(placed: readonly PlacedElement[]): Complaint[] {
  const focused = placed.filter(({ element }) => 'focus_on_load' in element && element.focus_on_load);
  return focused.slice(1).map(({ blockIndex, path }) => ({
    text: 'only one element can have `focus_on_load`',
    path: [blockIndex, ...path, 'focus_on_load'],
  }));
}

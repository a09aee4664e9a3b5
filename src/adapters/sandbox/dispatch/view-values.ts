import type { CheckedBlock } from '../block-kit/blocks.ts';
import type { InteractiveElement } from '../block-kit/elements.ts';
import { interactiveElements } from '../block-kit/interactive-elements.ts';
import type { SandboxStateValues } from '../protocol.ts';
import type { SlackState } from '../state/slack-state.ts';
import { hasState, initialValue, isEmptyValue, readValue } from './element-values.ts';

type Values = Record<string, Record<string, Record<string, unknown>>>;

/** `state.values` of some blocks: what the person entered, and the initial value of what was left untouched. */
export function stateValues(
  state: SlackState,
  person: string,
  blocks: readonly CheckedBlock[],
  entered: SandboxStateValues,
): Values {
  const values: Values = {};
  for (const { block, element } of interactiveElements(blocks)) {
    if (!hasState(element)) continue;
    const blockId = block.block_id ?? '';
    const actionId = element.action_id ?? '';
    const given = entered[blockId]?.[actionId];
    const value = given ? readValue(state, person, element, given) : initialValue(state, person, element);
    values[blockId] = { ...values[blockId], [actionId]: { type: element.type, ...value } };
  }
  return values;
}

/** What Slack's own client complains about before it asks the app, by block id. */
export function clientErrors(blocks: readonly CheckedBlock[], values: Values): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== 'input') continue;
    const { type: _, ...value } = values[block.block_id ?? '']?.[block.element.action_id ?? ''] ?? {};
    const error = complaintAbout(block.element, value, block.optional ?? false);
    if (error !== null) errors[block.block_id ?? ''] = error;
  }
  return errors;
}

function complaintAbout(
  element: InteractiveElement,
  value: Record<string, unknown>,
  isOptional: boolean,
): string | null {
  if (isEmptyValue(value)) return isOptional ? null : 'Please complete this required field.';
  const text = typeof value['value'] === 'string' ? value['value'] : '';
  switch (element.type) {
    case 'plain_text_input':
      if (text.length > (element.max_length ?? 3_000))
        return `Please use ${element.max_length ?? 3_000} characters or fewer.`;
      return text.length < (element.min_length ?? 0) ? `Please use at least ${element.min_length} characters.` : null;
    case 'number_input':
      return complaintAboutNumber(element, text);
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : 'Enter an email address.';
    case 'url_text_input':
      return URL.canParse(text) ? null : 'Enter a valid URL.';
    case 'file_input':
      return complaintAboutFiles(element, value['files']);
    default:
      return null;
  }
}

function complaintAboutNumber(
  element: { is_decimal_allowed: boolean; min_value?: string | undefined; max_value?: string | undefined },
  text: string,
): string | null {
  if (!(element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/).test(text)) return 'Enter a number.';
  if (element.min_value !== undefined && Number(text) < Number(element.min_value))
    return `Enter a number of at least ${element.min_value}.`;
  if (element.max_value !== undefined && Number(text) > Number(element.max_value))
    return `Enter a number of at most ${element.max_value}.`;
  return null;
}

function complaintAboutFiles(
  element: { max_files?: number | undefined; filetypes?: string[] | undefined },
  files: unknown,
): string | null {
  const chosen = files as { name: string }[];
  const most = element.max_files ?? 10;
  if (chosen.length > most) return `Choose at most ${most} ${most === 1 ? 'file' : 'files'}.`;
  const allowed = element.filetypes;
  const wrong = allowed && chosen.find(({ name }) => !allowed.includes(name.split('.').at(-1)?.toLowerCase() ?? ''));
  return wrong ? `${wrong.name} is of a type that is not taken here (${allowed.join(', ')}).` : null;
}

import { lookUp } from '../../../look-up.ts';
import type { Json, JsonObject } from '../../json.ts';
import { objectsAt, present, without } from '../fields.ts';
import { objectAt, textAt } from '../lenient.ts';
import { type PromptMessage, promptsOf } from '../prompt-messages.ts';

/** Where the nodes of several years keep messages, with the word for a message's text and for its role, and the role of one without. */
const MESSAGE_LISTS = [
  { place: 'messages', list: 'values', text: 'content', role: 'role', otherwise: 'user' },
  { place: 'messages', list: 'messageValues', text: 'message', role: 'type', otherwise: 'system' },
  { place: 'responses', list: 'values', text: 'content', role: 'role', otherwise: 'user' },
  { place: 'prompt', list: 'messages', text: 'content', role: 'role', otherwise: 'user' },
] as const;

const ROLES: Readonly<Record<string, string>> = {
  SystemMessagePromptTemplate: 'system',
  HumanMessagePromptTemplate: 'user',
  AIMessagePromptTemplate: 'assistant',
  model: 'assistant',
};

/** Options that are texts for a model, besides the system message. */
const PROMPT_OPTIONS = [
  'humanMessage',
  'prefix',
  'suffix',
  'suffixChat',
  'systemPromptTemplate',
  'instructions',
  'prompt',
  'combineMapPrompt',
  'refinePrompt',
  'refineQuestionPrompt',
] as const;

/** Parameters that tell a model what a tool is for. */
const TOOL_TEXTS = ['toolDescription', 'description'] as const;

export interface FoundPrompts {
  /** `systemPrompt` and `task`, what a tool is said to be for, and `prompts` for all other texts that a model reads. */
  readonly properties: JsonObject;
  /** The parameters without them. */
  readonly rest: JsonObject;
}

/** Takes out of the parameters of an AI node all that a model is told. */
export function takePrompts(parameters: JsonObject, isTool: boolean): FoundPrompts {
  const options = objectAt(parameters, 'options') ?? {};
  const messages: PromptMessage[] = [];
  const system = textAt(options, 'systemMessage');
  if (system !== null) messages.push({ role: 'system', text: system });
  const lists = takeMessages(parameters);
  messages.push(...lists.messages);
  const text = textAt(parameters, 'text');
  if (text !== null) messages.push({ role: 'user', text });
  const { properties, rest } = takeOthers(without(lists.rest, new Set(['text'])), isTool);
  return { properties: { ...promptsOf(messages), ...properties }, rest };
}

function takeMessages(parameters: JsonObject): { messages: PromptMessage[]; rest: JsonObject } {
  let rest = parameters;
  const messages: PromptMessage[] = [];
  for (const { place, list, text, role, otherwise } of MESSAGE_LISTS) {
    const holder = objectAt(rest, place);
    const items = holder === null ? [] : objectsAt(holder, list);
    if (items.length === 0) continue;
    const left = items.flatMap((item) => {
      const said = textAt(item, text);
      const by = textAt(item, role) ?? otherwise;
      if (said !== null) messages.push({ role: lookUp(ROLES, by) ?? by, text: said });
      // Pictures and the like, which are messages without a text.
      const other = without(
        item,
        new Set(said === null ? [] : [text, role, ...(item['type'] === 'text' ? ['type'] : [])]),
      );
      return Object.keys(other).length === 0 ? [] : [other];
    });
    rest = { ...without(rest, new Set([place])), ...(left.length > 0 && { [place]: left }) };
  }
  return { messages, rest };
}

function takeOthers(parameters: JsonObject, isTool: boolean): FoundPrompts {
  const options = objectAt(parameters, 'options') ?? {};
  const summaries = objectAt(objectAt(options, 'summarizationMethodAndPrompts') ?? {}, 'values') ?? {};
  const prompts: Record<string, Json> = {};
  const taken = new Set<string>(['systemMessage']);
  for (const key of PROMPT_OPTIONS) {
    const text = textAt(options, key) ?? textAt(summaries, key);
    if (text !== null) prompts[key] = text;
    if (textAt(options, key) !== null) taken.add(key);
  }
  const ofTool = isTool ? TOOL_TEXTS.filter((key) => textAt(parameters, key) !== null) : [];
  const toolDescriptions = Object.fromEntries(ofTool.map((key) => [key, parameters[key] ?? '']));
  const left = without(options, new Set([...taken, 'summarizationMethodAndPrompts']));
  return {
    properties: present({ prompts, toolDescriptions }),
    rest: {
      ...without(parameters, new Set(['options', ...ofTool])),
      options: {
        ...left,
        ...(Object.keys(summaries).length > 0 && { summarization: without(summaries, new Set(PROMPT_OPTIONS)) }),
      },
    },
  };
}

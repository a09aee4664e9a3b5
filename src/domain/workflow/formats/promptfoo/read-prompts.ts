import type { Step, StepProperties } from '../../definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { parseData } from '../../source/parse-source.ts';
import { pathText, type Segment } from '../../source/source-scan.ts';
import { textAt, unquoted } from '../lenient.ts';
import { promptsOf } from '../prompt-messages.ts';
import type { StepIds } from '../step-ids.ts';
import { referenceIn, type SuiteFiles } from './suite-files.ts';
import { beginningOf, claimAll } from './suite-ids.ts';

/** A prompt and what a suite calls it: providers and tests may name the prompts that they are for. */
interface SuitePrompt {
  /** Null where it is only a text. */
  readonly name: string | null;
  readonly label?: string;
  readonly kind: 'prompt' | 'code';
  readonly properties: StepProperties;
  readonly at: readonly Segment[];
}

const CODE = /\.(?:m?js|cjs|ts|py)$/i;
/** Lists of prompts in files that lists of prompts name. */
const DEEPEST = 3;

/** Every prompt of a suite as a step, whether it stands there, in a file, or in a list in a file. */
export function readPrompts(prompts: Json | undefined, files: SuiteFiles, ids: StepIds): Step[] {
  const found = promptsIn(prompts, ['prompts'], files, 0);
  const listed = found.map(({ name, properties }) => ({
    own: name === null ? null : `prompt:${name}`,
    name: nameless(properties),
    content: properties as JsonObject,
  }));
  const claimed = claimAll(ids, listed);
  return found.map(({ label, kind, properties, at }, index) => ({
    ...(claimed[index] ?? { id: '' }),
    kind,
    ...(label !== undefined && { label }),
    properties,
    dependsOn: [],
    children: [],
    path: pathText(at),
  }));
}

function nameless({ task, systemPrompt }: StepProperties): string {
  return beginningOf(task ?? systemPrompt ?? '') || 'prompt';
}

function promptsIn(prompts: Json | undefined, at: readonly Segment[], files: SuiteFiles, depth: number): SuitePrompt[] {
  if (prompts === undefined || prompts === null || depth > DEEPEST) return [];
  if (isList(prompts)) return prompts.flatMap((item, index) => promptsIn(item, [...at, index], files, depth));
  if (typeof prompts === 'string') return promptsOfText(prompts, at, files, depth);
  if (!isObject(prompts)) return [];
  const isOne = ['raw', 'id', 'label', 'file', 'function'].some((key) => Object.hasOwn(prompts, key));
  if (isOne) return [promptOfObject(prompts, at, files)];
  // The form of early versions: a path and what it is called.
  return Object.entries(prompts).flatMap(([path, label]) => promptOfObject({ id: path, label }, [...at, path], files));
}

function promptsOfText(text: string, at: readonly Segment[], files: SuiteFiles, depth: number): SuitePrompt[] {
  const path = referenceIn(text, true);
  if (path === null) return [{ name: null, kind: 'prompt', properties: textOf(text), at }];
  const found = files.behind(text, at, true);
  if (found.length === 0)
    return [{ name: path, label: path, kind: 'prompt', properties: { promptfoo: { file: text } }, at }];
  return found.flatMap((file): SuitePrompt[] => {
    const data = /\.ya?ml$/i.test(file.path) ? parseData(file.content) : null;
    if (isList(data) && !data.some((item) => textAt(item, 'role') !== null))
      return promptsIn(data, at, files, depth + 1);
    return [{ name: file.path, label: file.path, ...fromFile(file.path, file.content), at }];
  });
}

function fromFile(path: string, content: string): Pick<SuitePrompt, 'kind' | 'properties'> {
  if (CODE.test(path)) return { kind: 'code', properties: { code: { source: content } } };
  return { kind: 'prompt', properties: textOf(content.trimEnd()) };
}

function promptOfObject(prompt: JsonObject, at: readonly Segment[], files: SuiteFiles): SuitePrompt {
  const { id, label, raw, file, ...others } = prompt;
  const text = [raw, file, id].find((value) => typeof value === 'string' && value !== '');
  const [found] = files.behind(text, at, true);
  const name = [label, id, found?.path].find((value) => typeof value === 'string' && value !== '');
  const read = found === undefined ? null : fromFile(found.path, found.content);
  const plain: StepProperties = typeof raw === 'string' && referenceIn(raw, true) === null ? textOf(raw) : {};
  const isKept = read === null && Object.keys(plain).length === 0 && text !== undefined;
  const own = { ...others, ...(isKept && { file: text }) };
  return {
    name: typeof name === 'string' ? name : null,
    ...(typeof name === 'string' && { label: name }),
    kind: read?.kind ?? 'prompt',
    properties: { ...plain, ...read?.properties, ...(Object.keys(own).length > 0 && { promptfoo: own }) },
    at,
  };
}

/** A chat is a list of messages, in JSON or YAML; anything else is one text. */
function textOf(text: string): StepProperties {
  const data = /^\s*\[/.test(text) ? unquoted(text) : /^\s*- /.test(text) ? parseData(text) : null;
  const isChat = isList(data) && data.length > 0 && data.every((item) => textAt(item, 'role') !== null);
  if (!isChat) return { task: text };
  return {
    ...promptsOf(
      data.map((message) => {
        const content = isObject(message) ? (message['content'] ?? '') : '';
        const said = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
        return { role: textAt(message, 'role') ?? 'user', text: said };
      }),
    ),
  };
}

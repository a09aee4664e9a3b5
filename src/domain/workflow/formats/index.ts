import type { JsonObject } from '../json.ts';
import { crewai } from './crewai/crewai.ts';
import { dify } from './dify/dify.ts';
import { flowise } from './flowise/flowise.ts';
import type { Format } from './format.ts';
import { generic } from './generic.ts';
import { langflow } from './langflow/langflow.ts';
import { n8n } from './n8n/n8n.ts';
import { prompt } from './prompt/prompt.ts';
import { promptflow } from './promptflow/promptflow.ts';
import { promptfoo } from './promptfoo/promptfoo.ts';
import { towpath } from './towpath.ts';

/** Asked in this order; the last one takes anything. */
export const formats: readonly Format[] = [
  towpath,
  n8n,
  dify,
  langflow,
  prompt,
  promptfoo,
  crewai,
  flowise,
  promptflow,
  generic,
];

export function formatOf(document: JsonObject): Format {
  return formats.find((format) => format.recognizes(document)) ?? generic;
}

export function findFormat(id: string): Format | null {
  return formats.find((format) => format.id === id) ?? null;
}

import { z } from 'zod';
import type { JsonObject } from '../../../domain/workflow/json.ts';
import { RunnerFailure } from '../../../use-cases/ports/runners.ts';

/** What a call to a model is told beside its prompt. */
export interface ModelCallSettings {
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly seed?: number;
  readonly stopSequences?: string[];
}

const NAMES: Readonly<Record<string, keyof ModelCallSettings>> = {
  temperature: 'temperature',
  maxTokens: 'maxOutputTokens',
  max_tokens: 'maxOutputTokens',
  maxOutputTokens: 'maxOutputTokens',
  topP: 'topP',
  top_p: 'topP',
  topK: 'topK',
  top_k: 'topK',
  presencePenalty: 'presencePenalty',
  presence_penalty: 'presencePenalty',
  frequencyPenalty: 'frequencyPenalty',
  frequency_penalty: 'frequencyPenalty',
  seed: 'seed',
  stop: 'stopSequences',
  stopSequences: 'stopSequences',
};

const number = z.coerce.number().refine(Number.isFinite);
const stop = z.union([z.string().transform((one) => [one]), z.array(z.string()).max(16)]);

/** @throws RunnerFailure unsupported for a parameter that is not known: leaving it out would test another prompt */
export function modelParameters(parameters: JsonObject): ModelCallSettings {
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(parameters)) {
    const name = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
    const parsed = name === undefined ? null : (name === 'stopSequences' ? stop : number).safeParse(value);
    if (name === undefined || parsed?.success !== true)
      throw new RunnerFailure(
        'unsupported',
        `The model’s parameter ${key.slice(0, 60)} is not one that the ai runner can send, or not of its type.`,
      );
    settings[name] = parsed.data;
  }
  return settings as ModelCallSettings;
}

import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, type LanguageModel, streamText } from 'ai';
import type { ModelEndpoint } from '../../../domain/suite/runner-settings.ts';
import { RunnerFailure, type RunSecrets } from '../../../use-cases/ports/runners.ts';
import type { Agents } from '../call-endpoint.ts';
import { wordsOf } from '../words-of.ts';
import { type BoundedFetch, makeBoundedFetch } from './bounded-fetch.ts';
import type { ModelCallSettings } from './model-parameters.ts';

// The library prints its warnings to the console unless it is told not to.
globalThis.AI_SDK_LOG_WARNINGS = false;

export interface ModelCall {
  readonly endpoint: ModelEndpoint;
  readonly model: string;
  readonly system?: string;
  readonly prompt: string;
  readonly settings: ModelCallSettings;
  readonly secrets: RunSecrets;
  readonly agents: Agents;
  readonly answerBytes: number;
  readonly signal: AbortSignal;
}

export interface ModelAnswer {
  readonly text: string;
  readonly tokens: { readonly input?: number; readonly output?: number };
}

/**
 * Asks a model once, as a stream, so that an answer that grows too large or never ends is cut off. No tools are offered.
 * @throws RunnerFailure; the signal's reason
 */
export async function askModel(call: ModelCall): Promise<ModelAnswer> {
  const { endpoint, agents, answerBytes, signal } = call;
  const transport = makeBoundedFetch(agents, { ...endpoint, answerBytes });
  // Read here, so that it is nowhere before or after.
  const key = endpoint.secret === undefined ? undefined : await call.secrets.read(endpoint.secret);
  try {
    return await readStream(modelOf(endpoint, call.model, key, transport), call);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw transport.failure() ?? modelFailure(error);
  }
}

function modelOf(
  endpoint: ModelEndpoint,
  model: string,
  key: string | undefined,
  { fetch }: BoundedFetch,
): LanguageModel {
  const baseURL = endpoint.url;
  // Without a key of its own, this one would look for one among the variables of the process.
  if (endpoint.protocol === 'anthropic') return createAnthropic({ baseURL, apiKey: key ?? 'none', fetch })(model);
  const shared = { name: 'openai', baseURL, fetch, includeUsage: true };
  return createOpenAICompatible(key === undefined ? shared : { ...shared, apiKey: key }).chatModel(model);
}

async function readStream(model: LanguageModel, call: ModelCall): Promise<ModelAnswer> {
  const { system, prompt, settings, signal } = call;
  const stream = streamText({
    model,
    ...(system !== undefined && { system }),
    prompt,
    ...settings,
    maxRetries: 0,
    abortSignal: signal,
    telemetry: { isEnabled: false },
    onError: () => undefined,
  });
  const texts: string[] = [];
  for await (const part of stream.fullStream) {
    if (part.type === 'text-delta') texts.push(part.text);
    else if (part.type === 'error') throw part.error;
    else if (part.type === 'abort')
      throw signal.reason ?? new RunnerFailure('died', 'The call to the model was ended.');
    else if (part.type === 'tool-call')
      throw new RunnerFailure(
        'malformed',
        `The model asked for a tool (${part.toolName.slice(0, 60)}), though none is offered.`,
      );
    else if (part.type === 'finish') return answerOf(texts.join(''), part.finishReason, part.totalUsage);
  }
  throw new RunnerFailure('died', 'The model’s answer ended in the middle.');
}

function answerOf(
  text: string,
  reason: string,
  usage: { readonly inputTokens?: number | undefined; readonly outputTokens?: number | undefined },
): ModelAnswer {
  if (reason === 'content-filter')
    throw new RunnerFailure('refused', 'The provider held the answer back (content filter).');
  if (text === '') throw new RunnerFailure('malformed', `The model answered nothing (${reason.slice(0, 40)}).`);
  return { text, tokens: { ...count('input', usage.inputTokens), ...count('output', usage.outputTokens) } };
}

function count(name: 'input' | 'output', value: number | undefined): { input?: number; output?: number } {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? { [name]: value } : {};
}

/** What the library reports, told by class: its messages may hold the request. */
function modelFailure(error: unknown): RunnerFailure {
  if (error instanceof RunnerFailure) return error;
  const { name, message, statusCode } = error as { name?: string; message?: string; statusCode?: number };
  if (APICallError.isInstance(error)) return new RunnerFailure('died', 'The model’s answer ended in the middle.');
  // What a provider says of itself once its stream has begun.
  if (name === 'AI_StreamProviderError') {
    const words = `The provider broke off: ${wordsOf(message ?? '')}`;
    return statusCode === 429 ? new RunnerFailure('rate_limited', words) : new RunnerFailure('died', words);
  }
  if (name === 'AI_InvalidResponseDataError')
    return new RunnerFailure('died', 'The model’s answer ended in the middle, or is no stream.');
  if (name === 'AI_JSONParseError' || name === 'AI_TypeValidationError')
    return new RunnerFailure(
      'malformed',
      'The provider’s answer can’t be read. Is its protocol the one that the settings say?',
    );
  return new RunnerFailure('died', `The call to the model failed (${(name ?? 'unknown').slice(0, 60)}).`);
}

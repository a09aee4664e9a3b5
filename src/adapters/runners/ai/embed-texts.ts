import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { cosineSimilarity, embedMany } from 'ai';
import type { ModelEndpoint } from '../../../domain/suite/runner-settings.ts';
import { RunnerFailure, type RunSecrets } from '../../../use-cases/ports/runners.ts';
import type { Agents } from '../call-endpoint.ts';
import { makeBoundedFetch } from './bounded-fetch.ts';

/** Bytes; two vectors have a hundredth of it. */
const ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * How alike two texts are by the angle between their embeddings, from 0 to 1.
 * @throws RunnerFailure; the signal's reason
 */
export async function embedTexts(call: {
  readonly endpoint: Pick<ModelEndpoint, 'url' | 'secret'>;
  readonly model: string;
  readonly texts: readonly [string, string];
  readonly secrets: RunSecrets;
  readonly agents: Agents;
  readonly signal: AbortSignal;
}): Promise<{ similarity: number; tokens: { input?: number } }> {
  const { endpoint, model, texts, secrets, agents, signal } = call;
  const transport = makeBoundedFetch(agents, { ...endpoint, answerBytes: ANSWER_BYTES });
  const apiKey = endpoint.secret === undefined ? undefined : await secrets.read(endpoint.secret);
  const shared = { name: 'openai', baseURL: endpoint.url, fetch: transport.fetch };
  const provider = createOpenAICompatible(apiKey === undefined ? shared : { ...shared, apiKey });
  try {
    const values = [...texts];
    const asked = { model: provider.embeddingModel(model), values, maxRetries: 0, abortSignal: signal };
    const { embeddings, usage } = await embedMany({ ...asked, telemetry: { isEnabled: false } });
    return { similarity: alike(embeddings), tokens: Number.isSafeInteger(usage.tokens) ? { input: usage.tokens } : {} };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof RunnerFailure) throw error;
    throw transport.failure() ?? new RunnerFailure('malformed', 'The embeddings can’t be read.');
  }
}

function alike([first = [], second = []]: readonly number[][]): number {
  const isUsable = first.length > 0 && first.length === second.length;
  const similarity = isUsable ? cosineSimilarity(first, second) : Number.NaN;
  if (!Number.isFinite(similarity))
    throw new RunnerFailure('malformed', 'The embeddings are no vectors of one length.');
  return Math.min(1, Math.max(0, similarity));
}

import { ReadableStream as NodeStream } from 'node:stream/web';
import { type RequestInit as UndiciInit, fetch as undiciFetch } from 'undici';
import type { RunnerFailure } from '../../../use-cases/ports/runners.ts';
import { type Agents, refusal, tooLarge } from '../call-endpoint.ts';
import { connectionFailure } from '../connection-failure.ts';
import { wordsOf } from '../words-of.ts';

export interface BoundedFetch {
  readonly fetch: typeof globalThis.fetch;
  /** What went wrong with the connection, the status or the size: the library's own errors say it less well. */
  failure(): RunnerFailure | null;
}

type Note = (error: unknown, phase: 'before' | 'during') => RunnerFailure;

const WHO = 'model’s provider';
const LOOKED_AT = 16 * 1024;

/** `fetch` to allowed addresses, without redirects, whose answers end at so many bytes once they are unpacked. */
export function makeBoundedFetch(
  agents: Agents,
  { url, answerBytes }: { url: string; answerBytes: number },
): BoundedFetch {
  let failure: RunnerFailure | null = null;
  const note: Note = (error, phase) => {
    failure ??= connectionFailure(error, phase, WHO);
    return failure;
  };
  const bounded = async (input: unknown, init?: unknown): Promise<Response> => {
    try {
      const dispatcher = agents.for(url);
      const answer = await undiciFetch(String(input), { ...(init as UndiciInit), dispatcher, redirect: 'manual' });
      if (answer.ok) return withBody(answer as unknown as Response, answerBytes, note);
      const text = await beginningOf(answer as unknown as Response);
      throw refusal(answer.status, wordsOf(text), answer.headers.get('retry-after') ?? undefined, WHO);
    } catch (error) {
      if (isAbort(error)) throw error;
      throw note(error, 'before');
    }
  };
  return { fetch: bounded as typeof globalThis.fetch, failure: () => failure };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

function withBody(answer: Response, most: number, note: Note): Response {
  const pieces = countedPieces(answer.body, most, note);
  const body = NodeStream.from(pieces) as unknown as ReadableStream<Uint8Array>;
  return new Response(body, { status: answer.status, headers: [...answer.headers] });
}

async function* countedPieces(
  body: ReadableStream<Uint8Array> | null,
  most: number,
  note: Note,
): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  try {
    for await (const piece of body ?? []) {
      length += piece.length;
      if (length > most) throw tooLarge(most);
      yield piece;
    }
  } catch (error) {
    if (isAbort(error)) throw error;
    throw note(error, 'during');
  }
}

async function beginningOf(answer: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const piece of answer.body ?? []) {
      text += decoder.decode(piece, { stream: true });
      if (text.length >= LOOKED_AT) break;
    }
  } catch {
    // The status says enough.
  }
  return text;
}

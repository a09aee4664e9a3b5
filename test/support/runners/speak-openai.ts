import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Answer, pour } from './start-local-server.ts';

/** Answers of an endpoint that speaks OpenAI's chat protocol, streamed as it streams. */
export const says =
  (content: string, usage: { input: number; output: number } | null = { input: 10, output: 5 }): Answer =>
  (response) => {
    openStream(response);
    for (const word of content.match(/\s*\S+\s*/g) ?? [content]) sendChunk(response, { content: word }, null);
    sendChunk(response, {}, 'stop', usage);
    response.end('data: [DONE]\n\n');
  };

/** Asks for a tool that nobody offered. */
export const callsATool: Answer = (response) => {
  openStream(response);
  const call = { index: 0, id: 'call_1', type: 'function', function: { name: 'delete_everything', arguments: '{}' } };
  sendChunk(response, { tool_calls: [call] }, null);
  sendChunk(response, {}, 'tool_calls');
  response.end('data: [DONE]\n\n');
};

/** Sends half of an answer and closes the connection, with or without the stream's end. */
export const breaksOff =
  (how: 'cleanly' | 'abruptly'): Answer =>
  (response) => {
    openStream(response);
    const data = chunk({ content: 'half of' }, null);
    response.write(data, () => (how === 'cleanly' ? response.end() : response.destroy()));
  };

/** Begins to answer and falls silent. */
export const fallsSilent: Answer = (response) => {
  openStream(response);
  sendChunk(response, { content: 'well' }, null);
};

export const sendsNonsense: Answer = (response) => {
  openStream(response);
  response.end('data: {"choices": oops\n\ndata: [DONE]\n\n');
};

/** A failure that is told once the stream has begun. */
export const failsInTheStream: Answer = (response) => {
  openStream(response);
  response.end(`data: ${JSON.stringify({ error: { message: 'The server is overloaded', type: 'server_error' } })}\n\n`);
};

export const streams50MB: Answer = (response) => {
  openStream(response);
  const piece = Buffer.from(chunk({ content: 'a'.repeat(64 * 1024) }, null));
  pour(response, piece, 800, () => response.end('data: [DONE]\n\n'));
};

/** 50 MB that are 50 KB on their way. */
export const packs50MB: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
  response.end(gzipSync(chunk({ content: 'a'.repeat(50 * 1024 * 1024) }, null)));
};

export const fails =
  (status: number, message: string, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message, type: 'error', code: null } }));
  };

/** Vectors of texts, made of their words, so that alike texts have alike ones. */
export const embeds: Answer = (response, { body }) => {
  const { input } = JSON.parse(body) as { input: string[] };
  const data = input.map((one, index) => ({ object: 'embedding', index, embedding: vectorOf(one) }));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ object: 'list', data, model: 'm', usage: { prompt_tokens: 4, total_tokens: 4 } }));
};

function vectorOf(text: string): number[] {
  const vector = new Array<number>(16).fill(0);
  for (const word of text.toLowerCase().match(/\w+/g) ?? []) {
    const at = [...word].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 16;
    vector[at] = (vector[at] ?? 0) + 1;
  }
  return vector;
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

function sendChunk(
  response: ServerResponse,
  delta: object,
  finish: string | null,
  usage: { input: number; output: number } | null = null,
): void {
  response.write(chunk(delta, finish, usage));
}

function chunk(delta: object, finish: string | null, usage: { input: number; output: number } | null = null): string {
  const choices = [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason: finish }];
  const counted = usage && {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
  };
  const value = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices, usage: counted };
  return `data: ${JSON.stringify(value)}\n\n`;
}

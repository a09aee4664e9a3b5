import type { ServerResponse } from 'node:http';
import type { Answer } from './start-local-server.ts';

/** Answers of an endpoint that speaks Anthropic's protocol of messages, streamed as it streams. */
export const says =
  (text: string, usage = { input: 7, output: 3 }): Answer =>
  (response) => {
    open(response, usage.input);
    send(response, { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
    send(response, { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
    send(response, { type: 'content_block_stop', index: 0 });
    send(response, {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: usage.output },
    });
    send(response, { type: 'message_stop' });
    response.end();
  };

/** Half of an answer, and then the connection is gone. */
export const breaksOff: Answer = (response) => {
  open(response, 1);
  send(response, { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  response.write(event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'half' } }), () =>
    response.destroy(),
  );
};

export const failsInTheStream: Answer = (response) => {
  open(response, 1);
  send(response, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
  response.end();
};

export const fails =
  (status: number, type: string, message: string, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ type: 'error', error: { type, message } }));
  };

function open(response: ServerResponse, inputTokens: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const usage = { input_tokens: inputTokens, output_tokens: 1 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage };
  send(response, { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null } });
}

function send(response: ServerResponse, data: { type: string } & Record<string, unknown>): void {
  response.write(event(data));
}

function event(data: { type: string } & Record<string, unknown>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

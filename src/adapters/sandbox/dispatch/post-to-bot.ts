import type { IncomingHttpHeaders } from 'node:http';
import { request as httpRequest } from 'node:http';

/** What came back from the bot, or why nothing did. */
export interface BotAnswer {
  /** 0 when there was no answer. */
  status: number;
  body: string;
  headers: IncomingHttpHeaders;
  failure?: 'timeout' | 'unreachable';
}

const MAX_ANSWER = 1024 * 1024;

/** Posts one request to the bot over HTTP; never throws. Each goes over a connection of its own, so a bot that restarted is found. */
export function postToBot(
  url: string,
  body: string,
  headers: Record<string, string>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<BotAnswer> {
  return new Promise((resolve) => {
    const giveUp = (failure: 'timeout' | 'unreachable') => resolve({ status: 0, body: '', headers: {}, failure });
    const request = httpRequest(url, {
      method: 'POST',
      agent: false,
      headers: {
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        accept: 'application/json,*/*',
        ...headers,
        'content-length': String(Buffer.byteLength(body)),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    request.once('error', (error) =>
      giveUp(error.name === 'AbortError' || error.name === 'TimeoutError' ? 'timeout' : 'unreachable'),
    );
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_ANSWER) chunks.push(chunk);
        else response.destroy();
      });
      response.once('error', () => giveUp('unreachable'));
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          headers: response.headers,
        }),
      );
      response.once('close', () => giveUp('unreachable'));
    });
    request.end(body);
  });
}

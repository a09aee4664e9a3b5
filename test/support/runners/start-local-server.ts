import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface LocalServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Fulfilled once a client has gone before it had its answer. */
  readonly leaving: Promise<void>;
  stop(): Promise<void>;
}

export type Answer = (response: ServerResponse, request: SeenRequest) => void;

/** A server on a free port of this machine, that keeps what it was asked and answers as it is told. */
export async function startLocalServer(answer: Answer): Promise<LocalServer> {
  const requests: SeenRequest[] = [];
  const { promise: leaving, resolve: left } = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    response.on('close', () => response.writableFinished || left());
    readBody(request).then(
      (body) => {
        const seen = { path: request.url ?? '', headers: request.headers, body };
        requests.push(seen);
        answer(response, seen);
      },
      // Whoever asked has gone in the middle of it.
      () => left(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    leaving,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

export const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };

export const text =
  (body: string, contentType = 'text/plain', status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': contentType });
    response.end(body);
  };

/** Takes the request and never answers. */
export const hang: Answer = () => undefined;

/** Begins to answer, and hangs up in the middle. */
export const die: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"output": "half', () => response.destroy());
};

/** 50 MB of JSON, written as fast as it is read. */
export const flood: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"output":"');
  pour(response, Buffer.alloc(1024 * 1024, 'a'), 50, () => response.end('"}'));
};

/** Writes a piece so many times, waiting for the reader each time. */
export function pour(response: ServerResponse, piece: Buffer, times: number, end: () => void): void {
  if (response.destroyed) return;
  if (times === 0) end();
  else response.write(piece, () => pour(response, piece, times - 1, end));
}

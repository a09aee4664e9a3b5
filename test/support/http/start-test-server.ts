import { Writable } from 'node:stream';
import { createHttpServer, type HttpServerOptions } from '../../../src/adapters/http/create-http-server.ts';
import { createMetrics } from '../../../src/adapters/http/metrics.ts';
import { drawPicture } from '../../../src/domain/diff/picture/draw-picture.ts';
import { createLogger } from '../../../src/log.ts';

/** What the server signs links with, unless told otherwise. */
export const LINK_KEY = new Uint8Array(32).fill(7);
export const TOKEN = 'test-token-0123456789abcdef0123456789';

export interface TestServer {
  url: string;
  /** A request with the token, unless `token` says otherwise (null: none). Objects are sent as JSON. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Everything logged so far. */
  log(): string;
  stop(grace?: number): Promise<void>;
}
export interface CallOptions {
  token?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any;
}

/** The real HTTP server on a free port. Use cases that a test does not give throw when they are called. */
export async function startTestServer(
  options: Partial<Omit<HttpServerOptions, 'useCases'>> & { useCases?: Partial<HttpServerOptions['useCases']> } = {},
): Promise<TestServer> {
  let logged = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      logged += chunk;
      done();
    },
  });
  const server = await createHttpServer({
    api: { workspaceId: 'T1', apiToken: TOKEN },
    ready: async () => ({ database: true, queue: true }),
    metrics: createMetrics(),
    pictures: {
      draw: async (before, after, diff) => drawPicture(before, after, diff),
      png: () => Promise.reject(new Error('This test makes no PNG.')),
    },
    linkKey: LINK_KEY,
    dataPlane: {
      answers: { get: () => Promise.reject(new Error('This test resolves nothing.')), ready: () => null },
      stream: { open: () => Promise.reject(new Error('This test streams nothing.')), close: () => undefined },
    },
    log: createLogger({ level: 'debug', destination }),
    ...options,
    useCases: { ...(options.useCases ?? {}) } as HttpServerOptions['useCases'],
  });
  const port = await server.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    call: (method, path, call = {}) => send(url, method, path, call),
    log: () => logged,
    stop: (grace) => server.stop(grace),
  };
}

async function send(
  url: string,
  method: string,
  path: string,
  { token = TOKEN, body, headers = {} }: CallOptions,
): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined || isRaw ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

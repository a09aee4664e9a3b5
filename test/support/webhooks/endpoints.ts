import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}
export interface Endpoint {
  url: string;
  port: number;
  received: Received[];
  close(): Promise<void>;
}
type Answer = (response: ServerResponse) => void;

const open = new Set<Server>();

/** An endpoint on this machine that answers each request by the next of `answers`, the last one for good. */
export async function listen(...answers: Answer[]): Promise<Endpoint> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    received.push({ headers: request.headers, body });
    answers[Math.min(received.length, answers.length) - 1]?.(response);
  });
  open.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, port, received, close: () => closeServer(server) };
}

export const answer =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, headers).end('thanks');
  };
export const neverAnswer: Answer = () => undefined;

export async function closeEndpoints(): Promise<void> {
  await Promise.all([...open].map(closeServer));
}

async function closeServer(server: Server): Promise<void> {
  if (!open.delete(server)) return;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

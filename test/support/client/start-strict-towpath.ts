import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export const TOKEN = 'tp_Zm9yIHRlc3RzIG9ubHksIG5ldmVyIGFueXdoZXJlIGVsc2U';

/** What answers a request in place of what is right. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that speaks the data plane's contract, and refuses whatever does not. */
export interface StrictTowpath {
  readonly url: string;
  /** Every request, as `GET /path?query`, with its headers. */
  readonly requests: { line: string; headers: IncomingMessage['headers']; status: number }[];
  /** Makes a version live, and tells the streams of it. */
  publish(workflow: string, model: string): void;
  /** Rolls a version out to the keys that begin with `new`. */
  publishCandidate(workflow: string, model: string): void;
  /** Null: as it should be. */
  resolves: Behaviour | null;
  streams: Behaviour | null;
  /** With its database down: answers are marked as last known ones. */
  isStale: boolean;
  openStreams(): number;
  breakStreams(): void;
  /** Writes to every open stream as it is. */
  write(text: string): void;
  /** How many events back a stream can be resumed. */
  remembers: number;
  /** Changes without telling anyone. */
  publishSilently(workflow: string, model: string): void;
  resolveCount(workflow: string): number;
  /** Ends every connection and listens no more. */
  stop(): Promise<void>;
  /** Listens again, at the same address. */
  restart(): Promise<void>;
}

export const status =
  (code: number, headers: Record<string, string> = {}, body: object = {}): Behaviour =>
  (_request, response) => {
    response.writeHead(code, { 'content-type': 'application/problem+json', ...headers }).end(JSON.stringify(body));
  };

export async function startStrictTowpath(environment = 'staging'): Promise<StrictTowpath> {
  const live = new Map<string, { active: string; candidate: string | null; revision: number }>();
  const log: { seq: number; data: string }[] = [];
  const streams = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  let server: Server;
  let port = 0;
  let revision = 0;

  const strict: StrictTowpath = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    requests: [],
    resolves: null,
    streams: null,
    isStale: false,
    remembers: 1_000,
    publish(workflow, model) {
      strict.publishSilently(workflow, model);
      announce(workflow);
    },
    publishSilently(workflow, model) {
      revision += 1;
      live.set(workflow, { active: model, candidate: null, revision });
    },
    publishCandidate(workflow, model) {
      revision += 1;
      live.set(workflow, { active: live.get(workflow)?.active ?? model, candidate: model, revision });
      announce(workflow);
    },
    openStreams: () => streams.size,
    breakStreams() {
      for (const stream of streams) stream.socket?.destroy();
      streams.clear();
    },
    write(text) {
      for (const stream of streams) stream.write(text);
    },
    resolveCount: (workflow) => strict.requests.filter(({ line }) => line.includes(`/workflows/${workflow}/`)).length,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      streams.clear();
      await closed;
    },
    restart: listen,
  };

  function announce(workflow: string): void {
    const seq = log.length + 1;
    const data = JSON.stringify({ workflow, environment, version: seq, deployment: `d${seq}`, settingsRevision: 1 });
    log.push({ seq, data });
    strict.write(eventText({ seq, data }));
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    response.on('finish', () => {
      const line = `${request.method} ${request.url}`;
      strict.requests.push({ line, headers: request.headers, status: response.statusCode });
    });
    behaviourFor(request, new URL(request.url ?? '/', 'http://towpath'))(request, response);
  }

  function behaviourFor(request: IncomingMessage, address: URL): Behaviour {
    const isStream = address.pathname === '/api/v1/stream';
    const instead = isStream ? strict.streams : strict.resolves;
    if (instead !== null) return instead;
    if (request.method !== 'GET') return status(405);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return status(401);
    return isStream ? streamFor(address) : resolvedFor(address);
  }

  function resolvedFor(address: URL): Behaviour {
    const [, workflow = '', asked] =
      /^\/api\/v1\/workflows\/([a-z0-9-]+)\/environments\/([a-z]+)\/resolved$/.exec(address.pathname) ?? [];
    const found = live.get(workflow);
    if (asked !== environment || found === undefined)
      return status(404, {}, { detail: `There is no ${workflow} in ${asked}.` });
    const isNew = address.searchParams.get('key')?.startsWith('new') === true;
    const isCandidate = isNew && found.candidate !== null;
    const rollout = found.candidate === null ? null : { side: isCandidate ? 'candidate' : 'active' };
    const model = (isCandidate ? found.candidate : null) ?? found.active;
    const body = JSON.stringify({ ...resolvedAs(workflow, environment, model), rollout });
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
    const headers = { etag, ...(strict.isStale && { 'towpath-stale': 'true', warning: '110 - "Response is Stale"' }) };
    return (request, response) => {
      if (request.headers['if-none-match']?.split(/, */).includes(etag)) response.writeHead(304, headers).end();
      else response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
    };
  }

  function streamFor(address: URL): Behaviour {
    if (!address.searchParams.has('environment')) return status(400);
    return address.searchParams.get('environment') === environment ? openStream : status(404);
  }

  function openStream(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    strict.requests.push({ line: `GET ${request.url}`, headers: request.headers, status: 200 });
    const since = request.headers['last-event-id'];
    if (since !== undefined && log.length - Number(since) > strict.remembers)
      response.write(`id: ${log.length}\nevent: reset\ndata: {}\n\n`);
    else for (const event of since === undefined ? [] : log.slice(Number(since))) response.write(eventText(event));
    response.write(`retry: 1000\nid: ${log.length}\n\n`);
    streams.add(response);
    response.on('close', () => streams.delete(response));
  }

  async function listen(): Promise<void> {
    server = createServer(answer);
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  }

  await listen();
  return strict;
}

function eventText({ seq, data }: { seq: number; data: string }): string {
  return `id: ${seq}\nevent: resolved-changed\ndata: ${data}\n\n`;
}

/** A whole answer, as the contract has it. */
export function resolvedAs(workflow: string, environment: string, model: string) {
  return {
    workflow,
    environment,
    version: { number: 3, label: 'add-urgency', contentHash: createHash('sha256').update(model).digest('hex') },
    deployment: { id: `deployment-of-${model}`, deployedAt: '2026-01-05T10:00:00.000Z' },
    rollout: null,
    settingsRevision: 2,
    heldSettings: null,
    format: 'towpath',
    definition: {
      name: workflow,
      steps: [{ id: 'summarize', type: 'llm', model, temperature: 0.2, stream: true, tags: ['a', 'b'] }],
    },
    overrides: { steps: {} },
    secrets: [{ name: 'OPENAI_API_KEY', paths: ['/steps/0/apiKey'] }],
    limits: { timeout: 30_000 },
    mcpServers: { slack: { url: 'https://mcp.example.com', transport: 'http' } },
    dataSources: {},
    runner: null,
    namespace: `${environment}:${workflow}:`,
    trace: { 'deployment.environment.name': environment, 'towpath.workflow.name': workflow },
  };
}

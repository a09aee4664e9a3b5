import { z } from 'zod';
import { UsageError } from './terminal.ts';

/** Milliseconds: a large file over a slow line, judged by a busy server. */
const PATIENCE = 60_000;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

const pushAnswer = z.object({
  workflow: z.object({ name: z.string() }),
  version: z.object({ number: z.number().int(), label: z.string().nullable() }),
  created: z.boolean(),
  workflowCreated: z.boolean(),
  diff: z.object({ sentences: z.array(z.string()), more: z.number().int() }).nullable(),
  masked: z
    .object({
      secrets: z.array(
        z.object({ kind: z.string(), file: z.string().nullable(), path: z.string(), line: z.number().int() }),
      ),
      more: z.number().int(),
    })
    .default({ secrets: [], more: 0 }),
});
export type PushAnswer = z.infer<typeof pushAnswer>;
const problem = z.object({
  code: z.string(),
  detail: z.string(),
  status: z.number().int(),
  open: z.object({ promotionId: z.string(), version: z.number().int(), approvedBy: z.array(z.string()) }).optional(),
  problems: z.array(z.record(z.string(), z.json())).optional(),
});
/** With `replacement_not_confirmed`: what is under review. */
type OpenPromotion = NonNullable<z.infer<typeof problem>['open']>;

/** What became of one request: `document` is the answer as it came, with what the schema does not name. */
export type Reply<Answer> = { kind: 'answered'; answer: Answer; document: unknown; headers: Headers } | Failure;
export type Failure =
  | { kind: 'refused'; code: string; detail: string; open?: OpenPromotion; problems?: Record<string, unknown>[] }
  /** No answer, or one that says nothing of the request. */
  | { kind: 'unreachable'; detail: string };
/** What became of one push. */
export type Outcome = { kind: 'pushed'; answer: PushAnswer } | Failure;

export interface Server {
  /** Origin and, where the server stands below one, path; no slash at the end. */
  address: string;
  /** Null: for what takes none. */
  token: string | null;
  /** The token would travel readable by everybody between. */
  isOpen: boolean;
}

/** @throws UsageError */
export function toServer(url: string, token: string | undefined): Server {
  const cleaned = token?.trim();
  if (!cleaned)
    throw new UsageError(
      'You are not logged in there, and TOWPATH_API_TOKEN is not set. Run `towpath login`, or set it to a token.',
    );
  if (!/^[\x21-\x7e]+$/.test(cleaned))
    throw new UsageError('TOWPATH_API_TOKEN holds characters that no token has. Copy it again.');
  return { ...serverAt(url), token: cleaned };
}

/** Without a token. @throws UsageError */
export function serverAt(url: string): Server {
  if (!URL.canParse(url) || !/^https?:/i.test(url)) {
    throw new UsageError(`“${url}” is not the address of a server. Give one such as https://towpath.example.com.`);
  }
  const { protocol, hostname, origin, pathname } = new URL(url);
  return {
    address: `${origin}${pathname.replace(/\/+$/, '')}`,
    token: null,
    isOpen: protocol === 'http:' && !LOOPBACK.includes(hostname),
  };
}

/** Pushes one file. Never throws for what the network or the server does. */
export async function postVersion(
  server: Server,
  workflow: string,
  body: Record<string, string | undefined>,
): Promise<Outcome> {
  const path = `/api/v1/workflows/${encodeURIComponent(workflow)}/versions`;
  const reply = await send(server, path, pushAnswer, body);
  return reply.kind === 'answered' ? { kind: 'pushed', answer: reply.answer } : reply;
}

/** Asks for something to be done, by POST unless said. What is undefined is left out. Never throws for what the network or the server does. */
export function send<Answer>(
  server: Server,
  path: string,
  schema: z.ZodType<Answer>,
  body: Record<string, string | number | boolean | undefined>,
  method: 'POST' | 'PATCH' = 'POST',
): Promise<Reply<Answer>> {
  return ask(server, path, schema, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** One request for JSON, with the token. Never throws for what the network or the server does. */
export async function ask<Answer>(
  server: Server,
  path: string,
  schema: z.ZodType<Answer>,
  { patience = PATIENCE, ...init }: Ask = {},
): Promise<Reply<Answer>> {
  let response: Response;
  let text: string;
  try {
    response = await request(server, path, init, patience);
    text = await response.text();
  } catch (error) {
    return unreachable(server, error, patience);
  }
  return read(server, response, text, schema);
}

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds; a minute unless told. */
  patience?: number;
}

/** The platform's own gives every answer up after five minutes, whatever it is told. */
const PLATFORMS_PATIENCE = 290_000;

async function fetchFor(patience: number): Promise<typeof fetch> {
  if (patience <= PLATFORMS_PATIENCE) return fetch;
  const undici = await import('undici');
  const dispatcher = new undici.Agent({ headersTimeout: patience, bodyTimeout: patience });
  const ask = (url: string, init: object) => undici.fetch(url, { ...init, dispatcher });
  return ask as unknown as typeof fetch;
}

async function request(server: Server, path: string, init: Omit<Ask, 'patience'>, patience: number): Promise<Response> {
  const patient = await fetchFor(patience);
  return patient(`${server.address}${path}`, {
    ...init,
    headers: {
      ...init.headers,
      ...(server.token === null ? {} : { authorization: `Bearer ${server.token}` }),
      accept: 'application/json',
    },
    // Followed, a redirection would turn into a GET, or carry the token elsewhere.
    redirect: 'manual',
    signal: AbortSignal.timeout(patience),
  });
}

function unreachable({ address }: Server, error: unknown, patience: number): Failure {
  const reason = reasonOf(error, patience);
  return {
    kind: 'unreachable',
    detail: `${address} can't be reached (${reason}). Check the address, and that the server runs.`,
  };
}

/** Characters of one line that are taken. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * One request whose answer comes line by line, each JSON. Null: it was answered to its end; each line was told. Never throws for what
 * the network or the server does.
 */
export async function askLines(
  server: Server,
  path: string,
  init: Ask,
  onLine: (line: unknown) => void,
): Promise<Failure | null> {
  const { patience = PATIENCE, ...rest } = init;
  try {
    const response = await request(server, path, { method: 'POST', ...rest }, patience);
    const isLines = response.headers.get('content-type')?.includes('ndjson') === true;
    if (!response.ok || !isLines || response.body === null) {
      const reply = read(server, response, await response.text(), z.never());
      return reply.kind === 'answered' ? null : reply;
    }
    let left = '';
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = `${left}${piece}`.split('\n');
      left = lines.pop() ?? '';
      if (left.length > LONGEST_LINE) throw new Error('A line is too long.');
      for (const line of lines) if (line.trim() !== '') onLine(parse(line));
    }
    return null;
  } catch (error) {
    return unreachable(server, error, patience);
  }
}

function read<Answer>(server: Server, response: Response, text: string, schema: z.ZodType<Answer>): Reply<Answer> {
  if (response.status >= 300 && response.status < 400) {
    const target = response.headers.get('location') ?? 'nowhere';
    return {
      kind: 'unreachable',
      detail: `${server.address} sends us on to ${target}. Give the address it really has as --server.`,
    };
  }
  const value = parse(text);
  if (response.ok) {
    const answer = schema.safeParse(value);
    if (answer.success) return { kind: 'answered', answer: answer.data, document: value, headers: response.headers };
  }
  const refusal = problem.safeParse(value);
  if (!refusal.success || response.ok) {
    return {
      kind: 'unreachable',
      detail: `${server.address} answered ${response.status}, but not as a Towpath server does. Check the address.`,
    };
  }
  const { code, detail, open, problems } = refusal.data;
  // What was run came to nothing; the server did what it was asked.
  const isOfRun = code.startsWith('runner_');
  if (response.status >= 500 && !isOfRun) return { kind: 'unreachable', detail };
  return { kind: 'refused', code, detail, ...(open && { open }), ...(problems && { problems }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reasonOf(error: unknown, patience: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${patience / 1_000} seconds`;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.name : 'unknown';
}

import type {
  ActionRequest,
  CloseRequest,
  CommandRequest,
  HomeRequest,
  MessageRequest,
  SandboxError,
  SandboxState,
  SubmitAnswer,
  SubmitRequest,
} from '../protocol.ts';

/** The server (or the bot behind it) said no, or did not answer. Its message is made for the person at the page. */
export class NotDoneError extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** The bot has three seconds for an answer; the server reports a silent one itself, a little later. */
const PATIENCE_MS = 15_000;

async function ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new NotDoneError('The sandbox does not answer. Look whether its terminal still runs, then try again.', 0);
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new NotDoneError(messageOf(body, response.status), response.status);
  return body as Answer;
}

function messageOf(body: unknown, status: number): string {
  const message = (body as Partial<SandboxError> | null)?.message;
  return typeof message === 'string' ? message : `That did not work (${status}). Try again.`;
}

function post<Answer>(path: string, body: object): Promise<Answer> {
  return ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/** Everything the person's page shows; without a person, the server's first one. */
export const fetchState = (as: string | null): Promise<SandboxState> =>
  ask(`/sandbox/state${as === null ? '' : `?as=${encodeURIComponent(as)}`}`, {});

export const sendCommand = (request: CommandRequest): Promise<unknown> => post('/sandbox/commands', request);
export const sendMessage = (request: MessageRequest): Promise<unknown> => post('/sandbox/messages', request);
export const sendAction = (request: ActionRequest): Promise<unknown> => post('/sandbox/actions', request);
export const sendClose = (request: CloseRequest): Promise<unknown> => post('/sandbox/views/close', request);
export const sendHomeOpened = (request: HomeRequest): Promise<unknown> => post('/sandbox/home', request);

/** Submits the topmost modal; errors by block id where the bot refused it. */
export async function sendSubmit(request: SubmitRequest): Promise<Record<string, string>> {
  const answer = await post<SubmitAnswer | null>('/sandbox/views/submit', request);
  return answer?.errors ?? {};
}

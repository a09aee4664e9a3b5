import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BrowserRoutes } from './browser/browser-routes.ts';
import { PAGE_HEADERS, refuseForeign } from './browser/guard.ts';
import { servePage } from './browser/serve-page.ts';
import { answerResponseUrl } from './dispatch/answer-response-url.ts';
import { SandboxRefusal } from './sandbox-refusal.ts';
import type { SlackState } from './state/slack-state.ts';
import { sendPrivateFile, sendSignInPage, takeUpload } from './web-api/file-transfer.ts';
import type { WebApi } from './web-api/web-api.ts';
import { BodyTooLargeError } from './wire/read-body.ts';
import { sendJson } from './wire/send.ts';

export interface Parts {
  state: SlackState;
  api: WebApi;
  pages: BrowserRoutes;
}

/** Leads each request to what answers it: the bot's (`/api/`, response urls, files) or the page's. */
export async function routeRequest(
  { state, api, pages }: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  refuseForeign(request);
  const url = URL.parse(request.url ?? '/', state.url);
  if (!url) throw new SandboxRefusal('There is nothing at this address.', 404);
  const { pathname } = url;
  if (pathname.startsWith('/api/')) return api.handle(request, response, url);
  if (pathname.startsWith('/sandbox/')) return pages.handle(request, response, url);
  const responseId = /^\/response\/[^/]+\/([\w-]+)$/.exec(pathname)?.[1];
  if (responseId && request.method === 'POST') return answerResponseUrl(state, api, request, response, responseId);
  const uploadId = /^\/upload\/v1\/(\w+)$/.exec(pathname)?.[1];
  if (uploadId && request.method === 'POST') return takeUpload(state, request, response, uploadId);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new SandboxRefusal('There is nothing at this address.', 404);
  const fileId = /^\/files-pri\/\w+-(\w+)\//.exec(pathname)?.[1];
  if (fileId) return sendPrivateFile(state, api, request, response, fileId);
  if (pathname === '/signin') return sendSignInPage(response);
  return servePage(response, state.settings.pageDir, pathname);
}

/** A refusal is told to the person; anything else is a bug of the stand-in and goes to the terminal. */
export function answerError(response: ServerResponse, error: unknown): void {
  if (error instanceof SandboxRefusal || error instanceof BodyTooLargeError) {
    const status = error instanceof SandboxRefusal ? error.status : 413;
    sendJson(response, status, { message: error.message }, { ...PAGE_HEADERS, connection: 'close' });
    return;
  }
  // The page or the bot went away while it was being answered.
  if (response.destroyed || response.socket?.destroyed) return;
  process.stderr.write(`The Slack stand-in failed: ${error instanceof Error ? error.stack : String(error)}\n`);
  sendJson(response, 500, {
    ok: false,
    error: 'internal_error',
    message: 'The sandbox itself failed. Its terminal says why.',
  });
}

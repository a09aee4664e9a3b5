import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_FILE_BYTES } from '../state/files.ts';
import type { SlackState } from '../state/slack-state.ts';
import { readBody } from '../wire/read-body.ts';
import { receiveUpload } from '../wire/receive-upload.ts';
import { send, sendText } from '../wire/send.ts';
import { fileOfBot } from './file-json.ts';
import type { WebApi } from './web-api.ts';

/** `POST /upload/v1/ID`: the content of a file that `files.getUploadURLExternal` announced, bare or as a form, of the announced length. */
export async function takeUpload(
  state: SlackState,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
): Promise<void> {
  const isForm = (request.headers['content-type'] ?? '').startsWith('multipart/form-data');
  const content = isForm ? (await receiveUpload(request)).file.content : await readBody(request, MAX_FILE_BYTES);
  const pending = state.files.findPending(id);
  if (!pending) return sendText(response, 404, 'upload_url_expired');
  if (content.length !== pending.length)
    return sendText(response, 400, `expected ${pending.length} bytes, got ${content.length}`);
  pending.content = content;
  sendText(response, 200, `OK - ${content.length}`);
}

/**
 * `GET /files-pri/TEAM-ID/[download/]NAME`: a file's content, for the bot token with `files:read`. Everybody else is led to the
 * sign-in page, with HTTP 200 and HTML in the end: an app that does not look takes that for the file, at Slack as here.
 * A failure can be planned for it under the name `file_download`.
 */
export async function sendPrivateFile(
  state: SlackState,
  api: WebApi,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
): Promise<void> {
  await api.withFailures('file_download', response, () => {
    const file = fileOfBot(state, id);
    const isAllowed =
      request.headers.authorization === `Bearer ${state.settings.botToken}` &&
      state.settings.scopes.includes('files:read');
    if (!isAllowed)
      return {
        args: { id },
        answer: 'sign_in',
        reply: () => sendText(response, 302, '', { location: `${state.url}/signin` }),
      };
    if (!file)
      return { args: { id }, answer: 'file_not_found', reply: () => sendText(response, 404, 'file_not_found') };
    return { args: { id }, answer: 'ok', reply: () => send(response, 200, file.mimetype, file.content) };
  });
}

export function sendSignInPage(response: ServerResponse): void {
  send(response, 200, 'text/html; charset=utf-8', '<!doctype html><title>Sign in</title><p>Sign in to see this.</p>');
}
